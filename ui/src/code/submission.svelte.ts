import { asAppError } from "$lib/app-error";
import type { AppError, Field } from "$lib/bindings";
import { Task } from "$lib/task.svelte";

type Steps<T> = {
  send: (code: string) => Promise<T>;
  done: (answer: T) => void;
  /** A field of the form was refused: the dialog makes way for it. */
  refused: (error: AppError & { field: Field }) => void;
};

/** Sending something with a code: one at a time, and nothing is lost when it fails. */
export class Submission<T> {
  error = $state.raw<AppError | null>(null);
  /** Seconds to go before another try may succeed. */
  wait = $state(0);
  readonly #steps: Steps<T>;
  readonly #task = new Task((thrown) => this.#failed(asAppError(thrown)));

  constructor(steps: Steps<T>) {
    this.#steps = steps;
  }

  get busy(): boolean {
    return this.#task.busy;
  }

  get blocked(): boolean {
    return this.busy || (this.wait > 0 && this.error?.code === "otp-locked");
  }

  async send(code: string): Promise<void> {
    if (this.blocked) return;
    await this.#task.run(async () => this.#steps.done(await this.#steps.send(code)));
  }

  /** A second has passed. */
  tick(): void {
    if (this.wait > 0) this.wait -= 1;
  }

  #failed(error: AppError): void {
    if (error.field !== null && error.field !== "code") {
      this.#steps.refused({ ...error, field: error.field });
      return;
    }
    this.error = error;
    this.wait = Math.max(0, Math.ceil(error.retry ?? 0));
  }
}
