import type { Draft, DraftCheck } from "$lib/bindings";
import { newId } from "$lib/id";

export function blankDraft(): Draft {
  return {
    id: newId(),
    destination: "practice",
    tokenType: null,
    name: "",
    trustedIps: "",
    anyAddress: false,
    scriptPlace: null,
    permissions: [],
  };
}

/** What is said of an untouched form, so that the first paint waits for nothing. */
export const blankCheck: DraftCheck = {
  trustedIps: {
    entries: [],
    counts: { entries: 0, rejected: 0, fixable: 0 },
    reasons: [],
    tidy: null,
    merges: [],
  },
  nameProblem: null,
  missing: ["type", "name", "trustedIps", "permissions"],
  complete: false,
  risk: { level: 0, word: "none" },
  trustedAddressCount: "0",
};
