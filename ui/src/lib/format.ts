import { m } from "$lib/paraglide/messages";
import { getLocale } from "$lib/paraglide/runtime";

/** "21:04:11", of an RFC 3339 moment. */
export function clock(at: string): string {
  return new Intl.DateTimeFormat(getLocale(), { timeStyle: "medium", hourCycle: "h23" }).format(new Date(at));
}

/** "24 Nov 2026, 21:04", of an RFC 3339 moment. */
export function dayAndTime(at: string): string {
  const form = { dateStyle: "medium", timeStyle: "short", hourCycle: "h23" } as const;
  return new Intl.DateTimeFormat(getLocale(), form).format(new Date(at));
}

/** "0.08 s" */
export function seconds(millis: number): string {
  return `${(millis / 1000).toFixed(millis < 9_995 ? 2 : 0)} s`;
}

/** "4:32", or "12 s" under a minute. */
export function countdown(left: number): string {
  if (left < 60) return `${left} s`;
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
}

/** "2 min. ago", "yesterday", "just now". */
export function ago(at: string, now: number): string {
  const elapsed = Math.max(0, (now - Date.parse(at)) / 1000);
  const relative = new Intl.RelativeTimeFormat(getLocale(), { numeric: "auto", style: "long" });
  if (elapsed < 60) return m.checked_now();
  if (elapsed < 3_600) return relative.format(-Math.floor(elapsed / 60), "minute");
  if (elapsed < 86_400) return relative.format(-Math.floor(elapsed / 3_600), "hour");
  return relative.format(-Math.floor(elapsed / 86_400), "day");
}

/** "a", "a and b", "a, b and c": `Intl.ListFormat` would put the American comma before "and". */
export function listed(words: string[]): string {
  const last = words.at(-1) ?? "";
  if (words.length < 2) return last;
  const head = words.slice(0, -1).reduce((first, second) => m.list_comma({ first, second }));
  return m.list_and({ first: head, second: last });
}
