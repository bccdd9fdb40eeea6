import { screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import type { ErrorCode, Unfinished } from "$lib/bindings";
import { appError, backend, draft } from "./backend";
import { complete, user } from "./form";
import { renderPart } from "./part";

/** The app where practice cannot open what it stored, until it is started over. */
function start(code: ErrorCode, unfinished: Unfinished[] = [], over: () => void = () => undefined) {
  let isOpen = false;
  const opened = <T>(answer: T) => {
    if (!isOpen) throw appError(code);
    return answer;
  };
  const spy = backend({
    ...complete,
    begin_practice: () => opened(null),
    finish_creations: () => opened([{ outcome: "notMade", id: draft().id }]),
    start_practice_over: () => {
      over();
      isOpen = true;
      return null;
    },
  });
  renderPart(null, {}, ({ practice, questions }) => {
    void practice.begin();
    if (unfinished.length > 0) questions.ask({ kind: "interruption", unfinished });
  });
  return spy;
}

describe("practice data that cannot be opened", () => {
  test.each<[ErrorCode, RegExp]>([
    ["practice-damaged", /damaged/u],
    ["practice-key-lost", /cannot be opened/u],
  ])("after %s practice is started over, if the person says so", async (code, words) => {
    const { count } = start(code);
    const alert = await screen.findByTestId("alert");
    expect(alert.textContent).toMatch(words);
    expect(alert.textContent).toContain("Practice tokens stop working");
    expect(count("start_practice_over")).toBe(0);
    await user.click(within(alert).getByTestId("start-over"));
    await waitFor(() => expect(screen.queryByTestId("alert")).toBeNull());
    expect(count("begin_practice")).toBe(2);
  });

  test("what another program has is not put aside", async () => {
    start("practice-in-use");
    const alert = await screen.findByTestId("alert");
    within(alert).getByTestId("alert-again");
    expect(within(alert).queryByTestId("start-over")).toBeNull();
  });

  test("a start over that fails is said, and can be tried again", async () => {
    let fails = true;
    start("practice-key-lost", [], () => {
      if (fails) throw appError("disk-full");
    });
    await user.click(await screen.findByTestId("start-over"));
    await waitFor(() =>
      expect(screen.getAllByTestId("alert").map((alert) => alert.dataset["code"])).toEqual([
        "disk-full",
        "practice-key-lost",
      ]),
    );
    fails = false;
    await user.click(screen.getByTestId("start-over"));
    await waitFor(() => expect(screen.queryByTestId("start-over")).toBeNull());
  });

  test("the dialog about an interrupted creation offers it, and goes on", async () => {
    const sent: Unfinished = {
      id: draft().id,
      name: "Home bot",
      tokenType: "selfGenerated",
      stage: "sent",
      startedAt: "2026-11-24T03:00:00Z",
    };
    start("practice-key-lost", [sent]);
    await user.click(await screen.findByTestId("interrupted-finish"));
    await user.click(await within(await screen.findByTestId("interrupted-error")).findByTestId("start-over"));
    const outcome = await screen.findByTestId("interrupted-outcome");
    expect(outcome.dataset["outcome"]).toBe("notMade");
    expect(screen.queryByTestId("alert"), "nor is it an alert any more").toBeNull();
  });
});
