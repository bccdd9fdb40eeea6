// Generated from the Rust types and commands; a test holds them equal. Do not edit.
import { invoke } from '@tauri-apps/api/core';

export const errorCodes = [
  'already-running',
  'backup-failed',
  'clipboard-failed',
  'creation-unfinished',
  'data-dir-unsafe',
  'data-dir-unwritable',
  'database-damaged',
  'database-newer',
  'destination-unavailable',
  'disk-full',
  'draft-incomplete',
  'file-exists',
  'file-not-of-token',
  'file-unreadable',
  'file-unwritable',
  'internal',
  'key-failed',
  'key-not-ready',
  'keyring-failed',
  'keyring-locked',
  'keys-in-keyring',
  'keyring-missing',
  'keyring-not-kept',
  'keyring-timeout',
  'note-characters',
  'note-private-key',
  'note-too-long',
  'not-proven',
  'otp-exhausted',
  'otp-format',
  'otp-invalid',
  'otp-locked',
  'otp-required',
  'otp-reused',
  'passphrase-too-short',
  'passphrase-wrong',
  'practice-damaged',
  'practice-in-use',
  'practice-key-lost',
  'practice-unavailable',
  'record-invalid',
  'secret-found',
  'secret-gone',
  'secret-too-large',
  'secrets-file-closed',
  'secrets-file-damaged',
  'secrets-file-failed',
  'secrets-file-unsafe',
  'service-answer-invalid',
  'service-error',
  'service-no-answer',
  'service-unreachable',
  'session-invalid',
  'token-unknown',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

export const reasonCodes = [
  'ambiguous-number',
  'bad-mask',
  'benchmark-address',
  'broadcast-address',
  'carrier-nat-address',
  'contains-reserved',
  'covered',
  'documentation-address',
  'duplicate',
  'empty',
  'has-port',
  'has-user',
  'has-zone',
  'hidden-character',
  'host-bits-set',
  'ipv4-mapped',
  'ipv6-network',
  'is-hostname',
  'is-url',
  'link-local-address',
  'loopback-address',
  'many-entries',
  'multicast-address',
  'noise-dropped',
  'non-ascii-digits',
  'not-an-address',
  'private-address',
  'public-resolver',
  'range',
  'reserved-address',
  'too-wide',
  'translated-address',
  'unique-local-address',
  'unspecified-address',
  'wide-network',
  'wildcard',
] as const;
export type ReasonCode = (typeof reasonCodes)[number];

export const checkCodes = [
  'api-key-invalid',
  'forbidden',
  'ok',
  'rate-limited',
  'secret-gone',
  'service-error',
  'service-no-answer',
  'service-unreachable',
  'signature-invalid',
  'untrusted-address',
] as const;
export type CheckCode = (typeof checkCodes)[number];

export const sourceProblems = [
  'bad-certificate',
  'cancelled',
  'http-status',
  'many-addresses',
  'not-an-address',
  'not-public',
  'offline',
  'redirected',
  'source-has-credentials',
  'source-not-a-url',
  'source-not-https',
  'source-without-operator',
  'timeout',
  'too-long',
  'wrong-content-type',
  'wrong-family',
] as const;
export type SourceProblem = (typeof sourceProblems)[number];

export const hostProblems = [
  'host-empty',
  'host-is-an-address',
  'host-not-a-name',
  'host-not-found',
  'host-timeout',
] as const;
export type HostProblem = (typeof hostProblems)[number];

export const sourcesProblems = [
  'source-duplicate',
  'source-has-credentials',
  'source-not-a-url',
  'source-not-https',
  'source-of-another-operator',
  'source-too-long',
  'source-without-operator',
  'sources-too-many',
] as const;
export type SourcesProblem = (typeof sourcesProblems)[number];

export const limits = {
  label: 60,
  note: 200,
} as const;

export type Added = { 
/**
 * The address.
 */
address: string, 
/**
 * Its family.
 */
family: Family, 
/**
 * Why it may be added.
 */
status: AddressStatus, };
export type AddressSource = { 
/**
 * Who runs it.
 */
operator: string, 
/**
 * What is asked for.
 */
url: string, 
/**
 * Which address it tells.
 */
family: Family, };
export type AddressSources = { 
/**
 * In the order in which they are shown.
 */
sources: Array<AddressSource>, 
/**
 * They are those that the app came with.
 */
usual: boolean, 
/**
 * The families of which no address can be confirmed, for want of a second operator.
 */
lonely: Array<Family>, };
export type AddressStatus = "confirmed" | "madeUp";
export type AppError = { 
/**
 * Stable, kebab-case.
 */
code: ErrorCode, 
/**
 * The form field that it concerns.
 */
field: Field | null, 
/**
 * Values for the message; never a secret.
 */
params: { [key in string]: string }, 
/**
 * Seconds after which trying again may succeed.
 */
retry: number | null, };
export type Authenticator = { 
/**
 * Base32 in groups of four.
 */
secret: string, 
/**
 * The QR code as the `d` of an SVG path, one unit a module.
 */
qrPath: string, 
/**
 * Modules on a side.
 */
qrSize: number, };
export type CheckView = { 
/**
 * What came of it.
 */
outcome: Outcome, 
/**
 * `ok`, or why not.
 */
code: CheckCode, 
/**
 * RFC 3339.
 */
at: string, 
/**
 * How long the call took.
 */
millis: number, };
export type Created = { 
/**
 * The token.
 */
token: TokenView, 
/**
 * Saved in the keyring, and made.
 */
proofs: Array<Proof>, 
/**
 * The keyring failed after the answer: the secret is held in memory only.
 */
notKept: AppError | null, 
/**
 * The form as it is now: empty, unless it was changed after this token was asked for.
 */
form: Draft | null, };
export type Destination = "guided" | "ownServer" | "practice";
export type DetectTrouble = "noAddress" | "offline" | "signIn";
export type Detected = { 
/**
 * To be added to the list.
 */
added: Array<Added>, 
/**
 * Not sure enough to be added without the person choosing it.
 */
offered: Array<Offered>, 
/**
 * Why there is none.
 */
trouble: DetectTrouble | null, 
/**
 * What the person should know besides.
 */
hints: Array<Hint>, 
/**
 * How we know.
 */
answers: Array<SourceAnswer>, };
export type Draft = { 
/**
 * Seeds the seal, and becomes the token's id.
 */
id: string, 
/**
 * Where the token is to be made.
 */
destination: Destination, 
/**
 * Not chosen at first.
 */
tokenType: TokenType | null, 
/**
 * As typed.
 */
name: string, 
/**
 * The whole text of the field.
 */
trustedIps: string, 
/**
 * Knowingly from anywhere.
 */
anyAddress: boolean, 
/**
 * Where the script runs.
 */
scriptPlace: ScriptPlace | null, 
/**
 * The switches that are on.
 */
permissions: Array<Permission>, };
export type DraftCheck = { 
/**
 * The list as it was understood.
 */
trustedIps: TrustedIpsView, 
/**
 * What is wrong with the name.
 */
nameProblem: NameProblem | null, 
/**
 * What keeps Create inactive.
 */
missing: Array<Missing>, 
/**
 * Create is active.
 */
complete: boolean, 
/**
 * What the permissions amount to.
 */
risk: Risk, 
/**
 * How many addresses are trusted.
 */
trustedAddressCount: string, };
export type EntryView = { 
/**
 * Its place in the whole list.
 */
index: number, 
/**
 * The entry as typed.
 */
text: string, 
/**
 * Whether it can be used.
 */
verdict: Verdict, 
/**
 * Why not, or what to look at.
 */
reasons: ReasonCode[], 
/**
 * Canonical; `null` when dropped or rejected.
 */
output: string | null, 
/**
 * What was probably meant.
 */
suggestion: string | null, 
/**
 * The person's name for it.
 */
label: string | null, 
/**
 * How many addresses, for networks.
 */
addressCount: string | null, 
/**
 * The first of them.
 */
first: string | null, 
/**
 * The last of them.
 */
last: string | null, 
/**
 * More than one address.
 */
isNetwork: boolean, 
/**
 * One of the practice addresses.
 */
madeUp: boolean, };
export type Family = "v4" | "v6";
export type Field = "code" | "destination" | "key" | "name" | "permissions" | "trustedIps" | "type";
export type Hint = { "kind": "behind-router", private: string, } | { "kind": "both-families" } | { "kind": "carrier-nat", address: string, } | { "kind": "intercepted", operators: Array<string>, } | { "kind": "many-exits", addresses: Array<string>, } | { "kind": "one-family", missing: Family, } | { "kind": "proxy", url: string, operators: Array<string>, } | { "kind": "temporary-ipv6", address: string, stable: string | null, network: string, } | { "kind": "vpn", interface: string, };
export type HostAddress = { 
/**
 * The address.
 */
address: string, 
/**
 * Whether it may stand on the list.
 */
usable: boolean, };
export type HostLookup = { 
/**
 * The name that was looked up; `null` if there was none.
 */
host: string | null, 
/**
 * IPv4 first.
 */
addresses: Array<HostAddress>, 
/**
 * Why there are none.
 */
problem: HostProblem | null, };
export type KeptSources = { 
/**
 * As they are from now on; `null` if they were not kept.
 */
sources: AddressSources | null, 
/**
 * Why not.
 */
problem: SourcesProblem | null, };
export type KeyReady = { 
/**
 * Its size.
 */
bits: number, 
/**
 * How long it took to make.
 */
millis: number, };
export type LabelledAddress = { 
/**
 * As it is to stand in the list.
 */
address: string, 
/**
 * Its name.
 */
label: string | null, };
export type ListCounts = { 
/**
 * All, those left out and rejected too.
 */
entries: number, 
/**
 * Those that cannot be sent.
 */
rejected: number, 
/**
 * Those of them for which something is offered.
 */
fixable: number, };
export type ListEdit = { "kind": "add", 
/**
 * In order.
 */
addresses: Array<LabelledAddress>, } | { "kind": "fix", 
/**
 * Its place.
 */
index: number, } | { "kind": "fixAll" } | { "kind": "merge", 
/**
 * The one.
 */
network: string, } | { "kind": "remove", 
/**
 * Its place.
 */
index: number, } | { "kind": "removeRejected" } | { "kind": "replace", 
/**
 * Its place.
 */
index: number, 
/**
 * What stands there from now on.
 */
by: LabelledAddress, } | { "kind": "tidy" };
export type Loss = { 
/**
 * Where it lies now; `null` if there was none left.
 */
setAside: string | null, };
export type MergeView = { 
/**
 * Some of them, canonical.
 */
parts: Array<string>, 
/**
 * How many others there are.
 */
more: number, 
/**
 * The one.
 */
network: string, };
export type Missing = "destination" | "type" | "key" | "name" | "nameProblem" | "trustedIps" | "rejectedEntry" | "tooManyEntries" | "permissions";
export type NameProblem = "control-characters" | "empty" | "taken" | "too-long" | "too-short";
export type NetworkCare = "one" | "few" | "many" | "huge";
export type NetworkStep = { 
/**
 * Its family.
 */
family: Family, 
/**
 * Canonical.
 */
network: string, 
/**
 * The first address.
 */
first: string, 
/**
 * The last one.
 */
last: string, 
/**
 * How many; `null` for a single one.
 */
addressCount: string | null, 
/**
 * How much care it takes.
 */
care: NetworkCare, };
export type NetworkSteps = { 
/**
 * Empty if there is a problem.
 */
steps: Array<NetworkStep>, 
/**
 * Where the slider stands at first.
 */
start: number, 
/**
 * Why the text is no address to begin with.
 */
problem: ReasonCode | null, };
export type NoteCheck = { 
/**
 * Characters, as they would be kept.
 */
length: number, 
/**
 * Why it would not be kept.
 */
problem: AppError | null, 
/**
 * Something in it looks like a key or a secret.
 */
looksSecret: boolean, };
export type Offered = { 
/**
 * The address.
 */
address: string, 
/**
 * Its family.
 */
family: Family, 
/**
 * Why it was not added.
 */
status: OfferedStatus, 
/**
 * Who said it.
 */
operators: Array<string>, };
export type OfferedStatus = "disputed" | "unconfirmed";
export type Outcome = "notReached" | "refused" | "works";
export type OwnNetwork = { 
/**
 * An address of a home or office network (RFC 1918), which thousands of them use.
 */
privateAddress: string | null, 
/**
 * An IPv4 address that the world can see as it is.
 */
publicAddress: string | null, };
export type Permission = "BOTS_READ" | "BOTS_WRITE" | "ACCOUNTS_READ" | "ACCOUNTS_WRITE" | "SMART_TRADES_READ" | "SMART_TRADES_WRITE";
export type PracticeCode = { 
/**
 * `null` while there is no unused one.
 */
code: string | null, 
/**
 * How long the code is good, or how long to wait.
 */
secondsLeft: number, };
export type Proof = { 
/**
 * What was to be shown.
 */
step: ProofStep, 
/**
 * Whether it was.
 */
state: ProofState, 
/**
 * When, RFC 3339.
 */
at: string | null, 
/**
 * How long it took.
 */
millis: number | null, 
/**
 * `address` that was used; `code` of what failed.
 */
detail: { [key in string]: string }, };
export type ProofState = "done" | "failed" | "notApplicable";
export type ProofStep = "answered" | "kept" | "made" | "turnedAway";
export type Rebuilt = { 
/**
 * Names of tokens that are known again, with their keys.
 */
names: Array<string>, 
/**
 * Names of tokens that are known again, but whose secret part is lost.
 */
withoutSecret: Array<string>, 
/**
 * Names under which the keyring has keys that nothing else is known of.
 */
unmatched: Array<string>, 
/**
 * Some of them have entries of trusted IPs that are not known any more.
 */
isCut: boolean, 
/**
 * Creations that were under way and whose service cannot be asked now.
 */
unfinished: number, 
/**
 * Creations that were under way and of which no token came.
 */
notMade: number, 
/**
 * It is not known which keys are this installation's.
 */
installationLost: boolean, };
export type Risk = { 
/**
 * Filled fields, 0 to 5.
 */
level: number, 
/**
 * What to call it.
 */
word: RiskWord, };
export type RiskWord = "none" | "looks" | "trades" | "full";
export type Safe = { 
/**
 * The keyring, or a file under a passphrase.
 */
place: SafePlace, 
/**
 * `false` while the file waits for its passphrase.
 */
isOpen: boolean, 
/**
 * Whether copies of what is in the file may be in the keyring too.
 */
copiesInKeyring: boolean, };
export type SafePlace = "file" | "keyring";
export type ScriptPlace = "both" | "server" | "thisComputer" | "unknown";
export type ServerCommand = { 
/**
 * Where it is pasted.
 */
shell: Shell, 
/**
 * Which address it tells.
 */
family: Family, 
/**
 * The line.
 */
text: string, };
export type Settled = { "outcome": "made", 
/**
 * The token and what is known of it.
 */
created: Created, } | { "outcome": "notMade", 
/**
 * The draft's.
 */
id: string, } | { "outcome": "secretGone", 
/**
 * The token.
 */
token: TokenView, };
export type Shell = "posix" | "powerShell";
export type SourceAnswer = { 
/**
 * Who can change the answer.
 */
operator: string, 
/**
 * Where it was asked.
 */
url: string, 
/**
 * In which family.
 */
family: Family, 
/**
 * Its answer.
 */
address: string | null, 
/**
 * Why there is none.
 */
problem: SourceProblem | null, 
/**
 * How long it took.
 */
millis: number, 
/**
 * Whether its answer counts.
 */
vote: boolean, 
/**
 * The proxy on the way, without its password.
 */
proxy: string | null, 
/**
 * Whether somebody on the way could have written it.
 */
intercepted: boolean, };
export type Startup = { 
/**
 * The form as it was left.
 */
draft: Draft | null, 
/**
 * All recorded tokens, newest first.
 */
tokens: Array<TokenView>, 
/**
 * Creations that were interrupted, oldest first.
 */
unfinished: Array<Unfinished>, 
/**
 * The database that was there before could not be used, and that is not dealt with yet.
 */
loss: Loss | null, 
/**
 * Where secrets are kept; `null` while there is no data directory.
 */
safe: Safe | null, 
/**
 * Of the app.
 */
version: string, 
/**
 * What did not work, to be shown with "try again".
 */
problems: Array<AppError>, };
export type TidyChange = { 
/**
 * As typed.
 */
before: string, 
/**
 * What stands there then; `null` if it goes.
 */
after: string | null, 
/**
 * Why.
 */
reasons: ReasonCode[], 
/**
 * The entry that makes it needless.
 */
within: string | null, };
export type TidyView = { 
/**
 * How many entries there are.
 */
before: number, 
/**
 * How many there would be.
 */
after: number, 
/**
 * How many would change or go.
 */
total: number, 
/**
 * The first of those.
 */
changes: Array<TidyChange>, };
export type TokenType = "selfGenerated" | "systemGenerated";
export type TokenView = { 
/**
 * Seeds the seal.
 */
id: string, 
/**
 * Where it was made.
 */
destination: Destination, 
/**
 * Who made its key.
 */
tokenType: TokenType, 
/**
 * Its name.
 */
name: string, 
/**
 * The public identifier.
 */
apiKey: string, 
/**
 * Empty for any address.
 */
trustedIps: Array<TrustedIpView>, 
/**
 * The switches that are on.
 */
permissions: Array<Permission>, 
/**
 * What they amount to.
 */
risk: Risk, 
/**
 * RFC 3339.
 */
createdAt: string, 
/**
 * What the person wrote to it.
 */
note: string | null, 
/**
 * The latest check.
 */
lastCheck: CheckView | null, 
/**
 * `false` while the secret is held in memory only, because the keyring did not take it.
 */
secretKept: boolean, };
export type TrustedIpView = { 
/**
 * Canonical.
 */
text: string, 
/**
 * The person's name for it.
 */
label: string | null, 
/**
 * More than one address.
 */
isNetwork: boolean, 
/**
 * How many, for networks.
 */
addressCount: string | null, 
/**
 * One of the practice addresses.
 */
madeUp: boolean, };
export type TrustedIpsView = { 
/**
 * In the order of the text; some of them, where there are very many.
 */
entries: Array<EntryView>, 
/**
 * Of the whole list.
 */
counts: ListCounts, 
/**
 * What is said of the whole list.
 */
reasons: ReasonCode[], 
/**
 * What a tidy-up would change, if anything.
 */
tidy: TidyView | null, 
/**
 * Networks that could be one.
 */
merges: Array<MergeView>, };
export type Unfinished = { 
/**
 * The draft's and the token's.
 */
id: string, 
/**
 * The token's name.
 */
name: string, 
/**
 * Who makes its key.
 */
tokenType: TokenType, 
/**
 * How far it had come.
 */
stage: UnfinishedStage, 
/**
 * RFC 3339.
 */
startedAt: string, };
export type UnfinishedStage = "made" | "notMade" | "notSent" | "sent";
export type Verdict = "accept" | "warn" | "reject";

export const commands = {
  addressSources: (): Promise<AddressSources> => invoke('address_sources'),
  beginNewSecretsFile: (passphrase: string): Promise<Safe> => invoke('begin_new_secrets_file', { passphrase }),
  beginPractice: (): Promise<null> => invoke('begin_practice'),
  changePassphrase: (current: string, wanted: string): Promise<Safe> => invoke('change_passphrase', { current, wanted }),
  checkDraft: (draft: Draft): Promise<DraftCheck> => invoke('check_draft', { draft }),
  checkNote: (text: string): Promise<NoteCheck> => invoke('check_note', { text }),
  checkToken: (id: string): Promise<CheckView> => invoke('check_token', { id }),
  closeWindow: (): Promise<null> => invoke('close_window'),
  closingAsked: (): Promise<string[]> => invoke('closing_asked'),
  copyApiKey: (id: string): Promise<null> => invoke('copy_api_key', { id }),
  copySecret: (id: string): Promise<null> => invoke('copy_secret', { id }),
  copyServerCommand: (shell: Shell, family: Family): Promise<null> => invoke('copy_server_command', { shell, family }),
  createToken: (draft: Draft, code: string): Promise<Created> => invoke('create_token', { draft, code }),
  creationSeen: (id: string): Promise<null> => invoke('creation_seen', { id }),
  detectAddresses: (destination: Destination): Promise<Detected | null> => invoke('detect_addresses', { destination }),
  discardKey: (): Promise<null> => invoke('discard_key'),
  editTrustedIps: (text: string, destination: Destination, edit: ListEdit): Promise<string> => invoke('edit_trusted_ips', { text, destination, edit }),
  finishCreations: (): Promise<Settled[]> => invoke('finish_creations'),
  forgetToken: (id: string): Promise<null> => invoke('forget_token', { id }),
  giveUpCreations: (): Promise<null> => invoke('give_up_creations'),
  giveUpRebuilding: (): Promise<null> => invoke('give_up_rebuilding'),
  keepAddressSources: (sources: AddressSource[]): Promise<KeptSources> => invoke('keep_address_sources', { sources }),
  keepDraft: (draft: Draft): Promise<null> => invoke('keep_draft', { draft }),
  keepInFile: (passphrase: string): Promise<Safe> => invoke('keep_in_file', { passphrase }),
  keepInKeyring: (): Promise<Safe> => invoke('keep_in_keyring'),
  keepNote: (id: string, text: string): Promise<string | null> => invoke('keep_note', { id, text }),
  keepSecretAgain: (id: string): Promise<Proof> => invoke('keep_secret_again', { id }),
  keyringWaits: (seen: boolean): Promise<boolean> => invoke('keyring_waits', { seen }),
  listTokens: (): Promise<TokenView[]> => invoke('list_tokens'),
  lookupHost: (host: string, destination: Destination): Promise<HostLookup> => invoke('lookup_host', { host, destination }),
  networkSteps: (address: string, destination: Destination): Promise<NetworkSteps> => invoke('network_steps', { address, destination }),
  openSecretsFile: (passphrase: string): Promise<Safe> => invoke('open_secrets_file', { passphrase }),
  ownNetwork: (): Promise<OwnNetwork> => invoke('own_network'),
  practiceAuthenticator: (): Promise<Authenticator> => invoke('practice_authenticator'),
  practiceCode: (): Promise<PracticeCode> => invoke('practice_code'),
  prepareKey: (): Promise<KeyReady> => invoke('prepare_key'),
  proveToken: (id: string): Promise<Proof[]> => invoke('prove_token', { id }),
  rebuildTokens: (): Promise<Rebuilt> => invoke('rebuild_tokens'),
  restoreSecret: (id: string): Promise<CheckView | null> => invoke('restore_secret', { id }),
  revokeForRenewal: (id: string, code: string): Promise<Draft> => invoke('revoke_for_renewal', { id, code }),
  safe: (): Promise<Safe> => invoke('safe'),
  saveSecret: (id: string): Promise<string | null> => invoke('save_secret', { id }),
  serverCommands: (): Promise<ServerCommand[]> => invoke('server_commands'),
  showSecret: (id: string): Promise<string> => invoke('show_secret', { id }),
  startPracticeOver: (): Promise<null> => invoke('start_practice_over'),
  startup: (): Promise<Startup> => invoke('startup'),
  stopDetecting: (): Promise<null> => invoke('stop_detecting'),
  usable: (): Promise<null> => invoke('usable'),
  usualAddressSources: (): Promise<AddressSources> => invoke('usual_address_sources'),
};
