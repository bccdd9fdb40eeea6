import { asAppError } from "$lib/app-error";
import type { AppError } from "$lib/bindings";

type Failed = (thrown: unknown, again: () => void) => unknown;

/** Something that takes a while, one at a time: whether it is under way, and what went wrong the last time. */
export class Task {
  busy = $state(false);
  error = $state.raw<AppError | null>(null);
  readonly #failed: Failed | null;

  /** `failed` hears what went wrong, and how to try the same again, in place of `error`. */
  constructor(failed: Failed | null = null) {
    this.#failed = failed;
  }

  async run(work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.error = null;
    try {
      await work();
    } catch (thrown) {
      if (this.#failed) await this.#failed(thrown, () => void this.run(work));
      else this.error = asAppError(thrown);
    } finally {
      this.busy = false;
    }
  }
}
