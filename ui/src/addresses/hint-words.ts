import type { Hint } from "$lib/bindings";
import { listed } from "$lib/format";
import { m } from "$lib/paraglide/messages";

/** `care`: the address may stop working, or may not be the person's own. `code`: values that are set apart. */
export type HintWords = { care: boolean; title: string; text: string; code: string[] };

export function hintWords(hint: Hint): HintWords {
  switch (hint.kind) {
    case "behind-router":
      return {
        care: false,
        title: m.hint_behind_router_title(),
        text: m.hint_behind_router_text({ address: hint.private }),
        code: [hint.private],
      };
    case "both-families":
      return {
        care: false,
        title: m.hint_both_families_title(),
        text: m.hint_both_families_text(),
        code: [],
      };
    case "carrier-nat":
      return {
        care: true,
        title: m.hint_carrier_nat_title(),
        text: m.hint_carrier_nat_text({ address: hint.address }),
        code: [hint.address],
      };
    case "intercepted":
      return {
        care: true,
        title: m.hint_intercepted_title(),
        text: m.hint_intercepted_text({ operators: listed(hint.operators) }),
        code: [],
      };
    case "many-exits":
      return {
        care: true,
        title: m.hint_many_exits_title(),
        text: m.hint_many_exits_text({ addresses: listed(hint.addresses) }),
        code: hint.addresses,
      };
    case "one-family":
      return hint.missing === "v6"
        ? { care: false, title: m.hint_only_v4_title(), text: m.hint_only_v4_text(), code: [] }
        : { care: false, title: m.hint_only_v6_title(), text: m.hint_only_v6_text(), code: [] };
    case "proxy":
      return {
        care: true,
        title: m.hint_proxy_title(),
        text:
          hint.operators.length > 0
            ? m.hint_proxy_text({ url: hint.url, operators: listed(hint.operators) })
            : m.hint_proxy_text_dead({ url: hint.url }),
        code: [hint.url],
      };
    case "temporary-ipv6":
      return {
        care: true,
        title: m.hint_temporary_ipv6_title(),
        text: hint.stable
          ? m.hint_temporary_ipv6_text_stable({
              address: hint.address,
              stable: hint.stable,
              network: hint.network,
            })
          : m.hint_temporary_ipv6_text({ address: hint.address, network: hint.network }),
        code: [hint.address, hint.network, ...(hint.stable ? [hint.stable] : [])],
      };
    case "vpn":
      return {
        care: true,
        title: m.hint_vpn_title(),
        text: m.hint_vpn_text({ name: hint.interface }),
        code: [hint.interface],
      };
  }
}
