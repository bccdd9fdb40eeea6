import { createContext } from "svelte";
import { commands, type TokenView } from "$lib/bindings";
import type { Alerts } from "./alerts.svelte";

/** The tokens that this app has made and still knows, newest first. */
export class Tokens {
  list = $state.raw<readonly TokenView[]>([]);
  readonly #alerts: Alerts;

  constructor(alerts: Alerts) {
    this.#alerts = alerts;
  }

  async reload(): Promise<void> {
    try {
      this.list = await commands.listTokens();
    } catch (thrown) {
      this.#alerts.raise(thrown, () => void this.reload());
    }
  }
}

export const [useTokens, provideTokens] = createContext<Tokens>();
