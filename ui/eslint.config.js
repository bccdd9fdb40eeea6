import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import { floors } from "./rooms.js";
import svelteConfig from "./svelte.config.js";

const directions = floors.flatMap((floor, at) =>
  floor.map((room) => {
    const closed = [...floors.slice(0, at).flat(), ...floor.filter((other) => other !== room)];
    const above = { regex: `/(${closed.join("|")})/`, message: `${room} may import only what is below it.` };
    const bindings = { regex: "^\\$lib/bindings$", message: "A part is drawn from plain values." };
    const patterns = [...(closed.length > 0 ? [above] : []), ...(room === "components" ? [bindings] : [])];
    return { files: [`src/${room}/**`], rules: { "no-restricted-imports": ["error", { patterns }] } };
  }),
);

export default ts.config(
  { ignores: ["dist/", "src/lib/paraglide/", "src/lib/bindings.ts", "src/lib/bindings/", "project.inlang/"] },
  js.configs.recommended,
  ...ts.configs.strictTypeChecked,
  ...svelte.configs.recommended,
  {
    languageOptions: {
      globals: globals.browser,
      parserOptions: {
        projectService: { allowDefaultProject: ["eslint.config.js", "rooms.js", "svelte.config.js"] },
        extraFileExtensions: [".svelte"],
      },
    },
    rules: {
      "no-console": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
    rules: {
      "svelte/no-inline-styles": ["error", { allowTransitions: false }],
      // The parser does not carry the types of props into templates; svelte-check does, and fails on them.
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
    },
  },
  ...directions,
  // Commands reject with plain objects, and so must what stands in for them.
  { files: ["tests/**"], rules: { "@typescript-eslint/only-throw-error": "off" } },
  { files: ["*.js"], extends: [ts.configs.disableTypeChecked] },
);
