import { expect, test } from "vitest";
import { chipWords, tipParagraphs, verdictWords } from "../src/create/trusted-ips/explain";
import { entry } from "./backend";

const wide = { isNetwork: true, addressCount: "65,536", first: "8.8.0.0", last: "8.8.255.255" } as const;

test("a wide network says how many addresses that are, and which", () => {
  const kept = entry("8.8.0.0/16", 0, { ...wide, verdict: "warn", reasons: ["wide-network"] });
  expect(chipWords(kept)).toBe("65,536 addresses");
  expect(tipParagraphs(kept)[0]).toEqual({ title: "8.8.0.0 to 8.8.255.255", text: "65,536 addresses" });
});

test("the same network once more is only called listed twice", () => {
  const dropped = entry("8.8.0.0/16", 1, { verdict: "warn", output: null, reasons: ["duplicate"] });
  expect(chipWords(dropped)).toBe("listed twice");
  expect(tipParagraphs(dropped).map(({ title }) => title)).toEqual(["This is already on the list."]);
  expect(verdictWords(dropped)).toContain("listed twice.");
});
