import {
  commands,
  type Destination,
  type EntryView,
  type LabelledAddress,
  type ListEdit,
} from "$lib/bindings";

export type ListChange = "added" | "changed" | "fixed" | "merged" | "removed" | "tidied";
/** What the list was before a change: its text and how many entries that were. */
export type Past = { text: string; count: number; change: ListChange };

type Form = {
  text: () => string;
  count: () => number;
  destination: () => Destination;
  /** The entries of exactly the text that stands there now. */
  settled: () => Promise<readonly EntryView[]>;
  /** Resolves when the new text has been looked at. */
  write: (text: string) => Promise<void>;
  failed: (thrown: unknown, again: () => void) => void;
};

const REMEMBERED = 50;

/** What a person does to the list of trusted IPs. Rust cuts the text; every change can be taken back. */
export class IpList {
  #form: Form;
  #past = $state.raw<readonly Past[]>([]);
  /** Whether the last thing that happened was that a change was taken back. */
  undone = $state(false);
  /** Chips that were acted on: a double click must not reach the next entry of the same text. */
  #acted = new WeakSet<EntryView>();
  /** One change at a time: the next one names its entry by what the last one left. */
  #changes: Promise<void> = Promise.resolve();

  constructor(form: Form) {
    this.#form = form;
  }

  get latest(): Past | null {
    return this.#past.at(-1) ?? null;
  }

  /** What was typed or pasted. It is on the list at once and waits for nothing, so that it cannot be lost. */
  add(pasted: string): void {
    const addition = pasted.trim();
    if (addition === "") return;
    const before = this.#form.text();
    const kept = before.trimEnd();
    void this.#written(before, kept === "" ? addition : `${kept}\n${addition}`, "added");
  }

  addLabelled(addresses: LabelledAddress[]): Promise<void> {
    return this.#do({ kind: "add", addresses }, "added");
  }

  remove(entry: EntryView): Promise<boolean> {
    return this.#doTo(entry, (index) => ({ kind: "remove", index }), "removed");
  }

  /** Whether it was found: else what was typed is still needed. */
  replace(entry: EntryView, by: LabelledAddress): Promise<boolean> {
    return this.#doTo(entry, (index) => ({ kind: "replace", index, by }), "changed");
  }

  fix(entry: EntryView): Promise<boolean> {
    return this.#doTo(entry, (index) => ({ kind: "fix", index }), "fixed");
  }

  fixAll(): Promise<void> {
    return this.#do({ kind: "fixAll" }, "fixed");
  }

  removeRejected(): Promise<void> {
    return this.#do({ kind: "removeRejected" }, "removed");
  }

  tidy(): Promise<void> {
    return this.#do({ kind: "tidy" }, "tidied");
  }

  merge(network: string): Promise<void> {
    return this.#do({ kind: "merge", network }, "merged");
  }

  undo(): Promise<void> {
    return this.#next(async () => {
      const last = this.#past.at(-1);
      if (!last) return;
      this.#past = this.#past.slice(0, -1);
      this.undone = true;
      await this.#form.write(last.text);
    });
  }

  /** The list belongs to another form now. */
  forget(): void {
    this.#past = [];
    this.undone = false;
  }

  #do(edit: ListEdit, change: ListChange): Promise<void> {
    return this.#next(() => this.#edit(edit, change));
  }

  /** The chip may have been drawn for an older text: then the entry is looked for in the one that is there now. */
  async #doTo(entry: EntryView, edit: (index: number) => ListEdit, change: ListChange): Promise<boolean> {
    if (this.#acted.has(entry)) return false;
    this.#acted.add(entry);
    const outcome = { done: false };
    await this.#next(async () => {
      const entries = await this.#form.settled();
      const same = (other: EntryView) => other.text === entry.text && other.label === entry.label;
      const found = entries.find((other) => other.index === entry.index && same(other)) ?? entries.find(same);
      if (!found) return;
      await this.#edit(edit(found.index), change);
      outcome.done = true;
    });
    if (!outcome.done) this.#acted.delete(entry);
    return outcome.done;
  }

  /** What was added while Rust was cutting stands after all else: the same change is made once more, with it. */
  async #edit(edit: ListEdit, change: ListChange): Promise<void> {
    for (;;) {
      const before = this.#form.text();
      const after = await commands.editTrustedIps(before, this.#form.destination(), edit);
      if (before !== this.#form.text()) continue;
      if (after !== before) await this.#written(before, after, change);
      return;
    }
  }

  #written(before: string, after: string, change: ListChange): Promise<void> {
    const past: Past = { text: before, count: this.#form.count(), change };
    this.#past = [...this.#past, past].slice(-REMEMBERED);
    this.undone = false;
    return this.#form.write(after);
  }

  #next(change: () => Promise<void>): Promise<void> {
    const done = this.#changes.then(change);
    this.#changes = done.catch((thrown: unknown) => this.#form.failed(thrown, () => void this.#next(change)));
    return this.#changes;
  }
}
