import type { EntryView } from "$lib/bindings";
import { m } from "$lib/paraglide/messages";
import { explanationOf, type Explanation } from "$lib/reasons";

/** Every reason of an entry, in words. */
export function explanations(entry: EntryView): Explanation[] {
  const params = {
    entry: entry.text,
    output: entry.output ?? "",
    count: entry.addressCount ?? "",
    first: entry.first ?? "",
    last: entry.last ?? "",
  };
  return entry.reasons.map((reason) => explanationOf(reason, params));
}

/** The few words on the chip. */
export function chipWords(entry: EntryView): string | null {
  const [first] = explanations(entry);
  if (entry.verdict === "reject") return first?.word ?? m.ips_not_possible();
  if (entry.output !== null && entry.isNetwork && entry.addressCount)
    return m.ips_addresses({ count: entry.addressCount });
  return first?.word ?? null;
}

/** What the tooltip says: the range first, then what to do about it. */
export function tipParagraphs(entry: EntryView): { title: string; text: string }[] {
  const range =
    entry.isNetwork && entry.first && entry.last
      ? m.ips_range({ first: entry.first, last: entry.last })
      : null;
  const said = explanations(entry).map(({ title, text }) =>
    title === range ? { title: "", text } : { title, text },
  );
  const head = range
    ? [{ title: range, text: entry.addressCount ? m.ips_addresses({ count: entry.addressCount }) : "" }]
    : [];
  const madeUp = entry.madeUp ? [{ title: m.made_up(), text: "" }] : [];
  return [...head, ...said, ...madeUp];
}

/** What a reader hears about the verdict, once, in a sentence. */
export function verdictWords(entry: EntryView): string {
  const word = { accept: m.ips_word_accept, warn: m.ips_word_warn, reject: m.ips_word_reject }[
    entry.verdict
  ]();
  const words = chipWords(entry);
  return words && words.toLowerCase() !== word.replace(".", "").toLowerCase() ? `${word} ${words}.` : word;
}
