import { screen, waitFor } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import type { Draft } from "$lib/bindings";
import Closing from "../src/app/Closing.svelte";
import { appError, backend, draft, token } from "./backend";
import { complete, nameField, openDialog, showForm, user } from "./form";
import { renderPart } from "./part";

describe("the result", () => {
  const at = "2026-11-24T03:00:00Z";
  const done = (step: string) => ({
    step,
    state: "done",
    at,
    millis: 80,
    detail: { address: "203.0.113.7" },
  });
  const failed = (step: string) => ({
    step,
    state: "failed",
    at,
    millis: 80,
    detail: { code: "untrusted-address" },
  });
  const made = (rest: object = {}) => ({
    token: token(),
    proofs: [done("kept"), done("made")],
    notKept: null,
    form: null,
    ...rest,
  });

  test("says that it works only once the tests are done", async () => {
    let prove: (proofs: unknown) => void = () => undefined;
    backend({
      ...complete,
      create_token: () => made(),
      prove_token: () => new Promise((resolve) => (prove = resolve)),
    });
    showForm(draft());
    await user.type(await openDialog(), "111111");
    await screen.findByRole("heading", { name: "Home bot is made" });
    prove([done("answered"), done("turnedAway")]);
    await screen.findByRole("heading", { name: "Home bot works" });
    expect(screen.getByTestId("api-key").textContent).toBe("practice0123456789");
  });

  test("a failed test has its reason and another try", async () => {
    let tries = 0;
    backend({
      ...complete,
      create_token: () => made(),
      prove_token: () => {
        tries += 1;
        return tries === 1
          ? [failed("answered"), done("turnedAway")]
          : [done("answered"), done("turnedAway")];
      },
    });
    showForm(draft());
    await user.type(await openDialog(), "111111");
    await user.click(await screen.findByTestId("prove-again"));
    await screen.findByRole("heading", { name: "Home bot works" });
    expect(tries).toBe(2);
  });

  test("a key that is not saved is the loudest thing, and can be saved again", async () => {
    backend({
      ...complete,
      create_token: () =>
        made({ proofs: [failed("kept"), done("made")], notKept: appError("keyring-locked") }),
      prove_token: () => [done("answered"), done("turnedAway")],
      keep_secret_again: () => done("kept"),
    });
    showForm(draft());
    await user.type(await openDialog(), "111111");
    await screen.findByRole("heading", { name: /not saved yet/u });
    await user.click(screen.getByTestId("keep-again"));
    await screen.findByRole("heading", { name: "Home bot works" });
  });

  test("a window that would take a secret with it asks first, each time", async () => {
    const asks: ((names: string[]) => void)[] = [];
    const { count } = backend({
      closing_asked: () => new Promise<string[]>((resolve) => asks.push(resolve)),
      close_window: () => null,
    });
    renderPart(Closing, {});
    for (const end of ["closing-stay", "closing-close"]) {
      await waitFor(() => expect(asks).toHaveLength(1));
      asks.pop()?.(["Home bot"]);
      expect((await screen.findByTestId("closing-question")).textContent).toContain("Home bot");
      expect(count("close_window")).toBe(0);
      await user.click(screen.getByTestId(end));
    }
    expect(count("close_window")).toBe(1);
  });

  test("the secret crosses over only on Show, and goes on Hide", async () => {
    const { count } = backend({
      ...complete,
      create_token: () => made(),
      prove_token: () => [done("answered"), done("turnedAway")],
      show_secret: () => "-----BEGIN PRIVATE KEY-----",
    });
    showForm(draft());
    await user.type(await openDialog(), "111111");
    const show = await screen.findByTestId("secret-show");
    expect(count("show_secret")).toBe(0);
    await user.click(show);
    expect((await screen.findByTestId("secret")).textContent).toContain("PRIVATE KEY");
    await user.click(show);
    expect(screen.queryByTestId("secret")).toBeNull();
  });

  test("Create another begins a fresh draft with an id of its own", async () => {
    const { calls } = backend({
      ...complete,
      create_token: () => made(),
      prove_token: () => [done("answered"), done("turnedAway")],
    });
    showForm(draft());
    await user.type(await openDialog(), "111111");
    await user.click(await screen.findByTestId("create-another"));
    expect(nameField().value).toBe("");
    await waitFor(() => {
      const kept = calls.filter(({ command }) => command === "keep_draft").at(-1)?.args["draft"] as
        Draft | undefined;
      expect(kept?.name).toBe("");
      expect(kept?.id).not.toBe(draft().id);
    });
  });
});
