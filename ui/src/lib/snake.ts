/** The names of messages are written with `_` where codes have `-`. */
export type Snake<Code extends string> = Code extends `${infer Head}-${infer Tail}`
  ? `${Head}_${Snake<Tail>}`
  : Code;

export function snake<Code extends string>(code: Code): Snake<Code> {
  return code.replaceAll("-", "_") as Snake<Code>;
}
