import { createContext } from "svelte";
import { commands, type ErrorCode } from "$lib/bindings";
import type { Alerts } from "./alerts.svelte";

/** The errors that end when practice is started over: what it stored cannot be opened. */
export const startsOver: readonly ErrorCode[] = ["practice-damaged", "practice-key-lost"];

/** The practice service, which runs inside the app. What goes wrong with it is an alert. */
export class Practice {
  readonly #alerts: Alerts;

  constructor(alerts: Alerts) {
    this.#alerts = alerts;
  }

  /** It may wait for the keyring, so nothing waits for it. */
  begin(): Promise<void> {
    return this.#alerts.attempt(async () => {
      await commands.beginPractice();
    });
  }

  async startOver(): Promise<void> {
    try {
      await commands.startPracticeOver();
      startsOver.forEach((code) => this.#alerts.settle(code));
      await this.begin();
    } catch (thrown) {
      this.#alerts.raise(thrown, null);
    }
  }
}

export const [usePractice, providePractice] = createContext<Practice>();
