import { describe, expect, test } from "vitest";
import { abilities, permissionArcs, presetOf, presets, switched } from "../src/token/permissions";

describe("permissions", () => {
  test("WRITE brings READ of its group along and says which", () => {
    expect(switched([], "BOTS_WRITE", true)).toEqual({
      permissions: ["BOTS_READ", "BOTS_WRITE"],
      implied: "BOTS_READ",
    });
  });

  test("WRITE says nothing where READ was on already", () => {
    expect(switched(["BOTS_READ"], "BOTS_WRITE", true).implied).toBeNull();
  });

  test("the READ that came along can be taken away again, and WRITE stays", () => {
    const { permissions } = switched([], "ACCOUNTS_WRITE", true);
    expect(switched(permissions, "ACCOUNTS_READ", false).permissions).toEqual(["ACCOUNTS_WRITE"]);
  });

  test("READ never brings WRITE along", () => {
    expect(switched([], "SMART_TRADES_READ", true)).toEqual({
      permissions: ["SMART_TRADES_READ"],
      implied: null,
    });
  });

  test.each([
    ["statistics", "r0r0r0"],
    ["bots", "rwr000"],
    ["everything", "rwrwrw"],
  ] as const)("the preset %s is recognised by what it switches", (preset, arcs) => {
    expect(permissionArcs(presets[preset].permissions)).toBe(arcs);
    expect(presetOf([...presets[preset].permissions].reverse())).toBe(preset);
  });

  test("a set of one's own is no preset", () => {
    expect(presetOf(["BOTS_READ", "SMART_TRADES_WRITE"])).toBeNull();
  });

  test("the risk names the worst of each group only", () => {
    expect(abilities(["BOTS_READ", "BOTS_WRITE", "ACCOUNTS_READ"])).toEqual([
      "run your bots and sell what they hold",
      "see your balances",
    ]);
  });
});
