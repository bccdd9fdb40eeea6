import { render, screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import App from "../src/app/App.svelte";
import { appError, backend, check, draft } from "./backend";
import { complete, nameField, openDialog, restored, showForm, user } from "./form";

describe("the form", () => {
  test("is complete on paper before any command has answered", () => {
    backend({ startup: () => new Promise(() => undefined), check_draft: () => new Promise(() => undefined) });
    render(App);
    expect(nameField().value).toBe("");
    expect(within(screen.getByTestId("missing-list")).getAllByRole("link")).toHaveLength(4);
    expect(screen.getByTestId("create").getAttribute("aria-disabled")).toBe("true");
  });

  test("takes up the draft that was kept", async () => {
    backend({ ...complete, ...restored() });
    render(App);
    await waitFor(() => expect(nameField().value).toBe("Home bot"));
  });

  test("keeps what was typed while the kept draft was on its way", async () => {
    let answer: (startup: unknown) => void = () => undefined;
    backend({ ...complete, startup: () => new Promise((resolve) => (answer = resolve)) });
    render(App);
    await user.type(nameField(), "Quick one");
    answer(restored().startup());
    await waitFor(() => expect(screen.getByTestId("create").getAttribute("aria-disabled")).toBeNull());
    expect(nameField().value).toBe("Quick one");
  });

  test("a missing thing is a link that leads to its field", async () => {
    backend({ check_draft: () => check([], { missing: ["name"], complete: false }) });
    showForm();
    await user.click(await screen.findByRole("link", { name: "Give it a name" }));
    expect(document.activeElement).toBe(nameField());
  });

  test("Self generated has its key made at once, and System generated throws it away", async () => {
    const { count } = backend({ ...complete });
    showForm();
    await user.click(screen.getByTestId("type-self"));
    expect(count("prepare_key")).toBe(1);
    await waitFor(() => expect(screen.getByTestId("key-state").dataset["state"]).toBe("ready"));
    await user.click(screen.getByTestId("type-system"));
    expect(count("discard_key")).toBe(1);
  });

  test("a key that could not be made says so and is tried again", async () => {
    let tries = 0;
    backend({
      ...complete,
      prepare_key: () => {
        tries += 1;
        if (tries === 1) throw appError("key-failed", { field: "key" });
        return { bits: 4096, millis: 900, fingerprint: "" };
      },
    });
    showForm();
    await user.click(screen.getByTestId("type-self"));
    await user.click(
      await within(screen.getByTestId("key-state")).findByRole("button", { name: "Try again" }),
    );
    await waitFor(() => expect(screen.getByTestId("key-state").dataset["state"]).toBe("ready"));
  });

  test("WRITE switches READ on, says so, and takes it back on Undo", async () => {
    backend({ ...complete });
    showForm();
    await user.click(screen.getByTestId("perm-BOTS_WRITE"));
    const read = screen.getByTestId("perm-BOTS_READ");
    expect(read.getAttribute("aria-checked")).toBe("true");
    await user.click(screen.getByTestId("undo-BOTS_READ"));
    expect(read.getAttribute("aria-checked")).toBe("false");
    expect(screen.getByTestId("perm-BOTS_WRITE").getAttribute("aria-checked")).toBe("true");
    expect(screen.queryByTestId("undo-BOTS_READ")).toBeNull();
  });

  test("a place that is coming says so, and nothing can be created there", async () => {
    const { count } = backend({ ...complete });
    showForm(draft());
    await user.click(screen.getByTestId("destination-guided"));
    expect(screen.getByTestId("coming").textContent).toContain("Practice works today");
    await user.click(screen.getByTestId("create"));
    expect(screen.queryByTestId("otp")).toBeNull();
    expect(count("create_token")).toBe(0);
  });

  test("trouble without a field is announced in the one region, with another try", async () => {
    let tries = 0;
    backend({
      ...complete,
      startup: () => {
        tries += 1;
        if (tries === 1) throw appError("practice-unavailable");
        return restored().startup();
      },
    });
    render(App);
    const alert = await screen.findByTestId("alert");
    expect(alert.closest('[role="alert"]')).not.toBeNull();
    await user.click(within(alert).getByRole("button", { name: "Try again" }));
    await waitFor(() => expect(nameField().value).toBe("Home bot"));
    expect(screen.queryByTestId("alert")).toBeNull();
  });
});

describe("the six-digit code", () => {
  test("pasted with a space in the middle, it is sent at its sixth digit, once", async () => {
    const { calls, count } = backend({
      ...complete,
      create_token: () => new Promise(() => undefined),
    });
    showForm(draft());
    const otp = await openDialog();
    otp.focus();
    await user.paste("123 456");
    await waitFor(() => expect(count("create_token")).toBe(1));
    await user.keyboard("{Enter}");
    expect(calls.find(({ command }) => command === "create_token")?.args["code"]).toBe("123456");
    expect(count("create_token")).toBe(1);
  });

  test("a wrong code keeps the dialog, the digits and the form, and typing replaces it", async () => {
    const { calls } = backend({
      ...complete,
      create_token: ({ code }) => {
        if (code === "111111") throw appError("otp-invalid", { field: "code" });
        return new Promise(() => undefined);
      },
    });
    showForm(draft());
    const otp = await openDialog();
    await user.type(otp, "111111");
    const error = screen.getByTestId("otp-error");
    await waitFor(() => expect(error.dataset["code"]).toBe("otp-invalid"));
    expect(otp.getAttribute("aria-describedby")).toBe(error.id);
    expect(otp.value).toBe("111111");
    expect(nameField().value).toBe("Home bot");
    await waitFor(() => expect([otp.selectionStart, otp.selectionEnd]).toEqual([0, 6]));
    // The same once more would only count towards a lock, unless it is typed once more.
    await user.keyboard("{Enter}");
    await user.click(screen.getByTestId("otp-submit"));
    const sent = () =>
      calls.filter(({ command }) => command === "create_token").map(({ args }) => args["code"]);
    expect(sent()).toEqual(["111111"]);
    await user.clear(otp);
    await user.type(otp, "111111");
    await waitFor(() => expect(sent()).toEqual(["111111", "111111"]));
    await waitFor(() => expect([otp.selectionStart, otp.selectionEnd]).toEqual([0, 6]));
    await user.keyboard("222222");
    await waitFor(() => expect(sent()).toEqual(["111111", "111111", "222222"]));
  });

  test("a lock counts down and takes no code before its end", async () => {
    const { count } = backend({
      ...complete,
      create_token: () => {
        throw appError("otp-locked", { field: "code", retry: 272 });
      },
    });
    showForm(draft());
    await user.type(await openDialog(), "111111");
    await waitFor(() => expect(screen.getByTestId("otp-error").textContent).toContain("4:3"));
    await user.click(screen.getByTestId("otp-submit"));
    expect(count("create_token")).toBe(1);
  });

  test("the practice code is asked for only while the dialog is open", async () => {
    const { count } = backend({ ...complete });
    showForm(draft());
    await screen.findByTestId("create");
    expect(count("practice_code")).toBe(0);
    await openDialog();
    await waitFor(() => expect(screen.getByTestId("practice-code").dataset["code"]).toBe("418302"));
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByTestId("otp")).toBeNull());
    expect(nameField().value).toBe("Home bot");
    await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("create")));
  });

  test("a refused field closes the dialog and stands beside that field", async () => {
    backend({
      ...complete,
      create_token: () => {
        throw appError("record-invalid", { field: "name", params: { detail: "is not liked" } });
      },
    });
    showForm(draft());
    await user.type(await openDialog(), "111111");
    await waitFor(() => expect(screen.queryByTestId("otp")).toBeNull());
    expect(nameField().getAttribute("aria-invalid")).toBe("true");
    expect(screen.getByTestId("name-problem").textContent).toContain("is not liked");
    await user.type(nameField(), " 2");
    expect(nameField().getAttribute("aria-invalid")).toBeNull();
  });
});
