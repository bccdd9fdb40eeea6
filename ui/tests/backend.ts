import { vi } from "vitest";
import type {
  AppError,
  Detected,
  Draft,
  DraftCheck,
  EntryView,
  NoteCheck,
  TokenView,
  TrustedIpsView,
} from "$lib/bindings";

type Answer = (args: Record<string, unknown>) => unknown;

/** Stands in for Rust behind `invoke`. A command without an answer fails the test that called it. */
export function backend(answers: Partial<Record<string, Answer>>) {
  const calls: { command: string; args: Record<string, unknown> }[] = [];
  const invoke = async (command: string, args: Record<string, unknown> = {}) => {
    calls.push({ command, args });
    const answer = answers[command] ?? quiet[command];
    if (!answer) throw new Error(`no answer to ${command}`);
    return await answer(args);
  };
  vi.stubGlobal("__TAURI_INTERNALS__", { invoke });
  return {
    calls,
    count: (command: string) => calls.filter((call) => call.command === command).length,
  };
}

const quiet: Partial<Record<string, Answer>> = {
  usable: () => null,
  // Nobody wants to close the window.
  closing_asked: () => new Promise(() => undefined),
  // The keyring answers at once.
  keyring_waits: () => new Promise(() => undefined),
  keep_draft: () => null,
  discard_key: () => null,
  startup: () => ({
    draft: null,
    tokens: [],
    unfinished: [],
    loss: null,
    safe: { place: "keyring", isOpen: true, copiesInKeyring: false },
    version: "0.1.0",
    problems: [],
  }),
  list_tokens: () => [],
  check_note: ({ text }) => noteCheck({ length: String(text).trim().length }),
  begin_practice: () => null,
  creation_seen: () => null,
  prepare_key: () => ({ bits: 4096, millis: 900, fingerprint: "SHA256:test" }),
  practice_code: () => ({ code: "418302", secondsLeft: 17 }),
};

export function appError(code: AppError["code"], rest: Partial<AppError> = {}): AppError {
  return { code, field: null, params: {}, retry: null, ...rest };
}

export function entry(text: string, index: number, rest: Partial<EntryView> = {}): EntryView {
  return {
    index,
    text,
    verdict: "accept",
    reasons: [],
    output: text,
    suggestion: null,
    label: null,
    addressCount: null,
    first: null,
    last: null,
    isNetwork: false,
    madeUp: false,
    ...rest,
  };
}

export function list(entries: EntryView[], rest: Partial<TrustedIpsView> = {}): TrustedIpsView {
  const rejected = entries.filter(({ verdict }) => verdict === "reject");
  return {
    entries,
    counts: {
      entries: entries.length,
      rejected: rejected.length,
      fixable: rejected.filter(({ suggestion }) => suggestion !== null).length,
    },
    reasons: [],
    tidy: null,
    merges: [],
    ...rest,
  };
}

export function check(entries: EntryView[], rest: Partial<DraftCheck> = {}): DraftCheck {
  return {
    trustedIps: list(entries),
    nameProblem: null,
    missing: [],
    complete: true,
    risk: { level: 1, word: "looks" },
    trustedAddressCount: String(entries.length),
    ...rest,
  };
}

export function detected(rest: Partial<Detected> = {}): Detected {
  return { added: [], offered: [], trouble: null, hints: [], answers: [], ...rest };
}

export function draft(rest: Partial<Draft> = {}): Draft {
  return {
    id: "6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
    destination: "practice",
    tokenType: "selfGenerated",
    name: "Home bot",
    trustedIps: "203.0.113.7",
    anyAddress: false,
    scriptPlace: null,
    permissions: ["BOTS_READ"],
    ...rest,
  };
}

export function noteCheck(rest: Partial<NoteCheck> = {}): NoteCheck {
  return { length: 0, problem: null, looksSecret: false, ...rest };
}

export function token(rest: Partial<TokenView> = {}): TokenView {
  return {
    id: "6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
    destination: "practice",
    tokenType: "selfGenerated",
    name: "Home bot",
    apiKey: "practice0123456789",
    trustedIps: [{ text: "203.0.113.7", label: "Home", isNetwork: false, addressCount: null, madeUp: true }],
    permissions: ["BOTS_READ"],
    risk: { level: 1, word: "looks" },
    createdAt: "2026-11-24T03:00:00Z",
    note: null,
    lastCheck: null,
    secretKept: true,
    ...rest,
  };
}
