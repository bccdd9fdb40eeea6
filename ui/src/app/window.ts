import { MediaQuery } from "svelte/reactivity";

/** Below this width the desk becomes a dock or a drawer. The same number stands in the styles of Shell and Page. */
export const narrow = new MediaQuery("width < 1040px");
