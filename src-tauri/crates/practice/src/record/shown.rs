//! What of a request may be shown, logged and kept: nothing that could be part of a secret sent by mistake.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::documented::endpoints;

/// Longer parts of a path are left out: no id of 3Commas is as long, but a secret is.
const PART_LENGTH: usize = 24;
const PATH_LENGTH: usize = 128;
const METHODS: [&str; 9] = ["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"];
/// Of paths that are no endpoint of 3Commas.
const OWN_WORDS: [&str; 9] =
    ["public", "api", "api_tokens", "practice", "control", "refusals", "openapi.json", "cdn-cgi", "trace"];
/// What stands for what is left out.
const LEFT_OUT: &str = "...";
/// What stands for method and path where no request was read.
pub(crate) const UNREAD: &str = "-";

static WORDS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| endpoints::all().flat_map(|endpoint| endpoint.fixed_parts()).chain(OWN_WORDS).collect());

/// A method as it may be shown.
pub(crate) fn shown_method(method: &str) -> &str {
    if METHODS.contains(&method) || method == UNREAD { method } else { LEFT_OUT }
}

/// A path as it may be shown. Words of endpoints always are; everything else only where all of it is plain: base64 is cut by
/// its slashes, and then a short part of it may look like a word, but never every part.
pub(crate) fn shown_path(path: &str) -> String {
    let is_word = |part: &str| part.is_empty() || WORDS.contains(part.to_ascii_lowercase().as_str());
    let shows_all = path.split('/').all(|part| is_plain(part) || is_word(part));
    let parts: Vec<_> = path.split('/').map(|part| if shows_all || is_word(part) { part } else { LEFT_OUT }).collect();
    parts.join("/").chars().take(PATH_LENGTH).collect()
}

/// Short, and written as ids and the words of paths are.
fn is_plain(part: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-.".contains(&byte);
    part.len() <= PART_LENGTH && part.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_words_and_ids_is_shown() {
        for path in [
            "/public/api/ver1/bots/12345/show",
            "/public/api/Ver1/BOTS",
            "/public/api/v2/smart_trades/0/reduce_funds_info",
            "/public/api/ver1/bot",
            "/openapi.json",
            "/",
            "-",
        ] {
            assert_eq!(shown_path(path), path);
        }
    }

    #[test]
    fn a_secret_in_a_path_is_left_out_and_a_path_is_short() {
        let secret = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP";
        assert_eq!(shown_path(&format!("/public/api/ver1/bots/{secret}/show")), "/public/api/ver1/bots/.../show");
        assert_eq!(shown_path(&"/x".repeat(10_000)).len(), PATH_LENGTH);
    }

    #[test]
    fn base64_is_left_out_whichever_way_its_slashes_cut_it() {
        for secret in ["qz7/abc/TEN+8q/x==", "short/A", "k3/Zp0/q9", "a%2Fb/c", "é/q", "abc/def="] {
            let shown = shown_path(&format!("/public/api/ver1/bots/{secret}/show"));
            let nothing = vec!["..."; secret.split('/').count()].join("/");
            assert_eq!(shown, format!("/public/api/ver1/bots/{nothing}/show"));
        }
    }

    #[test]
    fn only_methods_of_http_are_shown() {
        assert_eq!(["GET", "PATCH", "-", "get", "NHQPTMDSJY"].map(shown_method), ["GET", "PATCH", "-", "...", "..."]);
    }
}
