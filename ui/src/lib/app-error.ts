import type { AppError } from "$lib/bindings";
import { errorMessages, type Message } from "$lib/errors";

/** What a rejected command gave, as an `AppError`. Anything else is a fault of ours: `internal`. */
export function asAppError(thrown: unknown): AppError {
  if (isAppError(thrown)) return thrown;
  return { code: "internal", field: null, params: {}, retry: null };
}

export function messageOf(error: AppError): Message {
  const { detail = "", path = "", problem = "" } = error.params;
  return errorMessages[error.code]({ detail, path, problem });
}

function isAppError(thrown: unknown): thrown is AppError {
  if (typeof thrown !== "object" || thrown === null || !("code" in thrown)) return false;
  return typeof thrown.code === "string" && Object.hasOwn(errorMessages, thrown.code);
}
