export type Option<Value extends string> = { value: Value; label: string; /** practice */ hatched?: boolean };
