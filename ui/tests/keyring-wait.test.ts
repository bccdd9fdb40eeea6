import { screen, waitFor } from "@testing-library/svelte";
import { expect, test } from "vitest";
import KeyringWait from "../src/asks/safe/KeyringWait.svelte";
import { backend } from "./backend";
import { renderPart } from "./part";

test("a keyring that lets the app wait is named until it answers", async () => {
  const asked: { seen: unknown; answer: (waits: boolean) => void }[] = [];
  backend({
    keyring_waits: ({ seen }) => new Promise<boolean>((answer) => asked.push({ seen, answer })),
  });
  renderPart(KeyringWait, {});
  await waitFor(() => expect(asked.map(({ seen }) => seen)).toEqual([false]));
  expect(screen.queryByTestId("keyring-waits")).toBeNull();

  asked.at(-1)?.answer(true);
  const note = await screen.findByTestId("keyring-waits");
  expect(note.textContent).toContain("may be asking for its password");
  await waitFor(() => expect(asked.map(({ seen }) => seen)).toEqual([false, true]));

  asked.at(-1)?.answer(false);
  await waitFor(() => expect(screen.queryByTestId("keyring-waits")).toBeNull());
  await waitFor(() => expect(asked).toHaveLength(3));
});
