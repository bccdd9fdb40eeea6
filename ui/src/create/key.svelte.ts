import { asAppError } from "$lib/app-error";
import { commands, type AppError, type KeyReady } from "$lib/bindings";

export type KeyState =
  | { is: "none" }
  | { is: "making"; since: number }
  | { is: "ready"; ready: KeyReady }
  | { is: "failed"; error: AppError };

/** The key pair of the draft: made as soon as it will be needed, thrown away when it is not. */
export class KeyPreparation {
  state = $state.raw<KeyState>({ is: "none" });
  #changed: () => void;
  #attempt = 0;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  async prepare(): Promise<void> {
    if (this.state.is === "making" || this.state.is === "ready") return;
    const attempt = ++this.#attempt;
    this.state = { is: "making", since: Date.now() };
    try {
      const ready = await commands.prepareKey();
      if (attempt === this.#attempt) this.state = { is: "ready", ready };
    } catch (thrown) {
      if (attempt === this.#attempt) this.state = { is: "failed", error: asAppError(thrown) };
    }
    if (attempt === this.#attempt) this.#changed();
  }

  async discard(): Promise<void> {
    if (this.state.is === "none") return;
    this.forget();
    await commands.discardKey();
  }

  /** The pair went into a token: there is nothing left to throw away. */
  forget(): void {
    this.#attempt += 1;
    this.state = { is: "none" };
  }
}
