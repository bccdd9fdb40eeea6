import { screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, test } from "vitest";
import Tokens from "../src/tokens/Tokens.svelte";
import { appError, backend, noteCheck, token } from "./backend";
import { renderPart } from "./part";

const user = userEvent.setup();
const home = "00000000-0000-4000-8000-000000000001";
const grid = "00000000-0000-4000-8000-000000000002";

/** Two tokens in a list that remembers their notes. */
function open(answers: Parameters<typeof backend>[0] = {}) {
  let tokens = [token({ id: home, name: "Home bot" }), token({ id: grid, name: "Night grid" })];
  const spy = backend({
    list_tokens: () => tokens,
    keep_note: ({ id, text }) => {
      const note = String(text).replaceAll(/\s+/gu, " ").trim() || null;
      tokens = tokens.map((kept) => (kept.id === id ? { ...kept, note } : kept));
      return note;
    },
    ...answers,
  });
  renderPart(Tokens, {}, ({ places }) => places.go({ screen: "tokens", opened: null }));
  return spy;
}

const field = () => screen.findByLabelText<HTMLTextAreaElement>("Note");

describe("the note of a token", () => {
  test("is written, changed and emptied with the keyboard alone, and each time that is said", async () => {
    open();
    (await field()).focus();
    await user.keyboard("Hetzner VPS,  grid bot{Enter}");
    await waitFor(() => expect(screen.getByTestId("note-said").textContent).toBe("Saved."));
    expect((await field()).value, "as it is kept").toBe("Hetzner VPS, grid bot");
    const [row] = screen.getAllByTestId("token-row");
    if (!row) throw new Error("no row");
    expect(within(row).getByTestId("row-note").textContent).toBe("Hetzner VPS, grid bot");

    await user.keyboard(", paused");
    expect(screen.getByTestId("note-said").textContent, "no longer").toBe("");
    await user.tab();
    expect(document.activeElement).toBe(screen.getByTestId("note-save"));
    await user.keyboard("{Enter}");
    await waitFor(() => expect(screen.getByTestId("row-note").textContent).toContain("paused"));
    await waitFor(async () => expect(document.activeElement).toBe(await field()));

    await user.clear(await field());
    await user.keyboard("{Enter}");
    await waitFor(() => expect(screen.getByTestId("note-said").textContent).toBe("The note is gone."));
    expect(screen.queryByTestId("row-note")).toBeNull();
  });

  test("is counted by Rust against its limit", async () => {
    open({ check_note: () => noteCheck({ length: 201, problem: appError("note-too-long") }) });
    await waitFor(() => expect(screen.getByTestId("note-count").textContent).toBe("201 of 200"));
    expect(screen.getByTestId("note-problem").textContent).toContain("too long");
    expect((await field()).getAttribute("aria-invalid")).toBe("true");
  });

  test("that is refused says why beside the field, and what was typed stays", async () => {
    const { count } = open({
      keep_note: () => {
        throw appError("note-private-key");
      },
    });
    await user.type(await field(), "PRIVATE KEY{Enter}");
    await waitFor(() => expect(screen.getByTestId("note-problem").dataset["code"]).toBe("note-private-key"));
    expect(screen.getByTestId("note-problem").textContent).toContain("Take the key out");
    expect((await field()).value).toBe("PRIVATE KEY");
    expect(count("keep_note")).toBe(1);
    await user.type(await field(), "!");
    await waitFor(() => expect(screen.getByTestId("note-problem").textContent.trim()).toBe(""));
  });

  test("that looks like a secret is warned of while it is typed, and can be saved", async () => {
    open({ check_note: () => noteCheck({ looksSecret: true }) });
    await user.type(await field(), "password: x");
    await waitFor(() => expect(screen.getByTestId("note-problem").textContent).toContain("not a safe place"));
    expect((await field()).getAttribute("aria-invalid")).toBeNull();
    await user.click(screen.getByTestId("note-save"));
    await waitFor(() => expect(screen.getByTestId("note-said").textContent).toBe("Saved."));
  });

  test("that is not saved yet is found again after a look at another token", async () => {
    open();
    await user.type(await field(), "half a");
    const rows = await screen.findAllByTestId("token-row");
    await user.click(rows[1] as HTMLElement);
    expect((await field()).value).toBe("");
    await user.click(rows[0] as HTMLElement);
    expect((await field()).value).toBe("half a");
  });

  test("is not asked for while the token is in memory only", async () => {
    open({ list_tokens: () => [token({ secretKept: false })] });
    await screen.findByTestId("secret-unsaved");
    expect(screen.queryByTestId("note")).toBeNull();
  });
});
