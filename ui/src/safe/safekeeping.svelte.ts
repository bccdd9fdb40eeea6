import { getContext, setContext } from "svelte";
import { commands, type ErrorCode, type Safe, type SafePlace } from "$lib/bindings";

/** What the person is asked for. */
export type Question = "begin" | "change" | "choose" | "open";

/** What to ask for, for each error that the answer puts an end to. */
export const helpFor: Partial<Record<ErrorCode, "choose" | "open">> = {
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

/** Where secrets are kept, and the one dialog that asks about it. */
export class Safekeeping {
  safe = $state.raw<Safe | null>(null);
  asking = $state<Question | null>(null);
  #then: (() => void) | null = null;
  readonly #hasKeys: () => boolean;

  /** `hasKeys` says whether there are tokens whose keys must be somewhere. */
  constructor(hasKeys: () => boolean) {
    this.#hasKeys = hasKeys;
  }

  /** What to ask for after an error. A file is not offered where the move to it could only be refused. */
  helpFor(code: ErrorCode): "choose" | "open" | undefined {
    return outOfReach.includes(code) && this.#hasKeys() ? undefined : helpFor[code];
  }

  /** Until it is known, the usual one. */
  get place(): SafePlace {
    return this.safe?.place ?? "keyring";
  }

  async look(): Promise<void> {
    this.safe = await commands.safe();
  }

  /** Asks; what could not be done for want of a place is done afterwards. */
  ask(question: Question, then: (() => void) | null = null): void {
    this.asking = question;
    this.#then = then;
  }

  /** Nobody knows the passphrase that is asked for: what could not be done is done with a new file. */
  forgotten(): void {
    this.asking = "begin";
  }

  leave(): void {
    this.asking = null;
    this.#then = null;
  }

  answered(safe: Safe): void {
    this.safe = safe;
    const then = this.#then;
    this.leave();
    then?.();
  }

  async moveToKeyring(): Promise<void> {
    this.safe = await commands.keepInKeyring();
  }
}

const key = Symbol("safekeeping");

export function provideSafekeeping(hasKeys: () => boolean): Safekeeping {
  return setContext(key, new Safekeeping(hasKeys));
}

export function useSafekeeping(): Safekeeping {
  return getContext<Safekeeping>(key);
}
