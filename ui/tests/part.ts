import { render } from "@testing-library/svelte";
import type { Component } from "svelte";
import type { Detection } from "../src/addresses/detection.svelte";
import type { Creation } from "../src/create/creation.svelte";
import type { provideFrame } from "../src/frame/provide";
import Provided from "./Provided.svelte";

export type Surroundings = ReturnType<typeof provideFrame> & { creation: Creation; detection: Detection };

/** Renders one part instead of the whole app. `begin` does what happened before somebody came to see it. */
export function renderPart<Props extends Record<string, unknown>>(
  part: Component<Props> | null,
  given: Props,
  begin: (around: Surroundings) => void = () => undefined,
): void {
  render(Provided, { part: part as Component<Record<string, unknown>> | null, given, begin });
}
