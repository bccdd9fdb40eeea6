//! Words and host names.

use crate::characters::is_dash;

/// Whether the text is a plain word: letters only, perhaps a colon at its end.
pub(crate) fn is_plain_word(text: &str) -> bool {
    let word = without_colon(text);
    !word.is_empty() && word.chars().all(char::is_alphabetic)
}

/// Whether the text names a machine rather than an address that went wrong.
pub(crate) fn is_hostname(text: &str) -> bool {
    let name = without_colon(text);
    is_dotted_word(name) || is_dns_name(name)
}

/// Letters with dots and dashes: `example.com`, `my-vps`, but also a word at the end of a sentence.
fn is_dotted_word(name: &str) -> bool {
    name.chars().any(char::is_alphabetic) && name.chars().all(|c| c.is_alphabetic() || c == '.' || is_dash(c))
}

/// A name with digits in it, such as `vps1` or `ec2-8-8-8-8.example.com`.
///
/// Its last part must begin with a letter: as in the URL standard, what ends in a number is an address gone wrong.
fn is_dns_name(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    let last = name.rsplit('.').next().unwrap_or(name);
    last.starts_with(char::is_alphabetic)
        && name
            .split('.')
            .all(|part| !part.is_empty() && part.chars().all(|c| c.is_alphabetic() || c.is_ascii_digit() || is_dash(c)))
}

fn without_colon(text: &str) -> &str {
    text.strip_suffix([':', '\u{ff1a}']).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_word_is_letters_and_perhaps_a_colon() {
        for (text, plain) in [
            ("and", true),
            ("IP:", true),
            ("сервер:", true),
            ("服务器：", true),
            ("face", true),
            ("face::", false),
            (":", false),
            ("", false),
            ("vps1", false),
            ("my-vps", false),
            ("e.g.", false),
            ("trusted_ips", false),
        ] {
            assert_eq!(is_plain_word(text), plain, "{text}");
        }
    }

    #[test]
    fn a_name_is_told_from_an_address_gone_wrong() {
        for (text, name) in [
            ("example.com", true),
            ("example.com.", true),
            ("home.", true),
            ("my-vps", true),
            ("my-vps:", true),
            ("my–vps", true),
            ("-home", true),
            ("localhost", true),
            ("vps1", true),
            ("ec2-8-8-8-8.example.com", true),
            ("1.8.8.8.in-addr.arpa", true),
            ("пример.рф", true),
            ("8.8.8.8a", false),
            ("8.8.8.8-home", false),
            ("8.8.8.8", false),
            ("example..com1", false),
            ("my_vps", false),
            ("", false),
            (".", false),
            ("-", false),
        ] {
            assert_eq!(is_hostname(text), name, "{text}");
        }
    }
}
