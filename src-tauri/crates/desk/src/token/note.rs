//! What a person writes to a token, for themselves.

use keys::{Leak, leak_in};

/// A note has at most this many Unicode scalars.
pub const NOTE_MAX: usize = 200;

/// A note to a token: what it is for, where it runs. One line, not empty, kept in the clear and known to the app only.
///
/// Line breaks and other white space become single spaces: the list shows a note in one line, and what was copied from
/// elsewhere is taken as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note(String);

impl Note {
    /// Parses what a person typed; `None` if that is nothing but white space.
    ///
    /// What only may be a secret is taken, because it may be something else: [`NoteCheck`] tells of it beforehand. That it is
    /// the token's own secret is not asked: only the keyring knows that, and a note must not make it ask for its password.
    pub fn parse(typed: &str) -> Result<Option<Self>, NoteProblem> {
        if leak_in(typed) == Some(Leak::PrivateKey) {
            return Err(NoteProblem::PrivateKey);
        }
        Self::of_form(typed)
    }

    /// A note as it was kept. What another hand put in its place is none; whether it holds a secret was judged when it was
    /// typed, and a later version that recognises more takes no note away.
    pub(crate) fn kept(text: &str) -> Option<Self> {
        Self::of_form(text).ok().flatten()
    }

    /// The note.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn of_form(text: &str) -> Result<Option<Self>, NoteProblem> {
        let note = folded(text);
        if note.chars().any(is_forbidden) {
            return Err(NoteProblem::ForbiddenCharacters);
        }
        match note.chars().count() {
            0 => Ok(None),
            1..=NOTE_MAX => Ok(Some(Self(note))),
            _ => Err(NoteProblem::TooLong),
        }
    }
}

/// Why a text is not kept as a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteProblem {
    /// It has control characters, or marks that turn the direction of what stands around it.
    #[error("the note has characters that nobody sees")]
    ForbiddenCharacters,
    /// It has a private key in it.
    #[error("the note has a private key in it")]
    PrivateKey,
    /// More than [`NOTE_MAX`] characters.
    #[error("the note is too long")]
    TooLong,
}

/// What is to be said of a note while it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoteCheck {
    /// Unicode scalars, as they would be kept.
    pub length: usize,
    /// Why it would not be kept.
    pub problem: Option<NoteProblem>,
    /// Something in it looks like a key or a secret. It is kept all the same.
    pub looks_secret: bool,
}

impl NoteCheck {
    /// Looks at what is typed.
    pub fn of(typed: &str) -> Self {
        Self {
            length: folded(typed).chars().count(),
            problem: Note::parse(typed).err(),
            looks_secret: leak_in(typed) == Some(Leak::Suspected),
        }
    }
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Marks, embeddings, overrides and isolates (Unicode Standard Annex 9, section 2) could make a note read as another one.
fn is_forbidden(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_one_trimmed_line_of_at_most_200_characters() {
        for (typed, expected) in [
            ("", None),
            (" \n\t\u{a0} ", None),
            ("  Hetzner VPS, grid bot ", Some("Hetzner VPS, grid bot")),
            ("Hetzner VPS\r\n\r\n\tgrid\u{2028}bot", Some("Hetzner VPS grid bot")),
            ("グリッドボット 👩‍💻", Some("グリッドボット 👩‍💻")),
            ("בוט רשת", Some("בוט רשת")),
        ] {
            let note = Note::parse(typed).unwrap();
            assert_eq!(note.as_ref().map(Note::as_str), expected, "{typed:?}");
        }
        assert!(Note::parse(&"é".repeat(NOTE_MAX)).is_ok());
        assert_eq!(Note::parse(&"é".repeat(NOTE_MAX + 1)), Err(NoteProblem::TooLong));
    }

    #[test]
    fn what_nobody_sees_is_refused() {
        for character in ['\0', '\u{1b}', '\u{7f}', '\u{61c}', '\u{200f}', '\u{202e}', '\u{2066}', '\u{2069}'] {
            assert_eq!(
                Note::parse(&format!("grid{character}bot")),
                Err(NoteProblem::ForbiddenCharacters),
                "{character:?}"
            );
        }
    }

    #[test]
    fn a_private_key_is_refused_as_such_however_long_it_is() {
        let begin = "-----BEGIN PRIVATE KEY-----";
        for typed in [begin.to_owned(), format!("VPS {begin}\n{}", "MIIEvQIBADANBgkqhkiG9w0B\n".repeat(99))] {
            assert_eq!(Note::parse(&typed), Err(NoteProblem::PrivateKey));
        }
    }

    #[test]
    fn what_may_be_a_secret_is_said_and_kept() {
        let typed = format!("the key is {}", "0f".repeat(32));
        assert_eq!(NoteCheck::of(&typed), NoteCheck { length: 75, problem: None, looks_secret: true });
        assert!(Note::parse(&typed).unwrap().is_some());
        let usual = NoteCheck { length: 21, problem: None, looks_secret: false };
        assert_eq!(NoteCheck::of(" Hetzner VPS,\ngrid bot "), usual);
    }

    #[test]
    fn what_another_hand_put_in_its_place_is_no_note() {
        for text in ["", "a\u{202e}b", &"x".repeat(NOTE_MAX + 1)] {
            assert_eq!(Note::kept(text), None, "{text:?}");
        }
    }
}
