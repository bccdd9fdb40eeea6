import { createContext } from "svelte";
import {
  commands,
  type AppError,
  type Created,
  type Draft,
  type DraftCheck,
  type EntryView,
  type Field,
  type Missing,
  type Permission,
  type TokenType,
} from "$lib/bindings";
import { NewestWins } from "$lib/newest-wins";
import type { Alerts } from "../frame/alerts.svelte";
import type { Form } from "../frame/form";
import { presets, switched, type Preset } from "../token/permissions";
import { blankCheck, blankDraft } from "./blank";
import { KeyPreparation } from "./key.svelte";
import { Proving } from "./proving.svelte";
import { IpList } from "./trusted-ips/ip-list.svelte";

const CHECK_AFTER_MS = 60;
const KEEP_AFTER_MS = 400;

export type Obstacle = Missing;

/** The form: one draft, what Rust says about it, and the few things a person can do to it. */
export class Creation implements Form {
  draft = $state<Draft>(blankDraft());
  check = $state.raw<DraftCheck>(blankCheck);
  /** A field that the service or the app refused after Create was pressed. */
  refused = $state.raw<AppError | null>(null);
  /** The READ that came along with a WRITE just now. */
  implied = $state<Permission | null>(null);
  /** What is known of the token that was made last; it outlives a look at another screen. */
  result = $state.raw<Proving | null>(null);
  /** The token was revoked for which the form was filled in. */
  renewed = $state<string | null>(null);
  touched = $state(false);
  readonly key = new KeyPreparation(() => this.changed());
  readonly ips: IpList;

  #alerts: Alerts;
  #checkedText = "";
  #checks: NewestWins<Draft, DraftCheck>;
  #keeps: NewestWins<Draft, null>;

  constructor(alerts: Alerts) {
    this.#alerts = alerts;
    const failed = (error: unknown) => alerts.raise(error, () => this.changed());
    this.ips = new IpList({
      text: () => this.draft.trustedIps,
      count: () => this.check.trustedIps.counts.entries,
      destination: () => this.draft.destination,
      settled: () => this.#settledEntries(),
      write: (text) => this.#writeIps(text),
      failed: (error, again) => alerts.raise(error, again),
    });
    this.#checks = new NewestWins(CHECK_AFTER_MS, {
      run: (draft) => commands.checkDraft(draft),
      done: (check, draft) => {
        this.#checkedText = draft.trustedIps;
        this.check = check;
      },
      failed,
    });
    this.#keeps = new NewestWins(KEEP_AFTER_MS, {
      run: (draft) => commands.keepDraft(draft),
      done: () => undefined,
      failed,
    });
  }

  /** What is between the draft and a token, in the order of the page. */
  get obstacles(): Obstacle[] {
    if (this.draft.destination !== "practice") return ["destination"];
    // A key needs no one's help, so it is named last.
    return [...this.check.missing].sort((one, other) => Number(one === "key") - Number(other === "key"));
  }

  get id(): string {
    return this.draft.id;
  }

  get begun(): boolean {
    const { tokenType, name, trustedIps, permissions } = this.draft;
    return tokenType !== null || name !== "" || trustedIps !== "" || permissions.length > 0;
  }

  get ready(): boolean {
    return this.obstacles.length === 0 && this.check.complete;
  }

  restore(kept: Draft | null): void {
    if (kept && !this.touched) this.draft = kept;
    if (this.draft.tokenType === "selfGenerated") void this.key.prepare();
    this.#ask();
  }

  /** The tokens are others now, so a name may be taken, or free again. */
  tokensChanged(): void {
    this.#ask();
  }

  changed(): void {
    this.touched = true;
    this.#ask();
    this.#keeps.ask(this.snapshot());
  }

  set<Key extends keyof Draft>(key: Key, value: Draft[Key]): void {
    this.draft[key] = value;
    if (this.refused?.field === key) this.refused = null;
    this.changed();
  }

  chooseType(type: TokenType): void {
    this.draft.tokenType = type;
    if (type === "selfGenerated") {
      void this.key.prepare();
    } else {
      this.draft.anyAddress = false;
      this.#discardKey();
    }
    this.set("tokenType", type);
    if (this.refused?.field === "type" || this.refused?.field === "key") this.refused = null;
  }

  permit(permission: Permission, on: boolean): void {
    const { permissions, implied } = switched(this.draft.permissions, permission, on);
    this.implied = implied;
    this.set("permissions", permissions);
  }

  usePreset(preset: Preset): void {
    this.implied = null;
    this.set("permissions", [...presets[preset].permissions]);
  }

  refuse(error: AppError & { field: Field }): void {
    this.refused = error;
  }

  /**
   * The draft has become a token: its key pair is used, and a fresh form with an id of its own waits behind it. What the
   * person changed after they asked for this token is in that form.
   */
  succeeded(created: Created): void {
    this.result = new Proving(created);
    this.key.forget();
    this.#fill(created.form ?? blankDraft());
  }

  /** A form that has nothing to do with it stays as it is. */
  show(created: Created): void {
    this.release(created);
    this.result = new Proving(created);
  }

  /** What was in it is replaced. */
  take(draft: Draft): void {
    // The pair that is ready, if there is one, is as good for this form.
    if (draft.tokenType !== "selfGenerated") this.#discardKey();
    this.#fill(draft);
    this.renewed = draft.name;
  }

  /** It takes the form that it came of with it. */
  release(created: Created): void {
    if (created.token.id === this.draft.id) this.#fill(created.form ?? blankDraft());
  }

  /** The window may be about to go: what was typed is kept at once. */
  keepNow(): void {
    void this.#keeps.hurry();
  }

  snapshot(): Draft {
    return $state.snapshot(this.draft);
  }

  #fill(draft: Draft): void {
    this.refused = null;
    this.implied = null;
    this.renewed = null;
    this.ips.forget();
    this.draft = draft;
    this.check = blankCheck;
    if (draft.tokenType === "selfGenerated") void this.key.prepare();
    this.changed();
    this.keepNow();
  }

  #ask(): void {
    this.#checks.ask(this.snapshot());
  }

  /** Not typing, but one act: its chips are looked at now. */
  async #writeIps(text: string): Promise<void> {
    this.set("trustedIps", text);
    await this.#checks.askNow(this.snapshot());
  }

  async #settledEntries(): Promise<readonly EntryView[]> {
    if (this.#checkedText !== this.draft.trustedIps) await this.#checks.askNow(this.snapshot());
    return this.#checkedText === this.draft.trustedIps ? this.check.trustedIps.entries : [];
  }

  #discardKey(): void {
    this.key.discard().catch((thrown: unknown) => this.#alerts.raise(thrown, () => this.#discardKey()));
  }
}

export const [useCreation, provideCreation] = createContext<Creation>();
