import { render, screen, waitFor } from "@testing-library/svelte";
import { expect } from "vitest";
import type { Safe, TokenView } from "$lib/bindings";
import App from "../src/app/App.svelte";
import Create from "../src/create/Create.svelte";
import Settings from "../src/settings/Settings.svelte";
import { backend, draft } from "./backend";
import { complete, restored, user } from "./form";
import { renderPart } from "./part";

/** The dialogs that ask for a passphrase, as a person has them before them. */
export const PASSPHRASE = "orbit lantern meadow quartz";
export const keyring: Safe = { place: "keyring", isOpen: true, copiesInKeyring: false };
export const closed: Safe = { place: "file", isOpen: false, copiesInKeyring: false };
export const open: Safe = { place: "file", isOpen: true, copiesInKeyring: false };

export const field = (name: "" | "-again" | "-new" = "") =>
  screen.findByTestId<HTMLInputElement>(`passphrase${name}`);
export const go = () => user.click(screen.getByTestId("passphrase-go"));
export const problem = () => screen.getByTestId("passphrase-problem").textContent;
export const dialogIsGone = () => waitFor(() => expect(screen.queryByTestId("passphrase-go")).toBeNull());

type Answers = Parameters<typeof backend>[0];

/** Starts the app where secrets are kept in this place. */
export function start(safe: Safe, answers: Answers = {}) {
  const spy = answering(safe, { startup: () => ({ ...restored().startup(), safe }), ...answers });
  render(App);
  return spy;
}

/** The form where they are, after a start. */
export function showFormWith(safe: Safe, answers: Answers = {}, tokens: TokenView[] = []) {
  const spy = answering(safe, answers);
  renderPart(Create, {}, (around) => {
    around.creation.restore(draft());
    around.safekeeping.safe = safe;
    around.tokens.list = tokens;
    void around.practice.begin();
  });
  return spy;
}

/** Settings where they are. */
export async function showSettings(safe: Safe, answers: Answers = {}) {
  const spy = answering(safe, answers);
  renderPart(Settings, {}, ({ safekeeping }) => (safekeeping.safe = safe));
  await screen.findByTestId("safe-place");
  return spy;
}

function answering(safe: Safe, answers: Answers) {
  return backend({
    ...complete,
    safe: () => safe,
    address_sources: () => ({ sources: [], usual: true, lonely: [] }),
    ...answers,
  });
}

export async function choose(passphrase: string, again = passphrase) {
  for (const [name, text] of [
    ["-new", passphrase],
    ["-again", again],
  ] as const) {
    await user.click(await field(name));
    await user.paste(text);
  }
  await go();
}
