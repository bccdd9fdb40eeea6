import type { Permission } from "$lib/bindings";
import { m } from "$lib/paraglide/messages";

export type Group = { name: () => string; read: Permission; write: Permission };
export type Preset = "statistics" | "bots" | "everything";

/** The documented set of 3Commas, in the order the seal draws them. */
export const groups: readonly Group[] = [
  { name: m.group_bots, read: "BOTS_READ", write: "BOTS_WRITE" },
  { name: m.group_accounts, read: "ACCOUNTS_READ", write: "ACCOUNTS_WRITE" },
  { name: m.group_smart_trades, read: "SMART_TRADES_READ", write: "SMART_TRADES_WRITE" },
];

export const permissionWords: Record<Permission, () => string> = {
  BOTS_READ: m.permission_bots_read,
  BOTS_WRITE: m.permission_bots_write,
  ACCOUNTS_READ: m.permission_accounts_read,
  ACCOUNTS_WRITE: m.permission_accounts_write,
  SMART_TRADES_READ: m.permission_smart_trades_read,
  SMART_TRADES_WRITE: m.permission_smart_trades_write,
};

/** "Whoever holds your key could …" */
export const abilityWords: Record<Permission, () => string> = {
  BOTS_READ: m.able_bots_read,
  BOTS_WRITE: m.able_bots_write,
  ACCOUNTS_READ: m.able_accounts_read,
  ACCOUNTS_WRITE: m.able_accounts_write,
  SMART_TRADES_READ: m.able_smart_trades_read,
  SMART_TRADES_WRITE: m.able_smart_trades_write,
};

export const presets: Record<Preset, { label: () => string; permissions: readonly Permission[] }> = {
  statistics: {
    label: m.preset_statistics,
    permissions: ["BOTS_READ", "ACCOUNTS_READ", "SMART_TRADES_READ"],
  },
  bots: { label: m.preset_bots, permissions: ["BOTS_READ", "BOTS_WRITE", "ACCOUNTS_READ"] },
  everything: { label: m.preset_everything, permissions: groups.flatMap(({ read, write }) => [read, write]) },
};

const order: readonly Permission[] = groups.flatMap(({ read, write }) => [read, write]);

export function inOrder(permissions: Iterable<Permission>): Permission[] {
  const chosen = new Set(permissions);
  return order.filter((permission) => chosen.has(permission));
}

/** The worst in each group: who may write need not be told that they may also look. */
export function abilities(permissions: readonly Permission[]): string[] {
  return groups.flatMap(({ read, write }) => {
    if (permissions.includes(write)) return [abilityWords[write]()];
    return permissions.includes(read) ? [abilityWords[read]()] : [];
  });
}

/** What the seal and the card draw: a letter for each of the six, `r`, `w` or `0`. */
export function permissionArcs(permissions: readonly Permission[]): string {
  return groups
    .map(
      ({ read, write }) =>
        (permissions.includes(read) ? "r" : "0") + (permissions.includes(write) ? "w" : "0"),
    )
    .join("");
}

export type Switched = {
  permissions: Permission[];
  /** the READ that came along with a WRITE */ implied: Permission | null;
};

/** Switches one permission. WRITE brings READ of its group along; taking READ away again is the person's to do. */
export function switched(permissions: readonly Permission[], permission: Permission, on: boolean): Switched {
  if (!on) return { permissions: permissions.filter((kept) => kept !== permission), implied: null };
  const read = groups.find(({ write }) => write === permission)?.read ?? null;
  const implied = read && !permissions.includes(read) ? read : null;
  return { permissions: inOrder([...permissions, permission, ...(implied ? [implied] : [])]), implied };
}

export function presetOf(permissions: readonly Permission[]): Preset | null {
  const wanted = permissionArcs(permissions);
  const found = Object.entries(presets).find(([, preset]) => permissionArcs(preset.permissions) === wanted);
  return found ? (found[0] as Preset) : null;
}
