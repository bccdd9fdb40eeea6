export type Place = "create" | "tokens";
