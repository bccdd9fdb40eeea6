import { asAppError } from "$lib/app-error";
import {
  commands,
  type AppError,
  type CheckView,
  type Created,
  type Settled,
  type Unfinished,
} from "$lib/bindings";
import { Task } from "$lib/task.svelte";

/** What the app was doing when it was stopped, and what became of it once somebody asks. */
export class Interruption {
  readonly unfinished: readonly Unfinished[];
  settled = $state.raw<readonly Settled[] | null>(null);
  /** What was lost and is here again, by the token's id. */
  restored = $state.raw<Readonly<Record<string, CheckView>>>({});
  /** Whether it is to be given up is asked. */
  givingUp = $state(false);
  error = $state.raw<AppError | null>(null);
  readonly #task = new Task((thrown) => (this.error = asAppError(thrown)));

  constructor(unfinished: readonly Unfinished[]) {
    this.unfinished = unfinished;
  }

  get busy(): boolean {
    return this.#task.busy;
  }

  get names(): string[] {
    return this.unfinished.map(({ name }) => name);
  }

  /** Giving up costs something only where it is not known what became of a request. */
  get mayBeThere(): boolean {
    return this.unfinished.some(({ stage }) => stage === "sent");
  }

  finish(): Promise<void> {
    return this.#task.run(async () => {
      this.error = null;
      const settled = await commands.finishCreations();
      this.settled = settled;
      for (const id of settled.flatMap(toldHere)) {
        // Should this fail, it is told once more.
        commands.creationSeen(id).catch(() => undefined);
      }
    });
  }

  /** Forgets about it here. What there is at the service lives on; its key cannot be had again. */
  giveUp(then: () => void): Promise<void> {
    return this.#task.run(async () => {
      await commands.giveUpCreations();
      then();
    });
  }

  /** The person had the secret in a file. */
  restore(id: string, check: CheckView): void {
    this.restored = { ...this.restored, [id]: check };
  }

  /** The one token that was made, if there is nothing else to tell. */
  get onlyMade(): Created | null {
    const [first, ...others] = this.settled ?? [];
    return first?.outcome === "made" && others.length === 0 ? first.created : null;
  }

  nameOf(id: string): string {
    return this.unfinished.find((unfinished) => unfinished.id === id)?.name ?? "";
  }
}

/** What is told by the dialog alone. A token that was made is told by its own screen. */
function toldHere(settled: Settled): string[] {
  switch (settled.outcome) {
    case "made":
      return [];
    case "notMade":
      return [settled.id];
    case "secretGone":
      return [settled.token.id];
  }
}
