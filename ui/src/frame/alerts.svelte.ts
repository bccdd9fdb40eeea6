import { createContext } from "svelte";
import { asAppError } from "$lib/app-error";
import type { AppError } from "$lib/bindings";
import { Task } from "$lib/task.svelte";

export type Alert = { number: number; error: AppError; again: (() => void) | null };

/** What concerns no single field: the one region that screen readers announce. */
export class Alerts {
  list = $state<Alert[]>([]);
  #number = 0;

  /** The same trouble again replaces its earlier notice. */
  raise(thrown: unknown, again: (() => void) | null): void {
    const error = asAppError(thrown);
    const others = this.list.filter((alert) => alert.error.code !== error.code);
    this.list = [...others, { number: ++this.#number, error, again }];
  }

  /** Whatever of it fails is an alert, with another try. */
  async attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      this.raise(thrown, () => void this.attempt(work));
    }
  }

  /** The same for something that takes a while. */
  task(): Task {
    return new Task((thrown, again) => this.raise(thrown, again));
  }

  settle(code: AppError["code"]): void {
    this.list = this.list.filter((alert) => alert.error.code !== code);
  }

  /** Does what failed once more, unless that is settled. */
  retry(number: number): void {
    const alert = this.list.find((alert) => alert.number === number);
    this.dismiss(number);
    alert?.again?.();
  }

  dismiss(number: number): void {
    this.list = this.list.filter((alert) => alert.number !== number);
  }
}

export const [useAlerts, provideAlerts] = createContext<Alerts>();
