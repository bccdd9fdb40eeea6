import { createContext } from "svelte";
import { commands, type Destination, type Detected } from "$lib/bindings";

/** Asking the world which address this computer has: only on a click, and the newest click wins. */
export class Detection {
  asking = $state(false);
  detected = $state.raw<Detected | null>(null);
  /** What became of the last question: it outlives a look at another screen. */
  outcome = $state<"added" | "nothing-new" | "nothing" | null>(null);
  #attempt = 0;

  /** The answer, or null if it was stopped. A failed command throws. */
  async ask(destination: Destination): Promise<Detected | null> {
    const attempt = ++this.#attempt;
    this.asking = true;
    this.outcome = null;
    try {
      const detected = await commands.detectAddresses(destination);
      if (attempt !== this.#attempt || !detected) return null;
      this.detected = detected;
      return detected;
    } finally {
      if (attempt === this.#attempt) this.asking = false;
    }
  }

  /** Rust closes the connections, so that nobody is asked any longer. */
  async stop(): Promise<void> {
    if (!this.asking) return;
    this.#attempt += 1;
    this.asking = false;
    await commands.stopDetecting();
  }
}

export const [useDetection, provideDetection] = createContext<Detection>();
