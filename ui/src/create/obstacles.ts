import { m } from "$lib/paraglide/messages";
import type { Obstacle } from "./creation.svelte";

const words: Record<Exclude<Obstacle, "rejectedEntry">, () => string> = {
  destination: m.missing_destination,
  type: m.missing_type,
  key: m.missing_key,
  name: m.missing_name,
  nameProblem: m.missing_name_problem,
  trustedIps: m.missing_trusted_ips,
  tooManyEntries: m.missing_too_many_entries,
  permissions: m.missing_permissions,
};

export function obstacleWords(obstacle: Obstacle, rejected: readonly string[]): string {
  if (obstacle === "rejectedEntry") {
    return rejected.length > 1
      ? m.missing_rejected_entries({ count: rejected.length })
      : m.missing_rejected_entry({ entry: rejected[0] ?? "" });
  }
  return words[obstacle]();
}

/** Everything is filled in, and something of it is wrong. */
export function blockedOnly(obstacles: readonly Obstacle[]): boolean {
  const wrong: readonly Obstacle[] = ["rejectedEntry", "tooManyEntries", "nameProblem"];
  return obstacles.every((obstacle) => wrong.includes(obstacle));
}

export function headingOf(obstacles: readonly Obstacle[]): string {
  const count = obstacles.length;
  return blockedOnly(obstacles) ? m.in_the_way({ count }) : m.things_missing({ count });
}
