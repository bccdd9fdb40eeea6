import { expect, test } from "vitest";
import { drawnMarks, permissionArcPaths, rosette, weave } from "../src/components/seal";

const one = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff";
const other = "0b1e7c52-3a64-4b0e-9c1f-2f4d8c6a7e10";

test("the same id always weaves the same seal", () => {
  expect(weave(one)).toEqual(weave(one));
  expect(rosette(one)).toEqual(rosette(one));
});

test("two ids weave two seals", () => {
  expect(weave(one)).not.toEqual(weave(other));
});

test("there are six arcs, one a permission", () => {
  expect(permissionArcPaths(false)).toHaveLength(6);
});

test("addresses are dots and networks bars, and no more than can be told apart", () => {
  expect(drawnMarks(["address", "network"]).map(({ kind }) => kind)).toEqual(["address", "network"]);
  expect(drawnMarks(Array.from({ length: 300 }, () => "address" as const))).toHaveLength(24);
});
