//! Enums whose variants are words to the world outside: one row a variant.

/// Defines an enum of which each variant has a stable word, and from the same rows `ALL`, `as_str` and, as the rows are, `from_word`
/// (`Variant = "word"`) or `says` (`Variant = "word" => "sentence"`).
macro_rules! words {
    ($(#[$about:meta])* $vis:vis enum $name:ident { $($(#[$of:meta])* $variant:ident = $word:literal,)+ }) => {
        words!(@rows $(#[$about])* $vis enum $name { $($(#[$of])* $variant = $word,)+ });

        impl $name {
            /// Reads the stable word.
            $vis fn from_word(word: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|variant| variant.as_str() == word)
            }
        }
    };
    ($(#[$about:meta])* $vis:vis enum $name:ident { $($(#[$of:meta])* $variant:ident = $word:literal => $says:literal,)+ }) => {
        words!(@rows $(#[$about])* $vis enum $name { $($(#[$of])* $variant = $word,)+ });

        impl $name {
            /// In words for people, behind the name of what it is said of.
            $vis fn says(self) -> &'static str {
                match self { $(Self::$variant => $says,)+ }
            }
        }
    };
    (@rows $(#[$about:meta])* $vis:vis enum $name:ident { $($(#[$of:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$about])*
        $vis enum $name { $($(#[$of])* $variant,)+ }

        impl $name {
            pub(crate) const ALL: [Self; [$($word),+].len()] = [$(Self::$variant),+];

            /// The stable word.
            $vis fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }
    };
}

pub(crate) use words;
