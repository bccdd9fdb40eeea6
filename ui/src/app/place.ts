export type Place = "create" | "settings" | "tokens";
