import type { ReasonCode } from "$lib/bindings";
import { m } from "$lib/paraglide/messages";
import { snake, type Snake } from "$lib/snake";

/** `word` stands on the chip; `title` says what is the matter; `text` why, and what to do. */
export type Explanation = { word: string; title: string; text: string };
export type ReasonParams = { entry: string; output: string; count: string; first: string; last: string };

/** Every reason that the parser of trusted IPs gives. One that the catalogue lacks fails the type check here. */
const words: Readonly<
  Record<`reason_${Snake<ReasonCode>}_${keyof Explanation}`, (params: ReasonParams) => string>
> = m;

export function explanationOf(reason: ReasonCode, params: Partial<ReasonParams> = {}): Explanation {
  const { entry = "", output = "", count = "", first = "", last = "" } = params;
  const named = { entry, output, count, first, last };
  const name = `reason_${snake(reason)}` as const;
  return {
    word: words[`${name}_word`](named),
    title: words[`${name}_title`](named),
    text: words[`${name}_text`](named),
  };
}
