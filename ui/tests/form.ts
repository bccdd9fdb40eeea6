import { screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { expect } from "vitest";
import type { Draft } from "$lib/bindings";
import Create from "../src/create/Create.svelte";
import { check, draft, entry } from "./backend";
import { renderPart } from "./part";

/** The creation form as a person has it before them. */
export const user = userEvent.setup();
export const complete = { check_draft: () => check([entry("203.0.113.7", 0)]) };
export const restored = (rest: Partial<Draft> = {}) => ({
  startup: () => ({
    draft: draft(rest),
    tokens: [],
    unfinished: [],
    loss: null,
    safe: { place: "keyring", isOpen: true, copiesInKeyring: false },
    version: "0.1.0",
    problems: [],
  }),
});
/** The form over the draft that was kept, if there was one. */
export function showForm(kept: Draft | null = null): void {
  renderPart(Create, {}, ({ creation }) => creation.restore(kept));
}

export const nameField = () => screen.getByTestId<HTMLInputElement>("name");

export async function openDialog() {
  await waitFor(() => expect(screen.getByTestId("create").getAttribute("aria-disabled")).toBeNull());
  await user.click(screen.getByTestId("create"));
  return screen.findByTestId<HTMLInputElement>("otp");
}
