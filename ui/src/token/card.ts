import type {
  Destination,
  Draft,
  DraftCheck,
  EntryView,
  Permission,
  Risk,
  TokenType,
  TokenView,
} from "$lib/bindings";
import { m } from "$lib/paraglide/messages";
import type { SealCore, SealMark, SealSubject } from "../components/seal";
import { permissionArcs } from "./permissions";

export type CardEntry = { label: string | null; address: string; note: string | null; rejected: boolean };

/** What the token card shows, whether of a draft or of an issued token. */
export type Card = {
  seal: SealSubject;
  destination: Destination;
  name: string;
  tokenType: TokenType | null;
  entries: CardEntry[];
  anyAddress: boolean;
  permissions: Permission[];
  risk: Risk;
  /** Nothing was filled in yet. */
  blank: boolean;
};

export function cardOfDraft(draft: Draft, check: DraftCheck): Card {
  const entries = draft.anyAddress ? [] : check.trustedIps.entries.filter(shownOnCard);
  const kept = entries.filter(({ output }) => output !== null);
  const name = draft.name.trim();
  return {
    seal: {
      id: draft.id,
      core: coreOf(draft.tokenType),
      marks: kept.map(markOf),
      arcs: permissionArcs(draft.permissions),
    },
    destination: draft.destination,
    name,
    tokenType: draft.tokenType,
    entries: entries.map((entry) => ({
      label: entry.label,
      address: entry.output ?? entry.text,
      note: noteOf(entry),
      rejected: entry.verdict === "reject",
    })),
    anyAddress: draft.anyAddress,
    permissions: draft.permissions,
    risk: check.risk,
    blank: name === "" && draft.tokenType === null && entries.length === 0 && draft.permissions.length === 0,
  };
}

export function cardOfToken(token: TokenView): Card {
  return {
    seal: sealOfToken(token),
    destination: token.destination,
    name: token.name,
    tokenType: token.tokenType,
    entries: token.trustedIps.map((entry) => ({
      label: entry.label,
      address: entry.text,
      note: entry.isNetwork && entry.addressCount ? m.ips_addresses({ count: entry.addressCount }) : null,
      rejected: false,
    })),
    anyAddress: token.trustedIps.length === 0,
    permissions: token.permissions,
    risk: token.risk,
    blank: false,
  };
}

export function sealOfToken(token: TokenView): SealSubject {
  return {
    id: token.id,
    core: coreOf(token.tokenType),
    marks: token.trustedIps.map(markOf),
    arcs: permissionArcs(token.permissions),
  };
}

/** "7f3a ···· ···· 91c2": enough to tell two keys apart. */
export function shortKey(apiKey: string): string {
  return `${apiKey.slice(0, 4)} ···· ···· ${apiKey.slice(-4)}`;
}

/** Duplicates and what a range covers are left out of the token, so also of its card. */
function shownOnCard(entry: EntryView): boolean {
  return entry.output !== null || entry.verdict === "reject";
}

function noteOf(entry: EntryView): string | null {
  if (entry.verdict === "reject") return m.ips_not_possible();
  return entry.isNetwork && entry.addressCount ? m.ips_addresses({ count: entry.addressCount }) : null;
}

function coreOf(type: TokenType | null): SealCore {
  if (type === null) return null;
  return type === "selfGenerated" ? "self" : "system";
}

function markOf({ isNetwork }: { isNetwork: boolean }): SealMark {
  return isNetwork ? "network" : "address";
}
