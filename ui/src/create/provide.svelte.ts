import { onMount, untrack } from "svelte";
import { useAlerts } from "../frame/alerts.svelte";
import { provideForm } from "../frame/form";
import { useTokens } from "../frame/tokens.svelte";
import { Creation, provideCreation } from "./creation.svelte";

/** The form outlives a look at another screen: it is there as long as the app. */
export function provideCreate(): Creation {
  const tokens = useTokens();
  const creation = provideCreation(new Creation(useAlerts()));
  provideForm(creation);

  // A name may be taken now, or free again.
  let known = tokens.list;
  $effect(() => {
    if (tokens.list === known) return;
    known = tokens.list;
    untrack(() => creation.tokensChanged());
  });

  // Whoever looks away may not come back.
  onMount(() => {
    const keep = () => creation.keepNow();
    const goodbyes = ["blur", "pagehide"] as const;
    for (const goodbye of goodbyes) window.addEventListener(goodbye, keep);
    return () => {
      for (const goodbye of goodbyes) window.removeEventListener(goodbye, keep);
    };
  });
  return creation;
}
