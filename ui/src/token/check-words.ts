import { checkCodes, type CheckCode, type CheckView } from "$lib/bindings";
import type { Message } from "$lib/errors";
import { seconds } from "$lib/format";
import { m } from "$lib/paraglide/messages";

/** Why a signed call did not come through, by the code of the check. */
const refusals: Record<CheckCode, () => string> = {
  ok: () => "",
  "untrusted-address": m.check_refused_untrusted_address,
  "signature-invalid": m.check_refused_signature,
  "api-key-invalid": m.check_refused_api_key,
  forbidden: m.check_refused_forbidden,
  "rate-limited": m.check_refused_limited,
  "service-unreachable": m.check_not_reached_text,
  "service-no-answer": m.check_not_reached_text,
  "service-error": m.check_refused_service,
  "secret-gone": m.check_refused_secret_gone,
};

/** A proof carries its code as text. One that is not a check's is said to have no reason. */
export function refusalWords(code: string): string {
  const known = checkCodes.find((check) => check === code);
  return known ? refusals[known]() : m.check_refused_other();
}

/** What came of the latest check of a token. */
export function checkWords(check: CheckView): Message {
  if (check.code === "secret-gone")
    return { title: m.error_secret_gone_title(), text: m.error_secret_gone_text() };
  const words: Record<CheckView["outcome"], () => Message> = {
    works: () => ({
      title: m.check_works_title(),
      text: m.check_works_text({ time: seconds(check.millis) }),
    }),
    refused: () => ({ title: m.check_refused_title(), text: refusalWords(check.code) }),
    notReached: () => ({ title: m.check_not_reached_title(), text: m.check_not_reached_text() }),
  };
  return words[check.outcome]();
}
