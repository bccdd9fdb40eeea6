import { screen, waitFor } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import { sourcesProblems, type AddressSource } from "$lib/bindings";
import Settings from "../src/settings/Settings.svelte";
import { sourceProblems } from "../src/settings/source-words";
import { backend } from "./backend";
import { user } from "./form";
import { renderPart } from "./part";

const one: AddressSource = { operator: "One", url: "https://one.example/", family: "v4" };
const two: AddressSource = { operator: "Two", url: "https://two.example/", family: "v4" };

function settings(rest: Parameters<typeof backend>[0] = {}) {
  let kept = [one, two];
  return backend({
    safe: () => ({ place: "keyring", isOpen: true, copiesInKeyring: false }),
    address_sources: () => ({ sources: kept, usual: true, lonely: [] }),
    keep_address_sources: ({ sources }) => {
      kept = sources as AddressSource[];
      return {
        sources: { sources: kept, usual: false, lonely: kept.length < 2 ? ["v4"] : [] },
        problem: null,
      };
    },
    usual_address_sources: () => {
      kept = [one, two];
      return { sources: kept, usual: true, lonely: [] };
    },
    ...rest,
  });
}

async function open() {
  renderPart(Settings, {});
  await waitFor(() => expect(screen.getAllByTestId("source")).toHaveLength(2));
}

describe("who tells the address", () => {
  test("a service can be added, and is asked from then on", async () => {
    const { calls } = settings();
    await open();
    await user.click(screen.getByTestId("source-add"));
    await user.type(screen.getByTestId("source-operator"), "Three");
    await user.type(screen.getByTestId("source-url"), "https://three.example/");
    await user.click(screen.getByTestId("source-family-v6"));
    await user.click(screen.getByTestId("source-keep"));
    await waitFor(() => expect(screen.getAllByTestId("source")).toHaveLength(3));
    expect(calls.findLast(({ command }) => command === "keep_address_sources")?.args).toEqual({
      sources: [one, two, { operator: "Three", url: "https://three.example/", family: "v6" }],
    });
    expect(screen.getByTestId("sources-said").textContent).toContain("Three is asked from now on");
  });

  test("without two that do not belong together it says what cannot be confirmed, and the usual ones come back", async () => {
    settings();
    await open();
    await user.click(screen.getAllByTestId("source-remove")[0] as HTMLElement);
    await waitFor(() => expect(screen.getByTestId("sources-said").textContent).toContain("Fewer than two"));
    await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("source-remove")));
    await user.click(screen.getByTestId("sources-usual"));
    await waitFor(() => expect(screen.getAllByTestId("source")).toHaveLength(2));
    expect(screen.queryByTestId("sources-usual")).toBeNull();
  });

  test("what is wrong is said beside the field, and what was typed stays", async () => {
    settings({ keep_address_sources: () => ({ sources: null, problem: "source-not-https" }) });
    await open();
    await user.click(screen.getByTestId("source-add"));
    await user.type(screen.getByTestId("source-operator"), "Three");
    await user.type(screen.getByTestId("source-url"), "http://three.example/");
    await user.click(screen.getByTestId("source-keep"));
    await waitFor(() => expect(screen.getByTestId("source-problem").textContent).toContain("https://"));
    expect(screen.getByTestId<HTMLInputElement>("source-url").value).toBe("http://three.example/");
    expect(screen.getAllByTestId("source")).toHaveLength(2);
  });

  test("every problem has words", () => {
    expect(Object.keys(sourceProblems).sort()).toEqual([...sourcesProblems].sort());
  });
});
