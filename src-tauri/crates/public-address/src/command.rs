//! What to paste on a server, so that it tells its own public address.

use crate::source::{Family, Format, Source};

/// A line for a shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerCommand {
    /// Where it is to be pasted.
    pub shell: Shell,
    /// Which address it prints.
    pub family: Family,
    /// Who is asked.
    pub operator: String,
    /// The line, without an end.
    pub line: String,
}

/// What reads the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shell {
    /// `sh`, `bash`, `zsh` and their like, on Linux and macOS.
    Posix,
    /// PowerShell on Windows.
    PowerShell,
}

impl Shell {
    /// Both, in the order in which they are shown.
    pub const ALL: [Self; 2] = [Self::Posix, Self::PowerShell];

    /// The stable kebab-case name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Posix => "posix",
            Self::PowerShell => "power-shell",
        }
    }

    /// In PowerShell 5 plain `curl` is another program's name; `curl.exe` comes with Windows since 10 (1803) and Server
    /// 2019, and unlike PowerShell's own commands it can be held to one family.
    fn curl(self) -> &'static str {
        match self {
            Self::Posix => "curl",
            Self::PowerShell => "curl.exe",
        }
    }

    /// One word in which nothing means anything. A URL is ASCII, so that PowerShell's other quotation marks are no matter.
    fn quoted(self, url: &str) -> String {
        let quote = match self {
            // The word ends, a quotation mark stands by itself, and the word goes on (POSIX.1, shell, section 2.2.2).
            Self::Posix => r"'\''",
            Self::PowerShell => "''",
        };
        format!("'{}'", url.replace('\'', quote))
    }
}

/// For each shell and family the command that asks the first source it can: one over HTTPS that counts and answers with the
/// bare address. A family without such a source has no command.
#[must_use]
pub fn server_commands(sources: &[Source]) -> Vec<ServerCommand> {
    Shell::ALL
        .into_iter()
        .flat_map(|shell| Family::ALL.map(|family| (shell, family)))
        .filter_map(|(shell, family)| {
            let asked = sources.iter().find(|source| source.family == family && fits(source))?;
            Some(ServerCommand { shell, family, operator: asked.operator.trim().to_owned(), line: line(shell, asked) })
        })
        .collect()
}

fn fits(source: &Source) -> bool {
    source.vote && source.format == Format::Text && source.url.scheme() == "https" && source.place().is_ok()
}

/// `-f` makes an error page no answer, `-sS` shows nothing but errors, and `-g` keeps brackets and braces of the URL from
/// being read as a list of URLs.
fn line(shell: Shell, source: &Source) -> String {
    let family = match source.family {
        Family::V4 => "-4",
        Family::V6 => "-6",
    };
    let mut url = source.url.clone();
    url.set_fragment(None);
    format!("{} {family} -gfsS --max-time 10 {}", shell.curl(), shell.quoted(url.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::defaults::{default_sources, three_commas_sources};

    fn source(url: &str, family: Family) -> Source {
        Source::new("One", url, family, Format::Text).unwrap()
    }

    #[test]
    fn the_shipped_sources_give_one_line_a_shell_and_family() {
        let lines: Vec<_> = server_commands(&default_sources()).into_iter().map(|command| command.line).collect();
        assert_eq!(
            lines,
            [
                "curl -4 -gfsS --max-time 10 'https://ipv4.icanhazip.com/'",
                "curl -6 -gfsS --max-time 10 'https://ipv6.icanhazip.com/'",
                "curl.exe -4 -gfsS --max-time 10 'https://ipv4.icanhazip.com/'",
                "curl.exe -6 -gfsS --max-time 10 'https://ipv6.icanhazip.com/'",
            ]
        );
    }

    #[test]
    fn only_a_source_that_another_computer_can_ask_and_a_person_can_read_is_taken() {
        let good = source("https://good.example/", Family::V4);
        let here = source("http://127.0.0.1/", Family::V4);
        let silent = source("https://shown.example/", Family::V4).without_vote();
        let mut signed_in = source("https://signed-in.example/", Family::V4);
        signed_in.url.set_password(Some("secret")).unwrap();

        let sources = [three_commas_sources(), vec![here, silent, signed_in, good]].concat();
        let commands = server_commands(&sources);
        assert_eq!(commands.len(), Shell::ALL.len());
        assert!(commands.iter().all(|command| command.line.ends_with(" 'https://good.example/'")), "{commands:?}");
    }

    #[test]
    fn nothing_to_ask_gives_nothing_to_paste() {
        assert_eq!(server_commands(&[]), []);
    }

    #[test]
    fn a_quotation_mark_in_a_url_does_not_end_the_word() {
        let hostile = source("https://one.example/a'b'#'c", Family::V4);
        let lines: Vec<_> = server_commands(&[hostile]).into_iter().map(|command| command.line).collect();
        assert_eq!(
            lines,
            [
                r"curl -4 -gfsS --max-time 10 'https://one.example/a'\''b'\'''",
                "curl.exe -4 -gfsS --max-time 10 'https://one.example/a''b'''",
            ]
        );
    }
}
