import type { Component } from "svelte";
import { m } from "$lib/paraglide/messages";
import type { IconName } from "../components/icons";
import Create from "../create/Create.svelte";
import { provideCreate } from "../create/provide.svelte";
import type { Place, Screen } from "../frame/places.svelte";
import Settings from "../settings/Settings.svelte";
import Tokens from "../tokens/Tokens.svelte";
import { provideUnsavedNotes } from "../tokens/unsaved-notes";

type Row = {
  label: () => string;
  icon: IconName;
  component: Component;
  /** Makes what outlives a look at another screen. */
  provide?: () => unknown;
  /** Where the navigation leads at first. */
  start: Place;
};

/** Every screen, in the order of the navigation. A new one is a folder, a row here, and what its place carries. */
export const screens: { readonly [S in Screen]: Row & { start: { screen: S } } } = {
  create: {
    label: m.nav_create,
    icon: "create",
    component: Create,
    start: { screen: "create", sheet: "form" },
    provide: provideCreate,
  },
  tokens: {
    label: m.nav_tokens,
    icon: "tokens",
    component: Tokens,
    start: { screen: "tokens", opened: null },
    provide: () => provideUnsavedNotes(new Map()),
  },
  settings: {
    label: m.nav_settings,
    icon: "settings",
    component: Settings,
    start: { screen: "settings" },
  },
};

export const rows: readonly Row[] = Object.values(screens);
