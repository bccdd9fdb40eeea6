import type { EntryView } from "$lib/bindings";

/** Changes to the one text of trusted IPs, by the spans that the parser gave for exactly this text. */

const LINE = "\n";

export function added(text: string, pasted: string): string {
  const addition = pasted.trim();
  if (addition === "") return text;
  return text.trim() === "" ? addition : `${text.trimEnd()}${LINE}${addition}`;
}

export function removed(text: string, entries: readonly EntryView[], entry: EntryView): string {
  return joined(entries.filter((other) => other !== entry).map((other) => sliceOf(text, other)));
}

export function replaced(text: string, entries: readonly EntryView[], entry: EntryView, by: string): string {
  return joined(entries.map((other) => (other === entry ? by : sliceOf(text, other))));
}

/** One entry as the parser reads it back: what follows `#` is the label. */
export function entryText(address: string, label: string | null): string {
  const name = (label ?? "").replace(/[,;|\s]+/gu, " ").trim();
  return name === "" ? address.trim() : `${address.trim()} # ${name}`;
}

function sliceOf(text: string, entry: EntryView): string {
  return text.slice(entry.start, entry.end).trim();
}

/** A line each, because a label runs up to the end of its line. */
function joined(pieces: readonly string[]): string {
  return pieces.filter((piece) => piece !== "").join(LINE);
}
