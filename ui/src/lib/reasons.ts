import type { ReasonCode } from "$lib/bindings";
import { m } from "$lib/paraglide/messages";

/** `word` stands on the chip; `title` says what is the matter; `text` why, and what to do. */
export type Explanation = { word: string; title: string; text: string };
export type ReasonParams = { entry: string; output: string; count: string; first: string; last: string };

/** The words for every reason that the parser of trusted IPs gives; exhaustive like the errors. */
export const reasonExplanations: Record<ReasonCode, (p: ReasonParams) => Explanation> = {
  empty: () => ({ word: m.reason_empty_word(), title: m.reason_empty_title(), text: m.reason_empty_text() }),
  "many-entries": () => ({
    word: m.reason_many_entries_word(),
    title: m.reason_many_entries_title(),
    text: m.reason_many_entries_text(),
  }),
  "wide-network": (p) => ({
    word: m.reason_wide_network_word(p),
    title: m.reason_wide_network_title(p),
    text: m.reason_wide_network_text(),
  }),
  "bad-mask": (p) => ({
    word: m.reason_bad_mask_word(),
    title: m.reason_bad_mask_title(p),
    text: m.reason_bad_mask_text(),
  }),
  "too-wide": (p) => ({
    word: m.reason_too_wide_word(),
    title: m.reason_too_wide_title(p),
    text: m.reason_too_wide_text(),
  }),
  "host-bits-set": (p) => ({
    word: m.reason_host_bits_set_word(),
    title: m.reason_host_bits_set_title(p),
    text: m.reason_host_bits_set_text(),
  }),
  "ipv6-network": (p) => ({
    word: m.reason_ipv6_network_word(),
    title: m.reason_ipv6_network_title(p),
    text: m.reason_ipv6_network_text(),
  }),
  duplicate: () => ({
    word: m.reason_duplicate_word(),
    title: m.reason_duplicate_title(),
    text: m.reason_duplicate_text(),
  }),
  covered: () => ({
    word: m.reason_covered_word(),
    title: m.reason_covered_title(),
    text: m.reason_covered_text(),
  }),
  "private-address": (p) => ({
    word: m.reason_private_address_word(),
    title: m.reason_private_address_title(p),
    text: m.reason_private_address_text(),
  }),
  "loopback-address": (p) => ({
    word: m.reason_loopback_address_word(),
    title: m.reason_loopback_address_title(p),
    text: m.reason_loopback_address_text(),
  }),
  "link-local-address": (p) => ({
    word: m.reason_link_local_address_word(),
    title: m.reason_link_local_address_title(p),
    text: m.reason_link_local_address_text(),
  }),
  "carrier-nat-address": (p) => ({
    word: m.reason_carrier_nat_address_word(),
    title: m.reason_carrier_nat_address_title(p),
    text: m.reason_carrier_nat_address_text(),
  }),
  "unspecified-address": (p) => ({
    word: m.reason_unspecified_address_word(),
    title: m.reason_unspecified_address_title(p),
    text: m.reason_unspecified_address_text(),
  }),
  "multicast-address": (p) => ({
    word: m.reason_multicast_address_word(),
    title: m.reason_multicast_address_title(p),
    text: m.reason_multicast_address_text(),
  }),
  "broadcast-address": (p) => ({
    word: m.reason_broadcast_address_word(),
    title: m.reason_broadcast_address_title(p),
    text: m.reason_broadcast_address_text(),
  }),
  "documentation-address": (p) => ({
    word: m.reason_documentation_address_word(),
    title: m.reason_documentation_address_title(p),
    text: m.reason_documentation_address_text(),
  }),
  "benchmark-address": (p) => ({
    word: m.reason_benchmark_address_word(),
    title: m.reason_benchmark_address_title(p),
    text: m.reason_benchmark_address_text(),
  }),
  "reserved-address": (p) => ({
    word: m.reason_reserved_address_word(),
    title: m.reason_reserved_address_title(p),
    text: m.reason_reserved_address_text(),
  }),
  "unique-local-address": (p) => ({
    word: m.reason_unique_local_address_word(),
    title: m.reason_unique_local_address_title(p),
    text: m.reason_unique_local_address_text(),
  }),
  "translated-address": (p) => ({
    word: m.reason_translated_address_word(),
    title: m.reason_translated_address_title(p),
    text: m.reason_translated_address_text(),
  }),
  "ipv4-mapped": (p) => ({
    word: m.reason_ipv4_mapped_word(),
    title: m.reason_ipv4_mapped_title(p),
    text: m.reason_ipv4_mapped_text(),
  }),
  "has-zone": (p) => ({
    word: m.reason_has_zone_word(),
    title: m.reason_has_zone_title(p),
    text: m.reason_has_zone_text(),
  }),
  "ambiguous-number": (p) => ({
    word: m.reason_ambiguous_number_word(),
    title: m.reason_ambiguous_number_title(p),
    text: m.reason_ambiguous_number_text(),
  }),
  "has-port": (p) => ({
    word: m.reason_has_port_word(),
    title: m.reason_has_port_title(p),
    text: m.reason_has_port_text(),
  }),
  "is-url": (p) => ({
    word: m.reason_is_url_word(),
    title: m.reason_is_url_title(p),
    text: m.reason_is_url_text(),
  }),
  "is-hostname": (p) => ({
    word: m.reason_is_hostname_word(),
    title: m.reason_is_hostname_title(p),
    text: m.reason_is_hostname_text(),
  }),
  wildcard: (p) => ({
    word: m.reason_wildcard_word(),
    title: m.reason_wildcard_title(p),
    text: m.reason_wildcard_text(),
  }),
  range: (p) => ({
    word: m.reason_range_word(),
    title: m.reason_range_title(p),
    text: m.reason_range_text(),
  }),
  "non-ascii-digits": (p) => ({
    word: m.reason_non_ascii_digits_word(),
    title: m.reason_non_ascii_digits_title(p),
    text: m.reason_non_ascii_digits_text(),
  }),
  "hidden-character": (p) => ({
    word: m.reason_hidden_character_word(),
    title: m.reason_hidden_character_title(p),
    text: m.reason_hidden_character_text(),
  }),
  "noise-dropped": () => ({
    word: m.reason_noise_dropped_word(),
    title: m.reason_noise_dropped_title(),
    text: m.reason_noise_dropped_text(),
  }),
  "contains-reserved": () => ({
    word: m.reason_contains_reserved_word(),
    title: m.reason_contains_reserved_title(),
    text: m.reason_contains_reserved_text(),
  }),
  "not-an-address": (p) => ({
    word: m.reason_not_an_address_word(),
    title: m.reason_not_an_address_title(p),
    text: m.reason_not_an_address_text(),
  }),
  "has-user": (p) => ({
    word: m.reason_has_user_word(),
    title: m.reason_has_user_title(p),
    text: m.reason_has_user_text(),
  }),
};
