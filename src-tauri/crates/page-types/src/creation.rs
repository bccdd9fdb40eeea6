use std::collections::BTreeMap;

use serde::Serialize;
use time::OffsetDateTime;
use ts_rs::TS;

use crate::draft::Draft;
use crate::error::AppError;
use crate::moment::rfc3339;
use crate::token::TokenView;

/// A key pair that is ready for a Self generated token.
#[derive(Debug, Serialize, TS)]
pub struct KeyReady {
    /// Its size.
    pub bits: u32,
    /// How long it took to make.
    #[ts(type = "number")]
    pub millis: u64,
}

/// A token that was just made.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Created {
    /// The token.
    pub token: TokenView,
    /// Saved in the keyring, and made.
    pub proofs: Vec<Proof>,
    /// The keyring failed after the answer: the secret is held in memory only.
    pub not_kept: Option<AppError>,
    /// The form as it is now: empty, unless it was changed after this token was asked for.
    pub form: Option<Draft>,
}

impl Created {
    /// A token that came of a form; `form` is what is left of that.
    pub fn new(creation: &desk::creation::Creation, form: Option<desk::form::Draft>) -> Self {
        let token = TokenView::new(&creation.token, None);
        let made = if creation.as_asked {
            Proof::done(ProofStep::Made, creation.token.created_at)
        } else {
            Proof::failed(ProofStep::Made, "differs")
        };
        let form = form.map(Into::into);
        match &creation.kept {
            Ok(at) => Self { token, proofs: vec![Proof::done(ProofStep::Kept, *at), made], not_kept: None, form },
            Err(error) => {
                let error = AppError::new(desk::vault_code(error));
                let kept = Proof::failed(ProofStep::Kept, error.code);
                Self { token: token.not_kept(), proofs: vec![kept, made], not_kept: Some(error), form }
            }
        }
    }
}

/// One line of the proof that a token works.
#[derive(Debug, Serialize, TS)]
pub struct Proof {
    /// What was to be shown.
    pub step: ProofStep,
    /// Whether it was.
    pub state: ProofState,
    /// When, RFC 3339.
    pub at: Option<String>,
    /// How long it took.
    #[ts(type = "number | null")]
    pub millis: Option<u64>,
    /// `address` that was used; `code` of what failed.
    pub detail: BTreeMap<String, String>,
}

impl Proof {
    /// It was shown, at that time.
    pub fn done(step: ProofStep, at: OffsetDateTime) -> Self {
        Self { at: Some(rfc3339(at)), ..Self::without_detail(step, ProofState::Done) }
    }

    /// It was not; `code` says why.
    pub fn failed(step: ProofStep, code: &str) -> Self {
        let detail = BTreeMap::from([("code".to_owned(), code.to_owned())]);
        Self { detail, ..Self::without_detail(step, ProofState::Failed) }
    }

    /// A trusted caller was let in and a stranger turned away, or not.
    pub fn of_calls(proof: &desk::check::Proof) -> Vec<Self> {
        let works = proof.answered.check.outcome == desk::store::Outcome::Works;
        let turned_away = match &proof.turned_away {
            Some(stranger) => Self::of_call(ProofStep::TurnedAway, stranger, stranger.was_turned_away()),
            None => Self::without_detail(ProofStep::TurnedAway, ProofState::NotApplicable),
        };
        vec![Self::of_call(ProofStep::Answered, &proof.answered, works), turned_away]
    }

    fn of_call(step: ProofStep, called: &desk::check::Called, as_hoped: bool) -> Self {
        Self {
            step,
            state: if as_hoped { ProofState::Done } else { ProofState::Failed },
            at: Some(rfc3339(called.check.at)),
            millis: Some(called.check.millis),
            detail: BTreeMap::from([
                ("address".to_owned(), called.address.to_string()),
                ("code".to_owned(), called.check.code.clone()),
            ]),
        }
    }

    fn without_detail(step: ProofStep, state: ProofState) -> Self {
        Self { step, state, at: None, millis: None, detail: BTreeMap::new() }
    }
}

/// What a proof line shows.
#[derive(Clone, Copy, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ProofStep {
    /// A signed call from a trusted address was let in.
    Answered,
    /// The secret or private key is in the keyring.
    Kept,
    /// The service made the token as asked.
    Made,
    /// The same call from elsewhere was refused.
    TurnedAway,
}

/// What came of it.
#[derive(Clone, Copy, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ProofState {
    /// It was shown.
    Done,
    /// It was not.
    Failed,
    /// There is nothing to show: any address is trusted.
    NotApplicable,
}

#[cfg(test)]
mod tests {
    use desk::creation::Creation;
    use desk::{Destination, KnownToken, TokenType};
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_secret_that_was_not_kept_is_said_with_what_the_keyring_answered() {
        let token = KnownToken {
            id: Uuid::from_u128(7),
            destination: Destination::Practice,
            token_type: TokenType::SystemGenerated,
            name: "Home bot".to_owned(),
            api_key: "practice1".to_owned(),
            trusted_ips: Vec::new(),
            permissions: [].into(),
            created_at: OffsetDateTime::UNIX_EPOCH,
            note: None,
        };
        let creation = Creation { token, as_asked: true, kept: Err(vault::Error::Locked) };
        let created = Created::new(&creation, None);
        assert_eq!(created.not_kept.unwrap().code, "keyring-locked");
        assert!(!created.token.secret_kept);
        assert!(matches!(created.proofs[0], Proof { step: ProofStep::Kept, state: ProofState::Failed, .. }));
        assert!(matches!(created.proofs[1], Proof { step: ProofStep::Made, state: ProofState::Done, .. }));
    }
}
