import type { CheckView, Destination, Permission } from "$lib/bindings";
import { listed } from "$lib/format";
import { m } from "$lib/paraglide/messages";
import type { IconName } from "../components/icons";

export type Status = { kind: "ok" | "bad" | "care" | "none"; icon: IconName; word: string };

const statuses: Record<CheckView["outcome"], () => Status> = {
  works: () => ({ kind: "ok", icon: "check", word: m.status_works() }),
  refused: () => ({ kind: "bad", icon: "stop", word: m.status_refused() }),
  notReached: () => ({ kind: "care", icon: "warn", word: m.status_not_reached() }),
};

export function statusOf(check: CheckView | null): Status {
  if (check?.code === "secret-gone") return { kind: "bad", icon: "stop", word: m.status_secret_lost() };
  return check ? statuses[check.outcome]() : { kind: "none", icon: "ring", word: m.status_unchecked() };
}

export const destinationWords: Record<Destination, () => string> = {
  practice: m.practice,
  guided: m.destination_guided,
  ownServer: m.destination_own_server,
};

/** "Only looks", or what it can change. */
export function reachOf(permissions: readonly Permission[]): string {
  const changes = [
    permissions.includes("BOTS_WRITE") ? m.tokens_group_bots() : null,
    permissions.includes("ACCOUNTS_WRITE") ? m.tokens_group_accounts() : null,
    permissions.includes("SMART_TRADES_WRITE") ? m.tokens_group_smart_trades() : null,
  ].filter((word) => word !== null);
  return changes.length > 0 ? m.tokens_can_change({ groups: listed(changes) }) : m.tokens_only_looks();
}
