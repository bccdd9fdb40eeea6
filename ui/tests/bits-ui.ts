/** The primitives that the page uses, without the two hundred others that a build leaves out. */
export * from "../node_modules/bits-ui/dist/bits/dialog/index.js";
export * from "../node_modules/bits-ui/dist/bits/switch/index.js";
export * from "../node_modules/bits-ui/dist/bits/tooltip/index.js";
