import type { Missing } from "$lib/bindings";

/** The ids of the controls that a link or an error leads to. */
export const fieldId = {
  type: "field-type",
  name: "field-name",
  ips: "field-ips",
  permissions: "field-permissions",
  destination: "field-destination",
} as const;

/** Brings a control into view and gives it the focus. `within` names the first of several inside a group. */
export function focusOn(selector: string): void {
  const control = document.querySelector<HTMLElement>(selector);
  control?.focus({ preventScroll: true });
  control?.scrollIntoView({ block: "center" });
}

export const missingTarget: Record<Missing, string> = {
  destination: `#${fieldId.destination} input:checked`,
  type: `#${fieldId.type} input`,
  key: `#${fieldId.type} input:checked`,
  name: `#${fieldId.name}`,
  nameProblem: `#${fieldId.name}`,
  trustedIps: `#${fieldId.ips}`,
  rejectedEntry: `[data-verdict="reject"] button`,
  tooManyEntries: `#${fieldId.ips}`,
  permissions: `#${fieldId.permissions} button[role="switch"]`,
};
