import { expect, test } from "vitest";
import { floors } from "../rooms";

const sources = import.meta.glob<string>(["../src/**/*.{ts,svelte}", "!../src/lib/paraglide/**"], {
  query: "?raw",
  import: "default",
  eager: true,
});

/** What each file imports of the others. Which room may import which is the lint's to say. */
const imports = new Map(
  Object.entries(sources).map(([file, text]) => {
    const paths = [...text.matchAll(/ from "([.$][^"]+)"/gu)].map(([, path = ""]) => resolved(file, path));
    return [file, paths.flatMap((path) => [path, `${path}.ts`].filter((found) => found in sources))];
  }),
);

function resolved(from: string, path: string): string {
  if (path.startsWith("$lib/")) return `../src/lib/${path.slice("$lib/".length)}`;
  return `../${new URL(path, new URL(from.slice("../".length), "file:///")).pathname.slice(1)}`;
}

/** The files of the first circle below this one, if there is one. */
function circle(file: string, way: readonly string[], done: Set<string>): readonly string[] | null {
  if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
  if (done.has(file)) return null;
  for (const next of imports.get(file) ?? []) {
    const found = circle(next, [...way, file], done);
    if (found) return found;
  }
  done.add(file);
  return null;
}

test("no file imports itself over others", () => {
  expect([...imports.values()].flat().length).toBeGreaterThan(300);
  const done = new Set<string>();
  for (const file of imports.keys()) expect(circle(file, [], done)).toBeNull();
});

test("every file is in a room", () => {
  const rooms = new Set(Object.keys(sources).map((file) => /^\.\.\/src\/([^/]+)\//u.exec(file)?.[1] ?? file));
  expect([...rooms].sort()).toEqual(["../src/main.ts", ...floors.flat()].sort());
});
