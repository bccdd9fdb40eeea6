import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, test } from "vitest";
import type { Draft, EntryView } from "$lib/bindings";
import App from "../src/app/App.svelte";
import { backend, check, entry } from "./backend";

const user = userEvent.setup();

/** Enough of a parser to give spans: pieces between line ends and commas, `#` begins a label. */
function spans(text: string): EntryView[] {
  return [...text.matchAll(/[^,\n]+/gu)].map((piece) => {
    const [address = "", label] = piece[0].split("#").map((part) => part.trim());
    const lead = piece[0].length - piece[0].trimStart().length;
    const base = entry(piece[0].trim(), piece.index + lead, {
      text: address,
      output: address,
      label: label ?? null,
    });
    if (address.startsWith("192.168.")) {
      return { ...base, verdict: "reject", reasons: ["private-address"], output: null };
    }
    if (address.endsWith("*")) {
      const suggestion = address.replace("*", "0/24");
      return { ...base, verdict: "reject", reasons: ["wildcard"], output: null, suggestion };
    }
    return base;
  });
}

function checking() {
  return backend({
    check_draft: ({ draft }) => check(spans((draft as Draft).trustedIps)),
    detect_addresses: () => ({
      added: [{ address: "203.0.113.7", family: "v4", status: "madeUp" }],
      offered: [],
      answers: [],
      offline: true,
    }),
  });
}

const chips = () => screen.queryAllByTestId("chip");
const input = () => screen.getByTestId<HTMLInputElement>("ip-input");

async function paste(text: string, count: number) {
  input().focus();
  await user.paste(text);
  await waitFor(() => expect(chips()).toHaveLength(count));
}

describe("trusted IPs", () => {
  test.each([
    ["Enter", "198.51.101.9{Enter}"],
    ["a comma", "198.51.101.9,"],
    ["leaving the field", "198.51.101.9{Tab}"],
  ])("%s makes a chip of what was typed", async (_how, keys) => {
    checking();
    render(App);
    await user.type(input(), keys);
    await waitFor(() => expect(chips()).toHaveLength(1));
    expect(input().value).toBe("");
  });

  test("a pasted list becomes as many chips, in one go", async () => {
    checking();
    render(App);
    await paste("198.51.101.9 # Home\n198.51.101.10, 192.168.1.5", 3);
    expect(chips().map((chip) => chip.dataset["verdict"])).toEqual(["accept", "accept", "reject"]);
    expect(screen.getByTestId("ip-count").textContent).toBe("3 on the list, 1 needs you");
  });

  test("a rejected entry says why, and one click removes it", async () => {
    checking();
    render(App);
    await paste("198.51.101.9\n192.168.1.5", 2);
    const problem = screen.getByTestId("problem");
    expect(problem.textContent).toContain("room number");
    await user.click(within(problem).getByRole("button", { name: "Remove it" }));
    await waitFor(() => expect(chips()).toHaveLength(1));
    expect(screen.queryByTestId("problem")).toBeNull();
  });

  test("one click takes the fix, and the label stays", async () => {
    checking();
    render(App);
    await paste("198.51.101.* # Office", 1);
    await user.click(screen.getByTestId("chip-fix"));
    await waitFor(() => expect(chips()[0]?.dataset["verdict"]).toBe("accept"));
    expect(screen.getByTestId("chip-edit").textContent).toContain("Office");
    expect(screen.getByTestId("chip-edit").textContent).toContain("198.51.101.0/24");
  });

  test("Delete on a chip removes it and the focus goes to its neighbour", async () => {
    checking();
    render(App);
    await paste("198.51.101.9\n198.51.101.10", 2);
    screen.getAllByTestId("chip-edit")[0]?.focus();
    await user.keyboard("{Delete}");
    await waitFor(() => expect(chips()).toHaveLength(1));
    await waitFor(() => expect(document.activeElement?.textContent).toContain("198.51.101.10"));
  });

  test("a chip is changed in place, address and label", async () => {
    checking();
    render(App);
    await paste("198.51.101.9", 1);
    await user.click(screen.getByTestId("chip-edit"));
    await user.clear(screen.getByTestId("chip-address"));
    await user.type(screen.getByTestId("chip-address"), "198.51.101.77");
    await user.type(screen.getByTestId("chip-label"), "VPS{Enter}");
    await waitFor(() => expect(chips()[0]?.textContent).toContain("198.51.101.77"));
    expect(chips()[0]?.textContent).toContain("VPS");
  });

  test("Escape leaves a change without changing anything", async () => {
    checking();
    render(App);
    await paste("198.51.101.9", 1);
    await user.click(screen.getByTestId("chip-edit"));
    await user.type(screen.getByTestId("chip-address"), "9{Escape}");
    await waitFor(() => expect(chips()).toHaveLength(1));
    expect(chips()[0]?.textContent).not.toContain("198.51.101.99");
  });

  test("nobody is asked for the address before the click, and then it is on the list once", async () => {
    const { count } = checking();
    render(App);
    expect(count("detect_addresses")).toBe(0);
    await user.click(screen.getByTestId("detect"));
    await waitFor(() => expect(chips()).toHaveLength(1));
    expect(screen.getByTestId("made-up").textContent).toContain("made up");
    await user.click(screen.getByTestId("detect"));
    await waitFor(() => expect(screen.getByTestId("detect-outcome").textContent).toContain("Nothing new"));
    expect(chips()).toHaveLength(1);
  });

  test("any address is offered to Self generated only, with its warning", async () => {
    checking();
    render(App);
    expect(screen.queryByTestId("any-address")).toBeNull();
    await user.click(screen.getByTestId("type-self"));
    await user.click(screen.getByTestId("any-address"));
    expect(screen.getByText(/can use it from anywhere/u)).toBeDefined();
    await user.click(screen.getByTestId("type-system"));
    expect(screen.queryByTestId("any-address")).toBeNull();
    expect(input()).toBeDefined();
  });
});
