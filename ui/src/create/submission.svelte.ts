import { asAppError } from "$lib/app-error";
import { commands, type AppError, type Created, type Draft, type Field } from "$lib/bindings";

type Outcome = {
  created: (created: Created) => void;
  /** A field of the form was refused: the dialog makes way for it. */
  refused: (error: AppError & { field: Field }) => void;
};

/** Sending the draft with a code: one at a time, and nothing is lost when it fails. */
export class Submission {
  busy = $state(false);
  error = $state.raw<AppError | null>(null);
  /** Seconds to go before another try may succeed. */
  wait = $state(0);
  #outcome: Outcome;

  constructor(outcome: Outcome) {
    this.#outcome = outcome;
  }

  get blocked(): boolean {
    return this.busy || (this.wait > 0 && this.error?.code === "otp-locked");
  }

  async send(draft: Draft, code: string): Promise<void> {
    if (this.blocked) return;
    this.busy = true;
    try {
      this.#outcome.created(await commands.createToken(draft, code));
    } catch (thrown) {
      this.#failed(asAppError(thrown));
    } finally {
      this.busy = false;
    }
  }

  /** A second has passed. */
  tick(): void {
    if (this.wait > 0) this.wait -= 1;
  }

  #failed(error: AppError): void {
    if (error.field !== null && error.field !== "code") {
      this.#outcome.refused({ ...error, field: error.field });
      return;
    }
    this.error = error;
    this.wait = Math.max(0, Math.ceil(error.retry ?? 0));
  }
}
