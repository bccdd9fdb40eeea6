use serde::Serialize;
use ts_rs::TS;

/// The database that was there before could not be used.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Loss {
    /// Where it lies now; `null` if there was none left.
    pub set_aside: Option<String>,
}

impl From<desk::store::Lost> for Loss {
    fn from(lost: desk::store::Lost) -> Self {
        Self { set_aside: lost.set_aside.map(|path| path.display().to_string()) }
    }
}

/// What could be brought back.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Rebuilt {
    /// Names of tokens that are known again, with their keys.
    pub names: Vec<String>,
    /// Names of tokens that are known again, but whose secret part is lost.
    pub without_secret: Vec<String>,
    /// Names under which the keyring has keys that nothing else is known of.
    pub unmatched: Vec<String>,
    /// Some of them have entries of trusted IPs that are not known any more.
    pub is_cut: bool,
    /// Creations that were under way and whose service cannot be asked now.
    #[ts(type = "number")]
    pub unfinished: usize,
    /// Creations that were under way and of which no token came.
    #[ts(type = "number")]
    pub not_made: usize,
    /// It is not known which keys are this installation's.
    pub installation_lost: bool,
}

impl From<desk::recovery::Rebuilt> for Rebuilt {
    fn from(rebuilt: desk::recovery::Rebuilt) -> Self {
        let names = |tokens: Vec<desk::KnownToken>| tokens.into_iter().map(|token| token.name).collect();
        Self {
            names: names(rebuilt.tokens),
            without_secret: names(rebuilt.without_secret),
            unmatched: rebuilt.unmatched,
            is_cut: !rebuilt.cut.is_empty(),
            unfinished: rebuilt.unfinished,
            not_made: rebuilt.not_made,
            installation_lost: rebuilt.installation_lost,
        }
    }
}
