import { render, screen, waitFor } from "@testing-library/svelte";
import { expect } from "vitest";
import type { Safe } from "$lib/bindings";
import App from "../src/app/App.svelte";
import { backend, draft } from "./backend";
import { complete, user } from "./form";

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

/** Starts the app where secrets are kept in this place. */
export function start(safe: Safe, answers: Parameters<typeof backend>[0] = {}) {
  const spy = backend({
    ...complete,
    startup: () => ({
      draft: draft(),
      tokens: [],
      unfinished: [],
      loss: null,
      safe,
      version: "0.1.0",
      problems: [],
    }),
    safe: () => safe,
    address_sources: () => ({ sources: [], usual: true, lonely: [] }),
    ...answers,
  });
  render(App);
  return spy;
}

export async function choose(passphrase: string, again = passphrase) {
  await user.type(await field("-new"), passphrase);
  await user.type(await field("-again"), again);
  await go();
}
