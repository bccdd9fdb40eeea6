import { screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import type { Hint } from "$lib/bindings";
import TrustedIpsStep from "../src/create/trusted-ips/TrustedIpsStep.svelte";
import { detected } from "./backend";
import { checking, chips } from "./fake-list";
import { user } from "./form";
import { renderPart } from "./part";

describe("finding the addresses", () => {
  test("nobody is asked for the address before the click, and then it is on the list once", async () => {
    const { count } = checking();
    renderPart(TrustedIpsStep, { done: false });
    expect(count("detect_addresses")).toBe(0);
    await user.click(screen.getByTestId("detect"));
    await waitFor(() => expect(chips()).toHaveLength(1));
    expect(screen.getByTestId("made-up").textContent).toContain("offline");
    expect(screen.getByTestId("made-up").textContent).toContain("made up");
    await user.click(screen.getByTestId("detect"));
    await waitFor(() => expect(screen.getByTestId("detect-outcome").textContent).toContain("Nothing new"));
    expect(chips()).toHaveLength(1);
  });

  test("a confirmed address of each family is added in one click, with its label", async () => {
    checking({
      detect_addresses: () =>
        detected({
          added: [
            { address: "198.51.101.9", family: "v4", status: "confirmed" },
            { address: "2606:4700::9", family: "v6", status: "confirmed" },
          ],
          hints: [{ kind: "both-families" }],
        }),
    });
    renderPart(TrustedIpsStep, { done: false });
    await user.click(screen.getByTestId("detect"));
    await waitFor(() => expect(chips()).toHaveLength(2));
    expect(chips().map((chip) => chip.textContent.trim())).toEqual([
      expect.stringMatching(/^This computer\s+198\.51\.101\.9/u),
      expect.stringMatching(/^This computer \(IPv6\)\s+2606:4700::9/u),
    ]);
    expect(screen.getByTestId("hint").textContent).toContain("both belong on the list");
  });

  test("an address that one service names is only added when the person says so", async () => {
    checking({
      detect_addresses: () =>
        detected({
          offered: [{ address: "198.51.101.9", family: "v4", status: "unconfirmed", operators: ["One"] }],
        }),
    });
    renderPart(TrustedIpsStep, { done: false });
    await user.click(screen.getByTestId("detect"));
    const offer = await screen.findByTestId("offered");
    expect(chips()).toHaveLength(0);
    expect(offer.textContent).toContain("Only One names this address");
    await user.click(within(offer).getByTestId("offered-add"));
    await waitFor(() => expect(chips()[0]?.textContent).toContain("This computer"));
  });

  test.each([
    ["offline", "seem to be offline"],
    ["signIn", "sign in first"],
    ["noAddress", "No service told us"],
  ] as const)("%s is said in its own words, and nothing is added", async (trouble, words) => {
    checking({ detect_addresses: () => detected({ trouble }) });
    renderPart(TrustedIpsStep, { done: false });
    await user.click(screen.getByTestId("detect"));
    expect((await screen.findByTestId("detect-trouble")).textContent).toContain(words);
    expect(chips()).toHaveLength(0);
  });

  test("asking can be stopped, and what comes afterwards is not listened to", async () => {
    const { count } = checking({ detect_addresses: () => new Promise(() => {}), stop_detecting: () => null });
    renderPart(TrustedIpsStep, { done: false });
    await user.click(screen.getByTestId("detect"));
    await user.click(await screen.findByTestId("detect-stop"));
    expect(count("stop_detecting")).toBe(1);
    expect(screen.getByTestId("detect-outcome").textContent.trim()).toBe("");
  });

  const hints: Hint[] = [
    { kind: "behind-router", private: "192.168.1.23" },
    { kind: "both-families" },
    { kind: "carrier-nat", address: "100.64.0.9" },
    { kind: "intercepted", operators: ["One", "Two"] },
    { kind: "many-exits", addresses: ["198.51.101.9", "198.51.101.10"] },
    { kind: "one-family", missing: "v6" },
    { kind: "one-family", missing: "v4" },
    { kind: "proxy", url: "http://proxy.example:3128/", operators: ["One"] },
    { kind: "proxy", url: "http://proxy.example:3128/", operators: [] },
    { kind: "temporary-ipv6", address: "2606::9", stable: "2606::1", network: "2606::/64" },
    { kind: "temporary-ipv6", address: "2606::9", stable: null, network: "2606::/64" },
    { kind: "vpn", interface: "wg0" },
  ];
  test.each(hints)("the hint $kind names what it is about, and what to do", async (hint) => {
    checking({ detect_addresses: () => detected({ hints: [hint] }) });
    renderPart(TrustedIpsStep, { done: false });
    await user.click(screen.getByTestId("detect"));
    const said = (await screen.findByTestId("hint")).textContent;
    for (const value of Object.entries(hint).flatMap(([key, value]) => (key === "kind" ? [] : value))) {
      if (value !== null && value !== "v4" && value !== "v6") expect(said).toContain(value);
    }
    expect(said).not.toMatch(/undefined|null|CIDR|NAT\b/u);
  });

  test("the network around is trusted in one click where its address changes by itself", async () => {
    const hint: Hint = { kind: "temporary-ipv6", address: "2606::9", stable: null, network: "2606::/64" };
    checking({ detect_addresses: () => detected({ hints: [hint] }) });
    renderPart(TrustedIpsStep, { done: false });
    await user.click(screen.getByTestId("detect"));
    await user.click(await screen.findByTestId("hint-network"));
    await waitFor(() => expect(chips()[0]?.textContent).toContain("2606::/64"));
    expect(chips()[0]?.textContent).toContain("This network");
    expect(screen.queryByTestId("hint-network")).toBeNull();
  });

  test("for a server there is a command to paste there, and its name can be looked up", async () => {
    const { calls } = checking({
      server_commands: () => [
        { shell: "posix", family: "v4", text: "curl -4 'https://one.example/'" },
        { shell: "powerShell", family: "v4", text: "curl.exe -4 'https://one.example/'" },
      ],
      copy_server_command: () => null,
      lookup_host: () => ({
        host: "vps.example",
        addresses: [
          { address: "198.51.101.9", usable: true },
          { address: "10.0.0.7", usable: false },
          { address: "2606::9", usable: true },
        ],
        problem: null,
      }),
    });
    renderPart(TrustedIpsStep, { done: false });
    await user.click(screen.getByTestId("where-server"));
    expect(screen.queryByTestId("detect")).toBeNull();
    expect((await screen.findByTestId("server-command")).textContent).toBe("curl -4 'https://one.example/'");
    await user.click(screen.getByTestId("shell-powerShell"));
    expect(screen.getByTestId("server-command").textContent).toContain("curl.exe");
    await user.click(screen.getByTestId("server-copy-v4"));
    expect(calls.find(({ command }) => command === "copy_server_command")?.args).toEqual({
      shell: "powerShell",
      family: "v4",
    });

    await user.type(screen.getByTestId("host-name"), "vps.example{Enter}");
    const found = screen.getByTestId("host-found");
    await waitFor(() => expect(found.textContent).toContain("not a public address"));
    await user.click(screen.getByTestId("host-add-all"));
    await waitFor(() => expect(chips()).toHaveLength(2));
    expect(chips()[0]?.textContent).toContain("vps.example");
    expect(found.textContent).toContain("on the list");
  });

  test("a name that nobody knows is said beside the field, and what was typed stays", async () => {
    checking({
      server_commands: () => [],
      lookup_host: () => ({ host: null, addresses: [], problem: "host-not-found" }),
    });
    renderPart(TrustedIpsStep, { done: false });
    await user.click(screen.getByTestId("where-both"));
    expect(screen.getByTestId("detect")).toBeDefined();
    await user.type(screen.getByTestId("host-name"), "nowhere.example{Enter}");
    await waitFor(() =>
      expect(screen.getByTestId("host-found").textContent).toContain("Nobody knows this name"),
    );
    expect(screen.getByTestId<HTMLInputElement>("host-name").value).toBe("nowhere.example");
  });
});
