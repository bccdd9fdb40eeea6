//! What the rooms below say, as it is answered.

use crate::account::change::NotDone;
use crate::account::idempotency::Occupied;
use crate::http::refusal::Refusal;
use crate::problems::Problems;
use crate::storage::failure::Failure;

impl From<NotDone> for Refusal {
    fn from(why: NotDone) -> Self {
        match why {
            NotDone::CodeInvalid => Self::otp_invalid(),
            NotDone::CodeRequired => Self::otp_required(),
            NotDone::CodeReused => Self::otp_reused(),
            NotDone::Failed(failure) => failure.into(),
            NotDone::Invalid(problems) => problems.into(),
            NotDone::KeyReused => Self::idempotency_key_reused(),
            NotDone::Locked { seconds } => Self::otp_locked(seconds),
            NotDone::Stopped => Self::otp_stopped(),
            NotDone::TokenUnknown => Self::not_found(),
        }
    }
}

impl From<Occupied> for Refusal {
    fn from(occupied: Occupied) -> Self {
        match occupied {
            Occupied::SameRequest => Self::idempotency_key_in_use(),
            Occupied::OtherRequest => Self::idempotency_key_reused(),
        }
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::DiskFull => Self::disk_full(),
            Failure::Internal => Self::internal(),
            Failure::OutcomeUnknown => Self::outcome_unknown(),
        }
    }
}

impl From<Problems> for Refusal {
    fn from(problems: Problems) -> Self {
        Self::record_invalid(problems.sentence(), problems.attributes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problems::Word;

    #[test]
    fn what_is_wrong_with_a_body_is_answered_in_words_and_in_one_sentence() {
        let mut problems = Problems::default();
        problems.add("name", Word::TooShort);
        let refusal = Refusal::from(problems);
        assert_eq!(refusal.error(), "record_invalid");
        assert_eq!(refusal.attributes()["name"], ["too_short"]);
        assert_eq!(refusal.description(), "Invalid parameters: name is too short");
    }
}
