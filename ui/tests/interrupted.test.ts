import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import App from "../src/app/App.svelte";
import { appError, backend, draft } from "./backend";
import { complete, nameField, restored, user } from "./form";
import { done, gone, made, start, unfinished } from "./interruption";

describe("after an interruption", () => {
  test.each([
    ["sent", /cannot make a second token/u],
    ["notSent", /no code was used/u],
    ["made", /private key is safe/u],
  ] as const)("a creation that was %s is explained", async (stage, words) => {
    start(stage, () => []);
    const story = await screen.findByTestId("interrupted-story");
    expect(story.textContent).toMatch(words);
    expect(story.textContent).toContain("Home bot");
  });

  test("one click leads to the token that was made, and it is not told again", async () => {
    const { calls } = backend({
      ...complete,
      startup: () => ({ ...restored().startup(), unfinished: [unfinished("sent")] }),
      finish_creations: () => [made],
      prove_token: () => [done("answered"), done("turnedAway")],
    });
    render(App);
    await user.click(await screen.findByTestId("interrupted-finish"));
    await screen.findByRole("heading", { name: "Home bot works" });
    expect(screen.queryByTestId("interrupted")).toBeNull();
    expect(calls.filter(({ command }) => command === "creation_seen").map(({ args }) => args)).toEqual([
      { id: draft().id },
    ]);
    await user.click(screen.getByTestId("create-another"));
    expect(nameField().value, "the form of that token is done with").toBe("");
  });

  test("a key that could not be saved is not called safe, and its screen is one click away", async () => {
    const notKept = {
      ...made,
      created: { ...made.created, proofs: [done("made")], notKept: appError("keyring-locked") },
    };
    start("sent", () => [notKept]);
    await user.click(await screen.findByTestId("interrupted-finish"));
    await screen.findByTestId("not-kept");
    expect(screen.getByTestId("keep-again")).toBeTruthy();
    cleanup();

    const { calls } = start("sent", () => [notKept, { outcome: "notMade", id: "another" }]);
    await user.click(await screen.findByTestId("interrupted-finish"));
    const [outcome] = await screen.findAllByTestId("interrupted-outcome");
    expect(outcome?.textContent).toContain("not saved yet");
    expect(outcome?.textContent).not.toContain("key is safe");
    await user.click(screen.getByRole("button", { name: "Show it" }));
    await screen.findByTestId("not-kept");
    expect(calls.filter(({ command }) => command === "creation_seen").map(({ args }) => args)).toEqual([
      { id: "another" },
    ]);
  });

  test("Later leaves the form to the person", async () => {
    start("made", () => [made]);
    await screen.findByTestId("interrupted-finish");
    await user.click(screen.getByTestId("interrupted-later"));
    await waitFor(() => expect(document.activeElement).toBe(nameField()));
    await user.type(nameField(), "Other");
    expect(screen.queryByTestId("interrupted")).toBeNull();
  });

  test("what was not made leaves the form as it was", async () => {
    const { calls, count } = start("sent", () => [{ outcome: "notMade", id: draft().id }]);
    await user.click(await screen.findByTestId("interrupted-finish"));
    const outcome = await screen.findByTestId("interrupted-outcome");
    expect(outcome.textContent).toContain("“Home bot” was not made");
    expect(outcome.textContent).toContain("as you left it");
    expect(calls.find(({ command }) => command === "creation_seen")?.args).toEqual({ id: draft().id });
    await user.click(screen.getByTestId("interrupted-close"));
    expect(nameField().value).toBe("Home bot");
    expect(count("create_token")).toBe(0);
  });

  test("what was not made says nothing of a form that is another's", async () => {
    const other = "00000000-0000-4000-8000-000000000008";
    start("notMade", () => [{ outcome: "notMade", id: other }], {}, { id: other, name: "Server bot" });
    expect((await screen.findByTestId("interrupted-story")).textContent).toContain("No token came of it");
    await user.click(screen.getByTestId("interrupted-finish"));
    const outcome = await screen.findByTestId("interrupted-outcome");
    expect(outcome.textContent).toContain("“Server bot” was not made");
    expect(outcome.textContent).not.toContain("as you left it");
    expect(outcome.textContent).toContain("fill the form in again");
  });

  test("what was changed in the form after the request left is there when the token is found", async () => {
    const form = draft({ id: "00000000-0000-4000-8000-000000000009", name: "Home bot, changed" });
    start("sent", () => [{ ...made, created: { ...made.created, form } }]);
    await user.click(await screen.findByTestId("interrupted-finish"));
    await screen.findByRole("heading", { name: "Home bot works" });
    await user.click(screen.getByTestId("create-another"));
    expect(nameField().value).toBe("Home bot, changed");
  });

  test("a keyring that is locked is said, and asked again on a click", async () => {
    let locked = true;
    start("sent", () => {
      if (!locked) return [made];
      locked = false;
      throw appError("keyring-locked");
    });
    const finish = await screen.findByTestId("interrupted-finish");
    await user.click(finish);
    expect((await screen.findByTestId("interrupted-error")).dataset["code"]).toBe("keyring-locked");
    expect(finish.textContent).toContain("Try again");
    await user.click(finish);
    await screen.findByRole("heading", { name: "Home bot works" });
  });

  test("what cannot be found out can be given up, after a question", async () => {
    const { calls } = start(
      "sent",
      () => {
        throw appError("service-answer-invalid");
      },
      { give_up_creations: () => null },
    );
    await user.click(await screen.findByTestId("interrupted-finish"));
    await user.click(await screen.findByTestId("interrupted-give-up"));
    expect(calls.some(({ command }) => command === "give_up_creations")).toBe(false);
    const question = screen.getByTestId("interrupted-give-up-question");
    expect(question.textContent).toContain("Stop asking about Home bot?");
    expect(question.textContent).toContain("lives on at its service");
    await user.click(screen.getByTestId("interrupted-give-up-confirm"));
    await waitFor(() => expect(screen.queryByTestId("interrupted")).toBeNull());
    expect(calls.filter(({ command }) => command === "give_up_creations")).toHaveLength(1);
    expect(calls.some(({ command }) => command === "forget_token")).toBe(false);
  });

  test("a service that cannot be asked is not mistaken for an earlier token, and nothing revokes by accident", async () => {
    let away = true;
    start("sent", () => {
      if (!away) return [gone];
      away = false;
      throw appError("creation-unfinished");
    });
    const finish = await screen.findByTestId("interrupted-finish");
    await user.click(finish);
    const error = await screen.findByTestId("interrupted-error");
    expect(error.textContent).toContain("cannot be asked just now");
    expect(error.textContent).not.toContain("earlier token");
    await user.click(finish);
    await screen.findByTestId("interrupted-outcome");
    await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("interrupted-close")));
  });

  test("giving up what is only not told yet costs nothing, and says so", async () => {
    start("made", () => {
      throw appError("keyring-failed");
    });
    await user.click(await screen.findByTestId("interrupted-finish"));
    await user.click(await screen.findByTestId("interrupted-give-up"));
    const question = screen.getByTestId("interrupted-give-up-question");
    expect(question.textContent).toContain("stays in My tokens");
    expect(question.textContent).not.toContain("lives on");
  });
});
