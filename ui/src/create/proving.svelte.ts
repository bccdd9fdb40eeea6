import { asAppError } from "$lib/app-error";
import { commands, type AppError, type Created, type Proof, type TokenView } from "$lib/bindings";
import { Task } from "$lib/task.svelte";

export type Step = Proof["step"];
export type Shown = { step: Step; proof: Proof | null };

const steps: readonly Step[] = ["kept", "made", "answered", "turnedAway"];

/** The four facts about a new token, the last two found out by trying. */
export class Proving {
  readonly token: TokenView;
  proofs = $state.raw<readonly Proof[]>([]);
  notKept = $state.raw<AppError | null>(null);
  readonly keeping = new Task((thrown) => (this.notKept = asAppError(thrown)));
  /** Its error: the tests themselves could not be made. */
  readonly trying = new Task();

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
      this.trying.error !== null ||
      this.proofs.some(({ state, step }) => state === "failed" && step !== "kept")
    );
  }

  /** A token whose secret is not safe yet is not tried: first things first. */
  async prove(): Promise<void> {
    if (this.notKept) return;
    await this.trying.run(async () => {
      this.proofs = this.proofs.filter(({ step }) => step === "kept" || step === "made");
      this.#take(await commands.proveToken(this.token.id));
    });
  }

  keepAgain(): Promise<void> {
    return this.keeping.run(async () => {
      const proof = await commands.keepSecretAgain(this.token.id);
      this.#take([proof]);
      if (proof.state !== "done") return;
      this.notKept = null;
      void this.prove();
    });
  }

  #take(fresh: readonly Proof[]): void {
    const others = this.proofs.filter(({ step }) => !fresh.some((proof) => proof.step === step));
    this.proofs = [...others, ...fresh];
  }
}
