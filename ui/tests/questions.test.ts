import { expect, test } from "vitest";
import { Questions, type Kind, type Question } from "../src/frame/questions.svelte";
import { token } from "./backend";

const passphrase: Question = { kind: "passphrase", wanted: "open", then: null };
const loss: Question = { kind: "loss", loss: { setAside: null } };
const interruption: Question = { kind: "interruption", unfinished: [] };
const renewal: Question = { kind: "renewal", token: token(), from: document.body };

test.each<[string, Question[], Kind[]]>([
  ["a passphrase comes before what needs it", [loss, interruption, passphrase], ["passphrase"]],
  ["a lost list comes before a creation that was on it", [interruption, loss], ["loss"]],
  ["a renewal keeps its code under a passphrase", [renewal, passphrase], ["renewal", "passphrase"]],
  ["a renewal waits for what was interrupted", [renewal, interruption], ["interruption"]],
])("%s", (_what, asked, shown) => {
  const questions = new Questions();
  asked.forEach((question) => questions.ask(question));
  expect(questions.asked.map(({ kind }) => kind).filter((kind) => questions.isShown(kind))).toEqual(shown);
});

test("what made way is asked when the more pressing is settled, and asking again replaces", () => {
  const questions = new Questions();
  for (const question of [interruption, passphrase, { ...passphrase }]) questions.ask(question);
  questions.settle("passphrase");
  expect(questions.isShown("interruption")).toBe(true);
  expect(questions.asked).toHaveLength(1);
});
