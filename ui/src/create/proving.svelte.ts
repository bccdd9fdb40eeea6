import { asAppError } from "$lib/app-error";
import { commands, type AppError, type Created, type Proof, type TokenView } from "$lib/bindings";

export type Step = Proof["step"];
export type Shown = { step: Step; proof: Proof | null };

const steps: readonly Step[] = ["kept", "made", "answered", "turnedAway"];

/** The four facts about a new token, the last two found out by trying. */
export class Proving {
  readonly token: TokenView;
  proofs = $state.raw<readonly Proof[]>([]);
  notKept = $state.raw<AppError | null>(null);
  /** The tests themselves could not be made. */
  error = $state.raw<AppError | null>(null);
  trying = $state(false);
  keeping = $state(false);

  constructor(created: Created) {
    this.token = created.token;
    this.proofs = created.proofs;
    this.notKept = created.notKept;
  }

  get shown(): Shown[] {
    return steps.map((step) => ({ step, proof: this.proofs.find((proof) => proof.step === step) ?? null }));
  }

  get works(): boolean {
    return (
      this.shown.every(({ proof }) => proof !== null && proof.state !== "failed") && this.notKept === null
    );
  }

  get failed(): boolean {
    return (
      this.error !== null || this.proofs.some(({ state, step }) => state === "failed" && step !== "kept")
    );
  }

  /** A token whose secret is not safe yet is not tried: first things first. */
  async prove(): Promise<void> {
    if (this.trying || this.notKept) return;
    this.trying = true;
    this.error = null;
    this.proofs = this.proofs.filter(({ step }) => step === "kept" || step === "made");
    try {
      this.#take(await commands.proveToken(this.token.id));
    } catch (thrown) {
      this.error = asAppError(thrown);
    } finally {
      this.trying = false;
    }
  }

  async keepAgain(): Promise<void> {
    if (this.keeping) return;
    this.keeping = true;
    try {
      const proof = await commands.keepSecretAgain(this.token.id);
      this.#take([proof]);
      if (proof.state === "done") {
        this.notKept = null;
        void this.prove();
      }
    } catch (thrown) {
      this.notKept = asAppError(thrown);
    } finally {
      this.keeping = false;
    }
  }

  #take(fresh: readonly Proof[]): void {
    const others = this.proofs.filter(({ step }) => !fresh.some((proof) => proof.step === step));
    this.proofs = [...others, ...fresh];
  }
}
