import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import type { Settled, Unfinished } from "$lib/bindings";
import App from "../src/app/App.svelte";
import { appError, backend, draft, token } from "./backend";
import { complete, nameField, user } from "./form";

const at = "2026-11-24T03:00:00Z";
const unfinished = (stage: Unfinished["stage"], rest: Partial<Unfinished> = {}): Unfinished => ({
  id: draft().id,
  name: "Home bot",
  tokenType: "selfGenerated",
  stage,
  startedAt: at,
  ...rest,
});
const done = (step: string) => ({ step, state: "done", at, millis: 80, detail: { address: "203.0.113.7" } });
const made = {
  outcome: "made",
  created: { token: token(), proofs: [done("kept"), done("made")], notKept: null, form: null },
};
const gone: Settled = {
  outcome: "secretGone",
  token: token({ tokenType: "systemGenerated" }),
};

function start(
  stage: Unfinished["stage"],
  finish: () => unknown,
  answers: Parameters<typeof backend>[0] = {},
) {
  const spy = backend({
    ...complete,
    startup: () => ({
      draft: stage === "made" ? null : draft(),
      tokens: [],
      unfinished: [unfinished(stage)],
      loss: null,
      safe: { place: "keyring", isOpen: true, copiesInKeyring: false },
      version: "0.1.0",
      problems: [],
    }),
    finish_creations: finish,
    prove_token: () => [done("answered"), done("turnedAway")],
    ...answers,
  });
  render(App);
  return spy;
}

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
    const { calls } = start("sent", () => [made]);
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
    start("notMade", () => [{ outcome: "notMade", id: other }], {
      startup: () => ({
        draft: draft(),
        tokens: [],
        unfinished: [unfinished("notMade", { id: other, name: "Server bot" })],
        loss: null,
        safe: { place: "keyring", isOpen: true },
        version: "0.1.0",
        problems: [],
      }),
    });
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

  test("a token whose secret is lost is revoked with a code, and the form has its values", async () => {
    const form = draft({ id: "00000000-0000-4000-8000-000000000009", tokenType: "systemGenerated" });
    const { calls, count } = start("sent", () => [gone], { revoke_for_renewal: () => form });
    await user.click(await screen.findByTestId("interrupted-finish"));
    expect((await screen.findByTestId("interrupted-outcome")).textContent).toContain("is lost");
    expect(count("creation_seen")).toBe(1);
    await user.click(screen.getByTestId("interrupted-renew"));
    await user.type(await screen.findByTestId("otp"), "111111");
    expect((await screen.findByTestId("renewed")).textContent).toContain("“Home bot” is revoked");
    expect(calls.find(({ command }) => command === "revoke_for_renewal")?.args).toEqual({
      id: draft().id,
      code: "111111",
    });
    expect(nameField().value).toBe("Home bot");
    await waitFor(() => {
      const kept = calls.filter(({ command }) => command === "keep_draft").at(-1);
      expect(kept?.args["draft"]).toMatchObject({ id: form.id });
    });
  });

  test("a token whose secret is lost has it again from the file that the person saved", async () => {
    const files = [null, "wrong", "right"];
    const { count } = start("sent", () => [gone], {
      restore_secret: () => {
        const chosen = files.shift();
        if (chosen === "wrong") throw appError("file-not-of-token", { params: { path: "/home/me/other" } });
        return chosen === "right" ? { outcome: "works", code: "ok", at, millis: 80 } : null;
      },
    });
    await user.click(await screen.findByTestId("interrupted-finish"));
    const restore = await screen.findByTestId("restore");
    await user.click(restore);
    await waitFor(() => expect(count("restore_secret")).toBe(1));
    expect(screen.getByTestId("restore-error").textContent).toBe("");
    await user.click(restore);
    await waitFor(() => expect(screen.getByTestId("restore-error").textContent).toContain("not the file"));
    await user.click(restore);
    await waitFor(() =>
      expect(screen.getByTestId("interrupted-outcome").dataset["outcome"]).toBe("restored"),
    );
    expect(screen.getByTestId("interrupted-outcome").textContent).toContain("“Home bot” is here again");
  });

  test("a wrong code revokes nothing, and the dialog stays", async () => {
    start("sent", () => [gone], {
      revoke_for_renewal: () => {
        throw appError("otp-invalid", { field: "code" });
      },
    });
    await user.click(await screen.findByTestId("interrupted-finish"));
    await user.click(await screen.findByTestId("interrupted-renew"));
    await user.type(await screen.findByTestId("otp"), "111111");
    await waitFor(() => expect(screen.getByTestId("otp-error").dataset["code"]).toBe("otp-invalid"));
    expect(screen.queryByTestId("renewed")).toBeNull();
  });
});

describe("a secret", () => {
  test("can be saved to a file, and where is said", async () => {
    start("sent", () => [made], { save_secret: () => "/home/me/practice-home-bot.pem" });
    await user.click(await screen.findByTestId("interrupted-finish"));
    await user.click(await screen.findByTestId("secret-save"));
    await waitFor(() =>
      expect(screen.getByTestId("secret-saved").textContent).toContain("/home/me/practice-home-bot.pem"),
    );
  });

  test("that was not saved to a file because the person chose none says nothing", async () => {
    const { count } = start("sent", () => [made], { save_secret: () => null });
    await user.click(await screen.findByTestId("interrupted-finish"));
    await user.click(await screen.findByTestId("secret-save"));
    await waitFor(() => expect(count("save_secret")).toBe(1));
    expect(screen.getByTestId("secret-saved").textContent).toBe("");
    expect(screen.queryByTestId("alert")).toBeNull();
  });
});
