import { createContext } from "svelte";
import type { Created, Draft } from "$lib/bindings";

/** The form, as far as it concerns others than its own screen. */
export type Form = {
  /** The id of its draft, which becomes the id of the token. */
  readonly id: string;
  /** Something is filled in. */
  readonly begun: boolean;
  /** Takes up the draft that was kept, unless the person was quicker. */
  restore(kept: Draft | null): void;
  /** Is filled in for a token that is made anew. */
  take(draft: Draft): void;
  /** A token was made of it earlier. */
  release(created: Created): void;
  /** Makes way for a token that was made earlier. */
  show(created: Created): void;
};

export const [useForm, provideForm] = createContext<Form>();
