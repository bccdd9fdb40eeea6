import { createContext } from "svelte";
import type { Attachment } from "svelte/attachments";
import type { Screen } from "./places.svelte";

/** Where the keyboard goes on after a dialog that nobody opened: in the form, or at the link to a screen. */
export type Landing = "form" | Screen;

/** Parts say here that they are such a place, so that nobody has to search the page for them. */
export class Landings {
  readonly #parts = new Map<Landing, HTMLElement>();

  at(landing: Landing): Attachment<HTMLElement> {
    return (part) => {
      this.#parts.set(landing, part);
      return () => this.#parts.delete(landing);
    };
  }

  of(landing: Landing): HTMLElement | null {
    return this.#parts.get(landing) ?? null;
  }
}

export const [useLandings, provideLandings] = createContext<Landings>();
