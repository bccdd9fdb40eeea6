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

  reload(): Promise<void> {
    return this.#alerts.attempt(async () => {
      this.list = await commands.listTokens();
    });
  }
}

export const [useTokens, provideTokens] = createContext<Tokens>();
