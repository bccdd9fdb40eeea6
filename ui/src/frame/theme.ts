/** Follows the system: styles do so by themselves, this tells it to `<html data-theme>`. */
export function followSystemTheme(root: HTMLElement): void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => (root.dataset["theme"] = dark.matches ? "dark" : "light");
  apply();
  dark.addEventListener("change", apply);
}
