import { getContext, setContext } from "svelte";
import type { ErrorCode } from "$lib/bindings";

/** The errors that end when practice is started over: what it stored cannot be opened. */
export const startsOver: readonly ErrorCode[] = ["practice-damaged", "practice-key-lost"];

const key = Symbol("start over");

/** It says itself what went wrong. */
export function provideStartOver(startOver: () => Promise<void>): void {
  setContext(key, startOver);
}

export function useStartOver(): () => Promise<void> {
  return getContext(key);
}
