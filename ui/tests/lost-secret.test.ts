import { screen, waitFor } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import { appError, draft } from "./backend";
import { nameField, user } from "./form";
import { at, gone, made, start } from "./interruption";

describe("a token whose secret is lost", () => {
  test("is revoked with a code, and the form has its values", async () => {
    const form = draft({ id: "00000000-0000-4000-8000-000000000009", tokenType: "systemGenerated" });
    const { calls, count } = start("sent", () => [gone], { revoke_for_renewal: () => form });
    await user.click(await screen.findByTestId("interrupted-finish"));
    expect((await screen.findByTestId("interrupted-outcome")).textContent).toContain("is lost");
    expect(count("creation_seen")).toBe(1);
    await user.click(screen.getByTestId("interrupted-renew"));
    await user.type(await screen.findByTestId("otp"), "111111");
    expect((await screen.findByTestId("renewed")).textContent).toContain("“Home bot” is revoked");
    expect(calls.find(({ command }) => command === "revoke_for_renewal")?.args).toEqual({
      id: draft().id,
      code: "111111",
    });
    expect(nameField().value).toBe("Home bot");
    await waitFor(() => {
      const kept = calls.filter(({ command }) => command === "keep_draft").at(-1);
      expect(kept?.args["draft"]).toMatchObject({ id: form.id });
    });
  });

  test("has it again from the file that the person saved", async () => {
    const files = [null, "wrong", "right"];
    const { count } = start("sent", () => [gone], {
      restore_secret: () => {
        const chosen = files.shift();
        if (chosen === "wrong") throw appError("file-not-of-token", { params: { path: "/home/me/other" } });
        return chosen === "right" ? { outcome: "works", code: "ok", at, millis: 80 } : null;
      },
    });
    await user.click(await screen.findByTestId("interrupted-finish"));
    const restore = await screen.findByTestId("restore");
    await user.click(restore);
    await waitFor(() => expect(count("restore_secret")).toBe(1));
    expect(screen.getByTestId("restore-error").textContent).toBe("");
    await user.click(restore);
    await waitFor(() => expect(screen.getByTestId("restore-error").textContent).toContain("not the file"));
    await user.click(restore);
    await waitFor(() =>
      expect(screen.getByTestId("interrupted-outcome").dataset["outcome"]).toBe("restored"),
    );
    expect(screen.getByTestId("interrupted-outcome").textContent).toContain("“Home bot” is here again");
  });

  test("a wrong code revokes nothing, and the dialog stays", async () => {
    start("sent", () => [gone], {
      revoke_for_renewal: () => {
        throw appError("otp-invalid", { field: "code" });
      },
    });
    await user.click(await screen.findByTestId("interrupted-finish"));
    await user.click(await screen.findByTestId("interrupted-renew"));
    await user.type(await screen.findByTestId("otp"), "111111");
    await waitFor(() => expect(screen.getByTestId("otp-error").dataset["code"]).toBe("otp-invalid"));
    expect(screen.queryByTestId("renewed")).toBeNull();
  });
});

describe("a secret", () => {
  test("can be saved to a file, and where is said", async () => {
    start("sent", () => [made], { save_secret: () => "/home/me/practice-home-bot.pem" });
    await user.click(await screen.findByTestId("interrupted-finish"));
    await user.click(await screen.findByTestId("secret-save"));
    await waitFor(() =>
      expect(screen.getByTestId("secret-saved").textContent).toContain("/home/me/practice-home-bot.pem"),
    );
  });

  test("that was not saved to a file because the person chose none says nothing", async () => {
    const { count } = start("sent", () => [made], { save_secret: () => null });
    await user.click(await screen.findByTestId("interrupted-finish"));
    await user.click(await screen.findByTestId("secret-save"));
    await waitFor(() => expect(count("save_secret")).toBe(1));
    expect(screen.getByTestId("secret-saved").textContent).toBe("");
    expect(screen.queryByTestId("alert")).toBeNull();
  });
});
