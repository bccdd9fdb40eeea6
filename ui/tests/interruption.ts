import type { Settled, Unfinished } from "$lib/bindings";
import Create from "../src/create/Create.svelte";
import { backend, draft, token } from "./backend";
import { complete } from "./form";
import { renderPart } from "./part";

export const at = "2026-11-24T03:00:00Z";
export const unfinished = (stage: Unfinished["stage"], rest: Partial<Unfinished> = {}): Unfinished => ({
  id: draft().id,
  name: "Home bot",
  tokenType: "selfGenerated",
  stage,
  startedAt: at,
  ...rest,
});
export const done = (step: string) => ({
  step,
  state: "done",
  at,
  millis: 80,
  detail: { address: "203.0.113.7" },
});
export const made = {
  outcome: "made",
  created: { token: token(), proofs: [done("kept"), done("made")], notKept: null, form: null },
};
export const gone: Settled = {
  outcome: "secretGone",
  token: token({ tokenType: "systemGenerated" }),
};

/** What stands before the form after the app was stopped in the middle. */
export function start(
  stage: Unfinished["stage"],
  finish: () => unknown,
  answers: Parameters<typeof backend>[0] = {},
  about: Partial<Unfinished> = {},
) {
  const spy = backend({
    ...complete,
    finish_creations: finish,
    prove_token: () => [done("answered"), done("turnedAway")],
    ...answers,
  });
  renderPart(Create, {}, ({ creation, questions }) => {
    creation.restore(stage === "made" ? null : draft());
    questions.ask({ kind: "interruption", unfinished: [unfinished(stage, about)] });
  });
  return spy;
}
