import { render, screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import App from "../src/app/App.svelte";
import Tokens from "../src/tokens/Tokens.svelte";
import { backend, check, token } from "./backend";
import { user } from "./form";
import { renderPart } from "./part";

const three = ["Home bot", "Night grid", "Tax report"].map((name, index) =>
  token({ name, id: `00000000-0000-4000-8000-00000000000${String(index)}` }),
);

function open(answers: Parameters<typeof backend>[0] = {}) {
  let tokens = three;
  const spy = backend({
    list_tokens: () => tokens,
    forget_token: ({ id }) => {
      tokens = tokens.filter((kept) => kept.id !== id);
      return null;
    },
    ...answers,
  });
  renderPart(Tokens, {}, ({ places }) => places.go({ screen: "tokens", opened: null }));
  return spy;
}

describe("My tokens", () => {
  test("the list is one tab stop; arrows move and Enter opens", async () => {
    open();
    const rows = await screen.findAllByTestId("token-row");
    expect(rows.map((row) => row.tabIndex)).toEqual([0, -1, -1]);
    rows[0]?.focus();
    await user.keyboard("{ArrowDown}{ArrowDown}{Enter}");
    expect(rows[2]?.getAttribute("aria-selected")).toBe("true");
    expect(within(screen.getByTestId("token-card")).getByRole("heading").textContent).toBe("Tax report");
  });

  test.each([
    [{ outcome: "works", code: "ok" }, "let in"],
    [{ outcome: "refused", code: "untrusted-address" }, "not on the list"],
    [{ outcome: "notReached", code: "service-unreachable" }, "says nothing about the token"],
  ])("a check that gives %o says so in words", async (result, words) => {
    open({ check_token: () => ({ ...result, at: "2026-11-24T03:00:00Z", millis: 80 }) });
    await user.click(await screen.findByTestId("check-now"));
    await waitFor(() => expect(screen.getByTestId("check-result").textContent).toContain(words));
  });

  test("forgetting asks in place, says what lives on, and can be left", async () => {
    const { count } = open();
    await user.click(await screen.findByTestId("forget"));
    expect(screen.getByTestId("forget-question").textContent).toContain("lives on until it is revoked");
    await user.click(screen.getByTestId("forget-keep"));
    expect(count("forget_token")).toBe(0);
    await user.click(screen.getByTestId("forget"));
    await user.click(screen.getByTestId("forget-confirm"));
    await waitFor(() => expect(screen.getAllByTestId("token-row")).toHaveLength(2));
  });

  test("whoever left the result can still give the token to a script, unless its key is gone or not saved", async () => {
    const check = {
      outcome: "notReached",
      code: "secret-gone",
      at: "2026-11-24T03:00:00Z",
      millis: 0,
    } as const;
    open({
      list_tokens: () => [
        token({ name: "Home bot", id: "00000000-0000-4000-8000-000000000001" }),
        token({ name: "Lost", id: "00000000-0000-4000-8000-000000000002", lastCheck: check }),
        token({ name: "Held", id: "00000000-0000-4000-8000-000000000003", secretKept: false }),
      ],
      show_secret: () => "the private key",
      copy_api_key: () => null,
    });
    const rows = await screen.findAllByTestId("token-row");
    await user.click(screen.getByTestId("secret-show"));
    await waitFor(() => expect(screen.getByTestId("secret").textContent).toBe("the private key"));
    await user.click(screen.getByTestId("api-key-copy"));
    for (const other of rows.slice(1)) {
      await user.click(other);
      expect(screen.queryByTestId("secret-show")).toBeNull();
      expect(screen.queryByTestId("secret"), "it goes with its token").toBeNull();
    }
  });

  test("a secret that is only in memory can be saved to a file from here too", async () => {
    open({
      list_tokens: () => [token({ secretKept: false })],
      save_secret: () => "/home/me/practice-home-bot.env",
    });
    await user.click(await screen.findByTestId("secret-save"));
    await waitFor(() =>
      expect(screen.getByTestId("secret-saved").textContent).toContain("practice-home-bot"),
    );
  });

  test("a lost secret comes back from the file that the person saved", async () => {
    const at = "2026-11-24T03:00:00Z";
    const gone = { outcome: "notReached", code: "secret-gone", at, millis: 0 } as const;
    const works = { outcome: "works", code: "ok", at, millis: 80 } as const;
    let lastCheck: typeof gone | typeof works = gone;
    open({
      list_tokens: () => [token({ lastCheck })],
      restore_secret: () => (lastCheck = works),
    });
    expect((await screen.findByTestId("secret-lost")).textContent).toContain("choose the file");
    await user.click(screen.getByTestId("restore"));
    await waitFor(() => expect(screen.queryByTestId("secret-lost")).toBeNull());
    expect(screen.getByTestId("check-result").dataset["outcome"]).toBe("works");
  });

  test("with no tokens it leads to the first one", async () => {
    backend({ check_draft: () => check([]) });
    render(App);
    await user.click(screen.getByTestId("nav-tokens"));
    await user.click(await screen.findByRole("button", { name: "Make a practice token" }));
    expect(screen.getByTestId("name")).toBeDefined();
  });
});
