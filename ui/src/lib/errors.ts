import { errorCodes, type ErrorCode } from "$lib/bindings";
import { m } from "$lib/paraglide/messages";
import { snake, type Snake } from "$lib/snake";

/** What happened (`title`), then why and what to do now (`text`). */
export type Message = { title: string; text: string };
export type ErrorParams = { detail: string; path: string; problem: string };

/** Every code that a command can fail with. One that Rust adds and the catalogue lacks fails the type check here. */
const words: Readonly<Record<`error_${Snake<ErrorCode>}_${keyof Message}`, (params: ErrorParams) => string>> =
  m;

/** What is wrong with a folder or file of ours. */
const unsafeProblems: Partial<Record<string, () => string>> = {
  "foreign-owner": m.unsafe_foreign_owner,
  "not-a-directory": m.unsafe_not_a_directory,
  "not-a-file": m.unsafe_not_a_file,
  "others-can-write": m.unsafe_others_can_write,
  "symbolic-link": m.unsafe_symbolic_link,
};

export function isErrorCode(code: unknown): code is ErrorCode {
  return errorCodes.some((known) => known === code);
}

export function errorMessage(code: ErrorCode, params: Partial<ErrorParams>): Message {
  const { detail = "", path = "", problem = "" } = params;
  const named = { detail, path, problem: unsafeProblems[problem]?.() ?? "" };
  const name = `error_${snake(code)}` as const;
  return { title: words[`${name}_title`](named), text: words[`${name}_text`](named) };
}
