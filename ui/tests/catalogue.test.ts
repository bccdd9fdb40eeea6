import { describe, expect, test } from "vitest";
import en from "../messages/en.json";
import { errorCodes, reasonCodes } from "$lib/bindings";
import { errorMessage } from "$lib/errors";
import { explanationOf } from "$lib/reasons";

const catalogue = Object.keys(en);
const snake = (code: string) => code.replaceAll("-", "_");

function keysWith(prefix: string): string[] {
  return catalogue.filter((key) => key.startsWith(prefix)).sort();
}

describe("the catalogue", () => {
  test("has a title and a text for every error code, and for no other", () => {
    const wanted = errorCodes.flatMap((code) => [`error_${snake(code)}_text`, `error_${snake(code)}_title`]);
    expect(keysWith("error_")).toEqual(wanted.sort());
  });

  test("has a word, a title and a text for every reason code, and for no other", () => {
    const wanted = reasonCodes.flatMap((code) =>
      ["text", "title", "word"].map((part) => `reason_${snake(code)}_${part}`),
    );
    expect(keysWith("reason_")).toEqual(wanted.sort());
  });

  test.each(errorCodes)("says what happened and what to do for %s", (code) => {
    const { title, text } = errorMessage(code, {
      detail: "Name is too short.",
      path: "/home/me/desk",
      problem: "symbolic-link",
    });
    expect(title).toMatch(/\.$/u);
    expect(text.length).toBeGreaterThan(20);
    expect(`${title} ${text}`).not.toMatch(/[{}]|undefined|null/u);
  });

  test.each(reasonCodes)("explains %s without jargon", (code) => {
    const said = explanationOf(code, {
      entry: "192.0.2.1",
      output: "192.0.2.0/24",
      count: "256",
      first: "192.0.2.0",
      last: "192.0.2.255",
    });
    expect(said.word).not.toBe("");
    expect(`${said.title} ${said.text}`).not.toMatch(/[{}]|undefined|CIDR|RFC|whitelist|invalid/u);
  });
});
