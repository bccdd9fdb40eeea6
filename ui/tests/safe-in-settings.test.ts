import { screen, waitFor } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import type { Safe } from "$lib/bindings";
import { appError } from "./backend";
import { user } from "./form";
import { choose, dialogIsGone, field, keyring, open, PASSPHRASE, problem, showSettings } from "./safe";

describe("settings", () => {
  const place = () => screen.getByTestId("safe-place").dataset["place"];

  test("move everything into a file", async () => {
    await showSettings(keyring, { keep_in_file: () => open });
    await user.click(screen.getByTestId("safe-to-file"));
    await choose(PASSPHRASE);
    await waitFor(() => expect(place()).toBe("file"));
    expect(screen.queryByTestId("safe-to-file")).toBeNull();
  });

  test("change the passphrase, which takes the one of now", async () => {
    const { calls } = await showSettings(open, { change_passphrase: () => open });
    await user.click(screen.getByTestId("safe-change"));
    await user.type(await field(), "the one of now");
    await choose(PASSPHRASE);
    await dialogIsGone();
    expect(calls.find(({ command }) => command === "change_passphrase")?.args).toEqual({
      current: "the one of now",
      wanted: PASSPHRASE,
    });
    expect(document.activeElement).toBe(screen.getByTestId("safe-change"));
  });

  test("say which of the two passphrases is wrong", async () => {
    await showSettings(open, {
      change_passphrase: () => {
        throw appError("passphrase-wrong");
      },
    });
    await user.click(screen.getByTestId("safe-change"));
    await user.type(await field(), "not the one of now");
    await choose(PASSPHRASE);
    await waitFor(() => expect(problem()).toContain("That is not the passphrase"));
    expect((await field()).getAttribute("aria-invalid")).toBe("true");
    expect((await field("-new")).getAttribute("aria-invalid")).toBeNull();
    expect(document.activeElement).toBe(await field());
  });

  test("move everything back to the keyring", async () => {
    await showSettings(open, { keep_in_keyring: () => keyring });
    await user.click(screen.getByTestId("safe-to-keyring"));
    await waitFor(() => expect(place()).toBe("keyring"));
  });

  test("a keyring that fails says that nothing moved", async () => {
    let works = false;
    await showSettings(open, {
      keep_in_keyring: () => {
        if (!works) throw appError("keyring-missing");
        return keyring;
      },
    });
    await user.click(screen.getByTestId("safe-to-keyring"));
    const said = await screen.findByTestId("safe-problem");
    expect(said.dataset["code"]).toBe("keyring-missing");
    expect(said.textContent).toContain("Everything is still where it was");
    expect(place()).toBe("file");
    works = true;
    await user.click(screen.getByTestId("safe-to-keyring"));
    await waitFor(() => expect(place()).toBe("keyring"));
    expect(screen.queryByTestId("safe-problem")).toBeNull();
  });

  test("say that copies are left in the keyring, as long as they are", async () => {
    const left: Safe = { ...open, copiesInKeyring: true };
    let now = keyring;
    await showSettings(keyring, {
      safe: () => now,
      keep_in_file: () => (now = left),
      keep_in_keyring: () => (now = keyring),
    });
    expect(screen.queryByTestId("safe-copies")).toBeNull();
    await user.click(screen.getByTestId("safe-to-file"));
    await choose(PASSPHRASE);
    expect((await screen.findByTestId("safe-copies")).textContent).toContain("still be in the keyring");
    await user.click(screen.getByTestId("safe-to-keyring"));
    await waitFor(() => expect(place()).toBe("keyring"));
    expect(screen.queryByTestId("safe-copies")).toBeNull();
  });

  test("a move that fails after the place has changed says where it is", async () => {
    let now = keyring;
    await showSettings(keyring, {
      safe: () => now,
      keep_in_file: () => {
        now = open;
        throw appError("disk-full");
      },
    });
    await user.click(screen.getByTestId("safe-to-file"));
    await choose(PASSPHRASE);
    await waitFor(() => expect(place()).toBe("file"));
    expect(problem()).not.toBe("");
  });
});
