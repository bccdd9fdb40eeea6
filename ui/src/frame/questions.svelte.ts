import { createContext } from "svelte";
import type { Loss, TokenView, Unfinished } from "$lib/bindings";

/** What the person is asked for, where secrets are kept in a file or are to be. */
export type Passphrase = "begin" | "change" | "choose" | "open";

/** A dialog that stands over whatever screen there is, and what it is about. */
export type Question =
  | { kind: "passphrase"; wanted: Passphrase; then: (() => void) | null }
  | { kind: "loss"; loss: Loss }
  | { kind: "interruption"; unfinished: readonly Unfinished[] }
  | { kind: "renewal"; token: TokenView; from: HTMLElement };
export type Kind = Question["kind"];

/** What makes way for what, the most pressing first. The code of a renewal stays as it was typed under a passphrase. */
const makesWayFor: Record<Kind, readonly Kind[]> = {
  passphrase: [],
  loss: ["passphrase"],
  interruption: ["passphrase", "loss"],
  renewal: ["loss", "interruption"],
};

/** Everything that is asked, of each kind one. What makes way is still asked, and knows what was answered so far. */
export class Questions {
  asked = $state.raw<readonly Question[]>([]);

  ask(question: Question): void {
    this.asked = [...this.asked.filter(({ kind }) => kind !== question.kind), question];
  }

  settle(kind: Kind): void {
    this.asked = this.asked.filter((question) => question.kind !== kind);
  }

  of<K extends Kind>(kind: K): Extract<Question, { kind: K }> | null {
    const found = this.asked.find((question) => question.kind === kind);
    return found ? (found as Extract<Question, { kind: K }>) : null;
  }

  isShown(kind: Kind): boolean {
    return this.of(kind) !== null && makesWayFor[kind].every((other) => this.of(other) === null);
  }
}

export const [useQuestions, provideQuestions] = createContext<Questions>();
