import { createContext } from "svelte";
import { commands, type ErrorCode, type Safe, type SafePlace } from "$lib/bindings";
import type { Alerts } from "./alerts.svelte";
import type { Practice } from "./practice";
import type { Passphrase, Questions } from "./questions.svelte";
import type { Tokens } from "./tokens.svelte";

/** What to ask for, for each error that the answer puts an end to. */
const helpFor: Partial<Record<ErrorCode, "choose" | "open">> = {
  "keyring-failed": "choose",
  "keyring-locked": "choose",
  "keyring-missing": "choose",
  "keyring-not-kept": "choose",
  "keyring-timeout": "choose",
  "secrets-file-closed": "open",
};

/** Not there or not open: what it keeps cannot be taken out of it. */
const outOfReach: readonly ErrorCode[] = [
  "keyring-failed",
  "keyring-locked",
  "keyring-missing",
  "keyring-timeout",
];

type Around = { alerts: Alerts; practice: Practice; questions: Questions; tokens: Tokens };

/** Where secrets are kept, and what asks about it. */
export class Safekeeping {
  safe = $state.raw<Safe | null>(null);
  readonly #around: Around;

  constructor(around: Around) {
    this.#around = around;
  }

  /** What to ask for after an error. A file is not offered where the move to it could only be refused. */
  helpFor(code: ErrorCode): "choose" | "open" | undefined {
    return outOfReach.includes(code) && this.#hasKeys ? undefined : helpFor[code];
  }

  /** Until it is known, the usual one. */
  get place(): SafePlace {
    return this.safe?.place ?? "keyring";
  }

  async look(): Promise<void> {
    this.safe = await commands.safe();
  }

  /** Asks; what could not be done for want of a place is done afterwards. */
  ask(wanted: Passphrase, then: (() => void) | null = null): void {
    this.#around.questions.ask({ kind: "passphrase", wanted, then });
  }

  /** Nobody knows the passphrase that is asked for: what could not be done is done with a new file. */
  forgotten(): void {
    this.ask("begin", this.#around.questions.of("passphrase")?.then);
  }

  leave(): void {
    this.#around.questions.settle("passphrase");
  }

  /** There is a place: what was raised for want of one is over, and practice can begin, if it has not. */
  answered(safe: Safe): void {
    const { alerts, practice, questions } = this.#around;
    const then = questions.of("passphrase")?.then;
    this.safe = safe;
    this.leave();
    then?.();
    for (const { error } of alerts.list) if (error.code in helpFor) alerts.settle(error.code);
    void practice.begin();
  }

  async moveToKeyring(): Promise<void> {
    this.safe = await commands.keepInKeyring();
  }

  /** There are tokens whose keys must be somewhere. */
  get #hasKeys(): boolean {
    const { questions, tokens } = this.#around;
    const unfinished = questions.of("interruption")?.unfinished ?? [];
    return (
      tokens.list.length > 0 ||
      questions.of("loss") !== null ||
      unfinished.some(({ stage }) => stage === "sent")
    );
  }
}

export const [useSafekeeping, provideSafekeeping] = createContext<Safekeeping>();
