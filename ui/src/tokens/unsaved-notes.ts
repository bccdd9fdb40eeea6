import { createContext } from "svelte";

/** What is typed into notes and not saved, by token: a look at another token or screen does not lose it. */
export type UnsavedNotes = Map<string, string>;

export const [useUnsavedNotes, provideUnsavedNotes] = createContext<UnsavedNotes>();
