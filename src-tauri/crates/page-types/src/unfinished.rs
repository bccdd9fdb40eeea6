use desk::Error;
use desk::store::{Attempt, Stage};
use serde::Serialize;
use ts_rs::TS;
use uuid::Uuid;

use crate::creation::Created;
use crate::moment::rfc3339;
use crate::token::{TokenType, TokenView};

/// A creation that has no end yet, or one that the person has not seen.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Unfinished {
    /// The draft's and the token's.
    #[ts(type = "string")]
    pub id: Uuid,
    /// The token's name.
    pub name: String,
    /// Who makes its key.
    pub token_type: TokenType,
    /// How far it had come.
    pub stage: UnfinishedStage,
    /// RFC 3339.
    pub started_at: String,
}

/// How far a creation had come.
#[derive(Clone, Copy, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum UnfinishedStage {
    /// The token was made, and the person has not seen it.
    Made,
    /// No token was made, and the person has not been told.
    NotMade,
    /// Nothing had left the computer.
    NotSent,
    /// The request may have left.
    Sent,
}

impl Unfinished {
    /// What the journal says. A token that is recorded without its secret (`is_lost`) is yet to be told of as what it is.
    pub fn new(attempt: &Attempt, is_lost: bool) -> Result<Self, Error> {
        let asked = attempt.asked()?;
        Ok(Self {
            id: attempt.id,
            name: asked.name,
            token_type: asked.token_type.into(),
            stage: match attempt.stage {
                Stage::Journalled => UnfinishedStage::NotSent,
                Stage::NotMade => UnfinishedStage::NotMade,
                Stage::Recorded if !is_lost => UnfinishedStage::Made,
                Stage::Recorded | Stage::Submitted => UnfinishedStage::Sent,
            },
            started_at: rfc3339(attempt.started_at),
        })
    }
}

/// What became of a creation that was interrupted.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase", tag = "outcome")]
pub enum Settled {
    /// The token exists, and its secret or private key is kept.
    Made {
        /// The token and what is known of it.
        created: Created,
    },
    /// No token exists: the same form can be sent again.
    NotMade {
        /// The draft's.
        #[ts(type = "string")]
        id: Uuid,
    },
    /// The token exists, and nobody can use it.
    SecretGone {
        /// The token.
        token: TokenView,
    },
}

impl Settled {
    /// What became of one creation; `form` is what is left of the form now.
    pub fn new(settled: desk::creation::Settled, form: Option<desk::form::Draft>) -> Self {
        match settled {
            desk::creation::Settled::Made(creation) => Self::Made { created: Created::new(&creation, form) },
            desk::creation::Settled::NotMade(attempt) => Self::NotMade { id: attempt.id },
            desk::creation::Settled::SecretGone(token) => Self::SecretGone { token: TokenView::new(&token, None) },
        }
    }
}
