import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import type { Draft, ListEdit } from "$lib/bindings";
import TrustedIpsStep from "../src/create/trusted-ips/TrustedIpsStep.svelte";
import { check, list } from "./backend";
import { checking, chips, edited, parsed } from "./fake-list";
import { showForm, user } from "./form";
import { renderPart } from "./part";

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
    renderPart(TrustedIpsStep, { done: false });
    await user.type(input(), keys);
    await waitFor(() => expect(chips()).toHaveLength(1));
    expect(input().value).toBe("");
  });

  test("a pasted list becomes as many chips, in one go", async () => {
    checking();
    renderPart(TrustedIpsStep, { done: false });
    await paste("198.51.101.9 # Home\n198.51.101.10, 192.168.1.5", 3);
    expect(chips().map((chip) => chip.dataset["verdict"])).toEqual(["accept", "accept", "reject"]);
    expect(screen.getByTestId("ip-count").textContent).toBe("3 on the list, 1 needs you");
  });

  test("a rejected entry says why, and one click removes it", async () => {
    checking();
    renderPart(TrustedIpsStep, { done: false });
    await paste("198.51.101.9\n192.168.1.5", 2);
    const problem = screen.getByTestId("problem");
    expect(problem.textContent).toContain("room number");
    await user.click(within(problem).getByRole("button", { name: "Remove it" }));
    await waitFor(() => expect(chips()).toHaveLength(1));
    expect(screen.queryByTestId("problem")).toBeNull();
  });

  test("one click takes the fix, and the label stays", async () => {
    checking();
    renderPart(TrustedIpsStep, { done: false });
    await paste("198.51.101.* # Office", 1);
    await user.click(screen.getByTestId("chip-fix"));
    await waitFor(() => expect(chips()[0]?.dataset["verdict"]).toBe("accept"));
    expect(screen.getByTestId("chip-edit").textContent).toContain("Office");
    expect(screen.getByTestId("chip-edit").textContent).toContain("198.51.101.0/24");
  });

  test("all fixes and all removals are one click each, once there are many", async () => {
    checking();
    renderPart(TrustedIpsStep, { done: false });
    await paste("198.51.101.*\n198.51.102.*\n192.168.1.5\n198.51.101.9", 4);
    await user.click(screen.getByTestId("fix-all"));
    await waitFor(() =>
      expect(screen.getByTestId("ip-count").textContent).toBe("4 on the list, 1 needs you"),
    );
    await paste("192.168.1.6\n192.168.1.7", 6);
    await user.click(screen.getByTestId("remove-rejected"));
    await waitFor(() => expect(screen.getByTestId("ip-count").textContent).toBe("3 on the list"));
  });

  test("every change can be taken back, the newest first, by the link or by the keys", async () => {
    checking();
    renderPart(TrustedIpsStep, { done: false });
    await paste("198.51.101.9 # Home", 1);
    await paste("192.168.1.5", 2);
    await user.click(screen.getByTestId("problem-remove"));
    await waitFor(() => expect(chips()).toHaveLength(1));
    expect(screen.getByTestId("list-change").textContent).toContain("Removed.");
    await user.click(screen.getByTestId("ips-undo"));
    await waitFor(() => expect(chips()).toHaveLength(2));
    input().focus();
    await user.keyboard("{Control>}z{/Control}");
    await waitFor(() => expect(chips()).toHaveLength(1));
    expect(chips()[0]?.textContent).toContain("Home");
  });

  test("what is typed while a change is under way is not lost", async () => {
    let answer = () => {};
    const slow = new Promise<void>((resolve) => (answer = resolve));
    let first = true;
    checking({
      edit_trusted_ips: async ({ text, edit }) => {
        if (first) await slow;
        first = false;
        return edited(text as string, edit as ListEdit);
      },
    });
    renderPart(TrustedIpsStep, { done: false });
    await paste("198.51.101.9\n198.51.101.10", 2);
    await user.click(screen.getAllByTestId("chip-remove")[0] as HTMLElement);
    await user.type(input(), "198.51.101.11,");
    answer();
    await waitFor(() =>
      expect(
        chips()
          .map((chip) => chip.textContent)
          .join(" "),
      ).not.toContain("101.9"),
    );
    expect(chips()).toHaveLength(2);
    expect(chips()[1]?.textContent).toContain("198.51.101.11");
  });

  test("a change that fails leaves the list, and can be tried again", async () => {
    let broken = true;
    checking({
      edit_trusted_ips: ({ text, edit }) => {
        if (broken) throw new Error("no answer");
        return edited(text as string, edit as ListEdit);
      },
    });
    renderPart(TrustedIpsStep, { done: false });
    await paste("198.51.101.9\n198.51.101.10", 2);
    await user.click(screen.getAllByTestId("chip-remove")[0] as HTMLElement);
    const again = await screen.findByRole("button", { name: "Try again" });
    expect(chips()).toHaveLength(2);
    broken = false;
    await user.click(again);
    await waitFor(() => expect(chips()).toHaveLength(1));
  });

  test("what a tidy-up changes is shown before, done in one click, and taken back in one", async () => {
    const tidy = {
      before: 3,
      after: 2,
      total: 1,
      changes: [
        { before: "198.51.101.9", after: null, reasons: ["duplicate" as const], within: "198.51.101.9" },
      ],
    };
    checking({
      check_draft: ({ draft }) => {
        const entries = parsed((draft as Draft).trustedIps);
        return check(entries, { trustedIps: list(entries, { tidy: entries.length === 3 ? tidy : null }) });
      },
    });
    renderPart(TrustedIpsStep, { done: false });
    await paste("198.51.101.9\n198.51.101.10\n198.51.101.9", 3);
    expect(screen.getByTestId("tidy-offer").textContent).toContain("3 entries become 2");
    await user.click(screen.getByTestId("tidy-preview"));
    expect(screen.getByTestId("tidy-changes").textContent).toContain("on the list already");
    await user.click(screen.getByTestId("tidy"));
    await waitFor(() => expect(chips()).toHaveLength(2));
    expect(screen.getByTestId("list-change").textContent).toContain("Tidied up: 3 became 2.");
    await user.click(screen.getByTestId("ips-undo"));
    await waitFor(() => expect(chips()).toHaveLength(3));
  });

  test("a list of thousands is counted, and its chips are not all drawn", async () => {
    checking({
      check_draft: ({ draft }) => {
        const entries = parsed((draft as Draft).trustedIps);
        const view = list(entries);
        return check(entries, { trustedIps: { ...view, counts: { ...view.counts, entries: 70_002 } } });
      },
    });
    renderPart(TrustedIpsStep, { done: false });
    await paste("198.51.101.9\n198.51.101.10", 2);
    expect(screen.getByTestId("ip-count").textContent).toBe("70002 on the list");
    expect(screen.getByTestId("chips-unseen").textContent).toContain("and 70000 more");
  });

  test("Delete on a chip removes it and the focus goes to its neighbour", async () => {
    checking();
    renderPart(TrustedIpsStep, { done: false });
    await paste("198.51.101.9\n198.51.101.10", 2);
    screen.getAllByTestId("chip-edit")[0]?.focus();
    await user.keyboard("{Delete}");
    await waitFor(() => expect(chips()).toHaveLength(1));
    await waitFor(() => expect(document.activeElement?.textContent).toContain("198.51.101.10"));
  });

  test("a chip is changed in place, address and label", async () => {
    checking();
    renderPart(TrustedIpsStep, { done: false });
    await paste("198.51.101.9", 1);
    await user.click(screen.getByTestId("chip-edit"));
    await user.clear(screen.getByTestId("chip-address"));
    await user.type(screen.getByTestId("chip-address"), "198.51.101.77");
    await user.type(screen.getByTestId("chip-label"), "VPS{Enter}");
    await waitFor(() => expect(chips()[0]?.textContent).toContain("198.51.101.77"));
    expect(chips()[0]?.textContent).toContain("VPS");
  });

  test("what is typed into a chip goes to its own entry, also when the list moves meanwhile", async () => {
    checking();
    renderPart(TrustedIpsStep, { done: false });
    await paste("198.51.101.9\n198.51.101.10\n198.51.101.11", 3);
    await user.click(screen.getAllByTestId("chip-edit")[1] as HTMLElement);
    await user.type(screen.getByTestId("chip-label"), "VPS");
    await user.click(screen.getAllByTestId("chip-remove")[0] as HTMLElement);
    await waitFor(() => expect(screen.getByTestId("ip-count").textContent).toBe("2 on the list"));
    expect(screen.getByTestId<HTMLInputElement>("chip-label").value).toBe("VPS");
    await user.click(screen.getByTestId("chip-save"));
    await waitFor(() =>
      expect(
        chips()
          .map((chip) => chip.textContent)
          .join(" "),
      ).toContain("VPS"),
    );
    expect(chips()[0]?.textContent).toContain("198.51.101.10");
    expect(chips()[0]?.textContent).toContain("VPS");
    expect(chips()[1]?.textContent).toContain("198.51.101.11");
  });

  test("opening another chip saves what was typed into the first one", async () => {
    checking();
    renderPart(TrustedIpsStep, { done: false });
    await paste("198.51.101.9\n198.51.101.10", 2);
    await user.click(screen.getAllByTestId("chip-edit")[0] as HTMLElement);
    await user.type(screen.getByTestId("chip-label"), "Home");
    await user.click(screen.getByTestId("chip-edit"));
    await waitFor(() => expect(chips()[0]?.textContent).toContain("Home"));
    expect(chips()).toHaveLength(1);
    expect(screen.getByTestId<HTMLInputElement>("chip-address").value).toBe("198.51.101.10");
  });

  test("two clicks on one remove take one of two alike", async () => {
    checking();
    renderPart(TrustedIpsStep, { done: false });
    await paste("198.51.101.9\n198.51.101.9\n198.51.101.10", 3);
    const remove = screen.getAllByTestId("chip-remove")[0] as HTMLElement;
    void fireEvent.click(remove);
    void fireEvent.click(remove);
    await waitFor(() => expect(chips()).toHaveLength(2));
    expect(chips()[0]?.textContent).toContain("198.51.101.9");
  });

  test("a list pasted behind typed text begins on a line of its own", async () => {
    checking();
    renderPart(TrustedIpsStep, { done: false });
    await user.type(input(), "198.51.101.9");
    await user.paste("198.51.101.10\n198.51.101.11");
    await waitFor(() => expect(chips()).toHaveLength(3));
  });

  test("after a fix the keyboard goes on in the field", async () => {
    checking();
    renderPart(TrustedIpsStep, { done: false });
    await paste("198.51.101.9\n192.168.1.5", 2);
    await user.click(screen.getByTestId("problem-remove"));
    await waitFor(() => expect(chips()).toHaveLength(1));
    await waitFor(() => expect(document.activeElement).toBe(input()));
  });

  test("Escape leaves a change without changing anything", async () => {
    checking();
    renderPart(TrustedIpsStep, { done: false });
    await paste("198.51.101.9", 1);
    await user.click(screen.getByTestId("chip-edit"));
    await user.type(screen.getByTestId("chip-address"), "9{Escape}");
    await waitFor(() => expect(chips()).toHaveLength(1));
    expect(chips()[0]?.textContent).not.toContain("198.51.101.99");
  });

  test("a range is chosen with a slider that says it in words and warns as it grows", async () => {
    const step = (network: string, count: string | null, care: "one" | "few" | "huge") => ({
      family: "v4",
      network,
      first: "198.51.101.9",
      last: "198.51.101.255",
      addressCount: count,
      care,
    });
    checking({
      network_steps: () => ({
        steps: [
          step("198.51.101.9", null, "one"),
          step("198.51.101.8/30", "4", "few"),
          step("198.51.0.0/16", "65,536", "huge"),
        ],
        start: 0,
        problem: null,
      }),
    });
    renderPart(TrustedIpsStep, { done: false });
    await user.click(screen.getByTestId("network-helper"));
    const slider = await screen.findByTestId<HTMLInputElement>("network-size");
    expect(screen.getByTestId("network-words").textContent).toContain("1 address");
    await fireEvent.input(slider, { target: { value: "2" } });
    expect(screen.getByTestId("network-words").textContent).toContain("65,536 addresses");
    expect(screen.getByTestId("network-advice").dataset["care"]).toBe("huge");
    expect(slider.getAttribute("aria-valuetext")).toContain("198.51.101.9 to 198.51.101.255");
    await fireEvent.input(slider, { target: { value: "1" } });
    await user.click(screen.getByTestId("network-add"));
    await waitFor(() => expect(chips()[0]?.textContent).toContain("198.51.101.8/30"));
    expect(screen.queryByTestId("network-size")).toBeNull();
  });

  test("the difference of public and private is explained with the person's own address", async () => {
    const { count } = checking({
      own_network: () => ({ privateAddress: "192.168.178.23", publicAddress: null }),
    });
    renderPart(TrustedIpsStep, { done: false });
    expect(count("own_network")).toBe(0);
    await user.click(screen.getByTestId("public-private"));
    const panel = await screen.findByTestId("public-private-panel");
    expect(panel.textContent).toContain("this computer is 192.168.178.23");
  });

  test("any address is offered to Self generated only, with its warning", async () => {
    checking();
    showForm();
    expect(screen.queryByTestId("any-address")).toBeNull();
    await user.click(screen.getByTestId("type-self"));
    await user.click(screen.getByTestId("any-address"));
    expect(screen.getByText(/can use it from anywhere/u)).toBeDefined();
    await user.click(screen.getByTestId("type-system"));
    expect(screen.queryByTestId("any-address")).toBeNull();
    expect(input()).toBeDefined();
  });
});
