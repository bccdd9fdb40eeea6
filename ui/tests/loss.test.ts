import { render, screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import type { Rebuilt } from "$lib/bindings";
import App from "../src/app/App.svelte";
import { appError, backend, token } from "./backend";
import { complete, restored, user } from "./form";
import { renderPart } from "./part";

const rebuilt = (rest: Partial<Rebuilt> = {}): Rebuilt => ({
  names: [],
  withoutSecret: [],
  unmatched: [],
  isCut: false,
  unfinished: 0,
  notMade: 0,
  installationLost: false,
  ...rest,
});

const lost = { setAside: "/home/me/desk.sqlite3.damaged-1" };

function start(answers: Parameters<typeof backend>[0]) {
  const spy = backend(answers);
  renderPart(null, {}, ({ questions }) => questions.ask({ kind: "loss", loss: lost }));
  return spy;
}

describe("a list of tokens that was damaged", () => {
  test("is made anew with one click, and says where the old one is", async () => {
    backend({
      ...complete,
      startup: () => ({ ...restored().startup(), loss: lost }),
      rebuild_tokens: () => rebuilt({ names: ["Home bot", "Night grid"] }),
      list_tokens: () => [token()],
    });
    render(App);
    const go = await screen.findByTestId("loss-rebuild");
    expect(screen.getByRole("dialog").textContent).toContain("/home/me/desk.sqlite3.damaged-1");
    await user.click(go);
    expect((await screen.findByTestId("loss-back")).textContent).toContain("Home bot and Night grid");
    await user.click(screen.getByTestId("loss-close"));
    await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("nav-tokens")));
    await user.click(screen.getByTestId("nav-tokens"));
    expect(await screen.findAllByTestId("token-row")).toHaveLength(1);
  });

  test("waits for a keyring that is locked", async () => {
    let locked = true;
    start({
      rebuild_tokens: () => {
        if (!locked) return rebuilt({ names: ["Home bot"] });
        locked = false;
        throw appError("keyring-locked");
      },
    });
    const go = await screen.findByTestId("loss-rebuild");
    await user.click(go);
    expect((await screen.findByTestId("loss-error")).dataset["code"]).toBe("keyring-locked");
    await user.click(go);
    await screen.findByTestId("loss-back");
  });

  test("says of a creation that came to nothing that it did", async () => {
    start({ rebuild_tokens: () => rebuilt({ notMade: 1 }) });
    await user.click(await screen.findByTestId("loss-rebuild"));
    expect((await screen.findByTestId("loss-not-made")).textContent).toContain("None came of it");
    expect(screen.getByTestId("loss").textContent).not.toContain("nothing to bring back");
  });

  test("keeps what came back in sight when the rest is asked again", async () => {
    let first = true;
    start({
      rebuild_tokens: () => {
        if (!first) return rebuilt({ notMade: 1 });
        first = false;
        return rebuilt({ names: ["Home bot"], unfinished: 1 });
      },
    });
    await user.click(await screen.findByTestId("loss-rebuild"));
    const again = await screen.findByTestId("loss-again");
    await waitFor(() => expect(document.activeElement, "not what gives up").toBe(again));
    await user.click(again);
    await screen.findByTestId("loss-not-made");
    expect(screen.getByTestId("loss-back").textContent).toContain("Home bot");
  });

  test("keeps what came back while a passphrase is asked for in between", async () => {
    let isOpen = false;
    let first = true;
    start({
      rebuild_tokens: () => {
        if (!first && !isOpen) throw appError("secrets-file-closed");
        if (isOpen) return rebuilt({ names: ["Night grid"] });
        first = false;
        return rebuilt({ names: ["Home bot"], unfinished: 1 });
      },
      open_secrets_file: () => {
        isOpen = true;
        return { place: "file", isOpen, copiesInKeyring: false };
      },
    });
    await user.click(await screen.findByTestId("loss-rebuild"));
    await user.click(await screen.findByTestId("loss-again"));
    await user.click(await within(await screen.findByTestId("loss-error")).findByTestId("safe-help"));
    expect(screen.queryByTestId("loss"), "it makes way").toBeNull();
    await user.type(await screen.findByTestId("passphrase"), "orbit lantern{Enter}");
    await waitFor(() =>
      expect(screen.getByTestId("loss-back").textContent).toContain("Home bot and Night grid"),
    );
  });

  test("can go on without a token whose service cannot be asked", async () => {
    const { count } = start({
      rebuild_tokens: () => rebuilt({ unfinished: 1 }),
      give_up_rebuilding: () => null,
    });
    await user.click(await screen.findByTestId("loss-rebuild"));
    await screen.findByTestId("loss-unfinished");
    await user.click(screen.getByTestId("loss-give-up"));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(count("give_up_rebuilding")).toBe(1);
  });
});
