import { screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import type { TokenView } from "$lib/bindings";
import { appError, draft, token } from "./backend";
import { nameField, openDialog, restored, user } from "./form";
import {
  choose,
  closed,
  dialogIsGone,
  field,
  go,
  keyring,
  open,
  PASSPHRASE,
  problem,
  showFormWith,
  start,
} from "./safe";

const at = "2026-11-24T03:00:00Z";
const kept = { step: "kept", state: "done", at, millis: null, detail: {} };

describe("a start with a closed file", () => {
  test("asks for the passphrase, and practice begins only once it is open", async () => {
    const { calls, count } = start(closed, { open_secrets_file: () => open });
    await user.type(await field(), PASSPHRASE);
    expect(count("begin_practice")).toBe(0);
    await user.keyboard("{Enter}");
    await dialogIsGone();
    await waitFor(() => expect(count("begin_practice")).toBe(1));
    expect(calls.find(({ command }) => command === "open_secrets_file")?.args).toEqual({
      passphrase: PASSPHRASE,
    });
  });

  test("says that a passphrase is wrong, and what was typed stays", async () => {
    const { count } = start(closed, {
      open_secrets_file: () => {
        throw appError("passphrase-wrong");
      },
    });
    await user.type(await field(), "orbit lantern");
    await go();
    await waitFor(() => expect(problem()).toContain("That is not the passphrase"));
    const typed = await field();
    expect(typed.value).toBe("orbit lantern");
    expect(typed.getAttribute("aria-invalid")).toBe("true");
    expect(document.activeElement, "it is ready to be put right").toBe(typed);
    expect(count("begin_practice")).toBe(0);
    await user.keyboard("orbit lantern meadow");
    expect(typed.value, "what is typed next takes its place").toBe("orbit lantern meadow");
    expect(problem(), "it is about what was typed before").toBe("");
  });

  test("that nobody knows any more makes way for a new file, and nothing is put aside unasked", async () => {
    const { calls, count } = start(closed, {
      open_secrets_file: () => {
        throw appError("passphrase-wrong");
      },
      begin_new_secrets_file: () => open,
    });
    await user.type(await field(), "orbit lantern");
    expect(screen.queryByTestId("passphrase-forgotten"), "a first try comes before").toBeNull();
    await go();
    await user.click(await screen.findByTestId("passphrase-forgotten"));
    expect(screen.getByRole("dialog").textContent).toContain("put aside");
    expect(document.activeElement).toBe(await field("-new"));
    await choose(PASSPHRASE, "another");
    expect(problem()).toContain("not the same");
    expect(count("begin_new_secrets_file")).toBe(0);
    await user.clear(await field("-new"));
    await user.clear(await field("-again"));
    await choose(PASSPHRASE);
    await dialogIsGone();
    expect(calls.find(({ command }) => command === "begin_new_secrets_file")?.args).toEqual({
      passphrase: PASSPHRASE,
    });
    await waitFor(() => expect(count("begin_practice")).toBe(1));
  });

  test("can be put off, and practice begins when the file is opened in Settings", async () => {
    const { count } = start(closed, { open_secrets_file: () => open });
    await field();
    await user.click(screen.getByTestId("passphrase-cancel"));
    await user.click(screen.getByTestId("nav-settings"));
    expect((await screen.findByTestId("safe-place")).textContent).toContain("waits for your passphrase");
    await user.click(screen.getByTestId("safe-open"));
    await user.type(await field(), PASSPHRASE);
    expect(count("begin_practice")).toBe(0);
    await go();
    await waitFor(() => expect(count("begin_practice")).toBe(1));
  });

  test("that was put off offers the passphrase in the code dialog, beside what needs it", async () => {
    let isOpen = false;
    start(closed, {
      open_secrets_file: () => {
        isOpen = true;
        return open;
      },
      practice_code: () => {
        if (!isOpen) throw appError("secrets-file-closed");
        return { code: "418302", secondsLeft: 17 };
      },
    });
    await field();
    await user.click(screen.getByTestId("passphrase-cancel"));
    await openDialog();
    await user.click(await within(screen.getByTestId("practice-code")).findByTestId("safe-help"));
    await user.type(await field(), PASSPHRASE);
    await go();
    await waitFor(() => expect(screen.getByTestId("practice-code").dataset["code"]).toBe("418302"));
  });

  test("asks first, and explains an interruption afterwards", async () => {
    const unfinished = {
      id: draft().id,
      name: "Home bot",
      tokenType: "selfGenerated",
      stage: "sent",
      startedAt: at,
    };
    let isOpen = false;
    start(closed, {
      startup: () => ({
        draft: draft(),
        tokens: [],
        unfinished: [unfinished],
        loss: null,
        safe: closed,
        version: "0.1.0",
        problems: [],
      }),
      open_secrets_file: () => {
        isOpen = true;
        return open;
      },
      finish_creations: () => {
        if (!isOpen) throw appError("secrets-file-closed");
        return [{ outcome: "notMade", id: draft().id }];
      },
    });
    await field();
    expect(screen.queryByTestId("interrupted-story")).toBeNull();
    await user.click(screen.getByTestId("passphrase-cancel"));
    await user.click(await screen.findByTestId("interrupted-finish"));
    await user.click(await within(await screen.findByTestId("interrupted-error")).findByTestId("safe-help"));
    await user.type(await field(), PASSPHRASE);
    await go();
    expect((await screen.findByTestId("interrupted-outcome")).textContent).toContain("was not made");
  });
});

describe("without a keyring", () => {
  /** A computer whose keyring is not running until everything is kept in a file. */
  function missing(answers: Parameters<typeof start>[1] = {}, tokens: TokenView[] = []) {
    let inFile = false;
    const needsPlace = (answer: unknown) => () => {
      if (!inFile) throw appError("keyring-missing");
      return answer;
    };
    return showFormWith(
      keyring,
      {
        begin_practice: needsPlace(null),
        create_token: needsPlace({ token: token(), proofs: [kept], notKept: null, form: null }),
        prove_token: () => [],
        keep_in_file: () => {
          inFile = true;
          return open;
        },
        ...answers,
      },
      tokens,
    );
  }

  test("the file is offered, never chosen, and what failed is done afterwards", async () => {
    const { calls, count } = missing();
    const alert = await screen.findByTestId("alert");
    expect(alert.dataset["code"]).toBe("keyring-missing");
    expect(count("keep_in_file")).toBe(0);
    await user.click(within(alert).getByTestId("safe-help"));
    await choose(PASSPHRASE);
    await dialogIsGone();
    expect(calls.filter(({ command }) => command === "keep_in_file").map(({ args }) => args)).toEqual([
      { passphrase: PASSPHRASE },
    ]);
    await waitFor(() => expect(count("begin_practice")).toBeGreaterThan(1));
    expect(screen.queryByTestId("alert")).toBeNull();
  });

  test("a change of mind leaves the alert", async () => {
    const { count } = missing();
    await user.click(within(await screen.findByTestId("alert")).getByTestId("safe-help"));
    await user.type(await field("-new"), PASSPHRASE);
    await user.keyboard("{Escape}");
    await dialogIsGone();
    expect(screen.getByTestId("alert").dataset["code"]).toBe("keyring-missing");
    expect(count("keep_in_file")).toBe(0);
  });

  test("two different texts are said, and Rust is not asked", async () => {
    const { count } = missing();
    await user.click(within(await screen.findByTestId("alert")).getByTestId("safe-help"));
    await choose(PASSPHRASE, "orbit lantern meadow quarts");
    expect(problem()).toContain("The two are not the same");
    expect((await field("-new")).value).toBe(PASSPHRASE);
    expect(count("keep_in_file")).toBe(0);
  });

  test("one that Rust finds too short is said", async () => {
    missing({
      keep_in_file: () => {
        throw appError("passphrase-too-short");
      },
    });
    await user.click(within(await screen.findByTestId("alert")).getByTestId("safe-help"));
    await choose("orbit");
    await waitFor(() => expect(problem()).toContain("That passphrase is too short"));
    expect(screen.getByTestId("alert").dataset["code"]).toBe("keyring-missing");
  });

  test("the code dialog keeps its six digits, and they are sent once there is a place", async () => {
    const { calls } = missing();
    await screen.findByTestId("alert");
    const otp = await openDialog();
    await user.type(otp, "111111");
    await user.click(await within(screen.getByTestId("otp-error")).findByTestId("safe-help"));
    await field("-new");
    expect(otp.value).toBe("111111");
    await choose(PASSPHRASE);
    await screen.findByTestId("result");
    const codes = calls.filter(({ command }) => command === "create_token").map(({ args }) => args["code"]);
    expect(codes).toEqual(["111111", "111111"]);
    expect(screen.queryByTestId("alert"), "the trouble of the start is over too").toBeNull();
    expect(screen.getByTestId("proof-kept").textContent).toContain("Saved in your encrypted file");
  });

  test("nothing is offered that could only be refused: the keys of a token are in the keyring", async () => {
    missing({}, [token()]);
    const alert = await screen.findByTestId("alert");
    expect(within(alert).queryByTestId("safe-help")).toBeNull();
    within(alert).getByTestId("alert-again");
  });

  test("a key says which place it goes into", async () => {
    missing();
    const key = await screen.findByTestId("key-state");
    await waitFor(() => expect(key.textContent).toContain("goes into your keyring"));
    await user.click(within(await screen.findByTestId("alert")).getByTestId("safe-help"));
    await choose(PASSPHRASE);
    await waitFor(() => expect(key.textContent).toContain("goes into your encrypted file"));
  });

  test("a new token whose secret is only in memory can be kept in the file", async () => {
    const notKept = appError("keyring-not-kept");
    const { count } = showFormWith(keyring, {
      create_token: () => ({ token: token({ secretKept: false }), proofs: [], notKept, form: null }),
      keep_in_file: () => open,
      keep_secret_again: () => kept,
      prove_token: () => [],
    });
    await user.type(await openDialog(), "111111");
    await user.click(within(await screen.findByTestId("not-kept")).getByTestId("safe-help"));
    await choose(PASSPHRASE);
    await waitFor(() => expect(screen.queryByTestId("not-kept")).toBeNull());
    expect(count("keep_secret_again")).toBe(1);
  });
});

test("a passphrase goes to nobody but the command that needs it", async () => {
  const needs = ["begin_new_secrets_file", "change_passphrase", "keep_in_file", "open_secrets_file"];
  const { calls, count } = start(keyring, { keep_in_file: () => open, ...restored() });
  await user.click(screen.getByTestId("nav-settings"));
  await user.click(await screen.findByTestId("safe-to-file"));
  await choose(PASSPHRASE);
  await dialogIsGone();
  await user.click(screen.getByTestId("nav-create"));
  await user.type(nameField(), " 2");
  window.dispatchEvent(new Event("blur"));
  await waitFor(() => expect(count("keep_draft")).toBeGreaterThan(0));
  const others = calls.filter(({ command }) => !needs.includes(command));
  expect(JSON.stringify(others)).not.toContain(PASSPHRASE);
  expect([localStorage.length, sessionStorage.length]).toEqual([0, 0]);
});
