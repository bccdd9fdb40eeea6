import { MediaQuery } from "svelte/reactivity";

/** Below this width the desk becomes a dock or a drawer. The styles go by it too: a query cannot take it from a property. */
export const narrow = new MediaQuery("width < 1040px");
