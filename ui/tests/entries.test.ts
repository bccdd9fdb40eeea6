import { describe, expect, test } from "vitest";
import { added, entryText, removed, replaced } from "../src/create/entries";
import { entry } from "./backend";

const text = "203.0.113.7 # Home\n192.168.1.5, 198.51.101.9";
const home = entry("203.0.113.7 # Home", 0, { text: "203.0.113.7", label: "Home" });
const room = entry("192.168.1.5", 19, { verdict: "reject", output: null });
const other = entry("198.51.101.9", 32);
const entries = [home, room, other];

describe("the one text of trusted IPs", () => {
  test("a chip is cut out by its span, label and all", () => {
    expect(removed(text, entries, home)).toBe("192.168.1.5\n198.51.101.9");
    expect(removed(text, entries, room)).toBe("203.0.113.7 # Home\n198.51.101.9");
  });

  test("removing the last chip leaves an empty field", () => {
    expect(removed("203.0.113.7", [entry("203.0.113.7", 0)], entry("x", 0))).toBe("203.0.113.7");
    const only = entry("203.0.113.7", 0);
    expect(removed("203.0.113.7", [only], only)).toBe("");
  });

  test("spans count UTF-16 units, so a label beyond the first plane moves nothing", () => {
    const emoji = "203.0.113.7 # 🏠 Home\n198.51.101.9";
    const first = entry("203.0.113.7 # 🏠 Home", 0);
    const second = entry("198.51.101.9", 22);
    expect(removed(emoji, [first, second], first)).toBe("198.51.101.9");
  });

  test("a fix takes the place of the entry", () => {
    expect(replaced(text, entries, room, "8.8.8.8")).toBe("203.0.113.7 # Home\n8.8.8.8\n198.51.101.9");
  });

  test("what is added begins on a line of its own, so that a label before it ends", () => {
    expect(added("203.0.113.7 # Home", "198.51.101.9, 198.51.101.10")).toBe(
      "203.0.113.7 # Home\n198.51.101.9, 198.51.101.10",
    );
    expect(added("", " 198.51.101.9 ")).toBe("198.51.101.9");
    expect(added("203.0.113.7", "  ")).toBe("203.0.113.7");
  });

  test("a label cannot end its own entry", () => {
    expect(entryText("203.0.113.7", "Home, upstairs\n1.1.1.1")).toBe("203.0.113.7 # Home upstairs 1.1.1.1");
    expect(entryText(" 203.0.113.7 ", null)).toBe("203.0.113.7");
  });
});
