import type { AppError } from "$lib/bindings";
import { errorMessage, isErrorCode, type Message } from "$lib/errors";

/** What a rejected command gave, as an `AppError`. Anything else is a fault of ours: `internal`. */
export function asAppError(thrown: unknown): AppError {
  if (isAppError(thrown)) return thrown;
  return { code: "internal", field: null, params: {}, retry: null };
}

export function messageOf(error: AppError): Message {
  return errorMessage(error.code, error.params);
}

function isAppError(thrown: unknown): thrown is AppError {
  return typeof thrown === "object" && thrown !== null && "code" in thrown && isErrorCode(thrown.code);
}
