import { screen } from "@testing-library/svelte";
import type { Draft, EntryView, LabelledAddress, ListEdit } from "$lib/bindings";
import { backend, check, detected, entry } from "./backend";

/** The form over this list; offline, where nothing else is said. */
export function checking(rest: Parameters<typeof backend>[0] = {}) {
  return backend({
    check_draft: ({ draft }) => check(parsed((draft as Draft).trustedIps)),
    edit_trusted_ips: ({ text, edit }) => edited(text as string, edit as ListEdit),
    detect_addresses: () =>
      detected({ added: [{ address: "203.0.113.7", family: "v4", status: "madeUp" }], trouble: "offline" }),
    ...rest,
  });
}

export const chips = () => screen.queryAllByTestId("chip");

/** Enough of Rust's parser to drive the form: pieces between line ends and commas, and `#` begins a label. */
export function parsed(text: string): EntryView[] {
  return pieces(text).map((piece, index) => {
    const [address = "", label] = piece.split("#").map((part) => part.trim());
    const base = entry(address, index, { label: label ?? null });
    if (address.startsWith("192.168.")) {
      return { ...base, verdict: "reject", reasons: ["private-address"], output: null };
    }
    if (address.endsWith("*")) {
      const suggestion = address.replace("*", "0/24");
      return { ...base, verdict: "reject", reasons: ["wildcard"], output: null, suggestion };
    }
    return base;
  });
}

/** The same of its editor. */
export function edited(text: string, edit: ListEdit): string {
  const lines = pieces(text);
  const fixed = (index: number) => {
    const { suggestion, label } = parsed(text)[index] ?? { suggestion: null, label: null };
    return suggestion === null ? lines[index] : line({ address: suggestion, label });
  };
  switch (edit.kind) {
    case "add":
      return [...lines, ...edit.addresses.map(line)].join("\n");
    case "remove":
      return lines.toSpliced(edit.index, 1).join("\n");
    case "replace":
      return lines.toSpliced(edit.index, 1, line(edit.by)).join("\n");
    case "fix":
      return lines.map((piece, index) => (index === edit.index ? fixed(index) : piece)).join("\n");
    case "fixAll":
      return lines.map((_, index) => fixed(index)).join("\n");
    case "removeRejected":
      return lines.filter((_, index) => parsed(text)[index]?.verdict !== "reject").join("\n");
    case "merge":
    case "tidy":
      return [...new Set(lines)].join("\n");
  }
}

function pieces(text: string): string[] {
  return text
    .split(/[,\n]/u)
    .map((piece) => piece.trim())
    .filter((piece) => piece !== "");
}

function line({ address, label }: LabelledAddress): string {
  return label ? `${address} # ${label}` : address;
}
