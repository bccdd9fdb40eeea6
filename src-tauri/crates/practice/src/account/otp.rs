//! One-time codes: RFC 6238 with SHA-1, 30 seconds, 6 digits, a secret of 160 bit.
//!
//! totp-rs makes the codes. Its `check` is not used: it stops at the first step that matches and
//! names the oldest, while every code of the window must be compared whatever the others said, and
//! the newest step that matches is the one to spend.

use std::fmt;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use totp_rs::{Algorithm, Builder, Totp};
use zeroize::Zeroizing;

use crate::account::otp_secret::LENGTH;

const STEP_MS: i64 = 30_000;
/// At most one step of delay (RFC 6238 section 5.2), and as much of a fast clock.
const DRIFT: i64 = 1;

/// What an authenticator would show now.
#[derive(Clone, PartialEq, Eq)]
pub enum CodeNow {
    /// A code that the service still takes.
    Code {
        /// Six digits.
        code: String,
        /// How long it will be shown.
        seconds_left: u32,
    },
    /// The code of this moment was spent: the next one comes then.
    Wait {
        /// The wait.
        seconds: u32,
    },
}

impl fmt::Debug for CodeNow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code { seconds_left, .. } => write!(f, "Code([redacted], {seconds_left} s left)"),
            Self::Wait { seconds } => write!(f, "Wait({seconds} s)"),
        }
    }
}

/// Six ASCII digits.
pub(crate) struct OtpCode(Zeroizing<[u8; 6]>);

impl OtpCode {
    pub(crate) fn parse(text: &[u8]) -> Option<Self> {
        let digits: [u8; 6] = text.try_into().ok()?;
        digits.iter().all(u8::is_ascii_digit).then(|| Self(Zeroizing::new(digits)))
    }
}

/// The generator that service and authenticator share.
pub(crate) struct Otp(Totp);

impl Otp {
    pub(crate) fn new(secret: &[u8; LENGTH]) -> Self {
        let totp = Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(6)
            .with_step_duration(30)
            .with_secret(secret.as_slice())
            .build()
            .expect("these parameters are those of RFC 6238");
        Self(totp)
    }

    /// The newest step within the drift whose code this is. All are compared, each in constant time.
    pub(crate) fn matching_step(&self, code: &OtpCode, now_ms: i64) -> Option<i64> {
        let now = step_at(now_ms);
        let mut matching = None;
        for step in now - DRIFT..=now + DRIFT {
            let expected = self.code_of(step);
            if verify_slices_are_equal(expected.as_bytes(), code.0.as_slice()).is_ok() {
                matching = Some(step);
            }
        }
        matching
    }

    /// The code of this moment, unless its step is spent already (also by a fast clock).
    pub(crate) fn code_now(&self, now_ms: i64, last_step: i64) -> CodeNow {
        let now = step_at(now_ms);
        if now <= last_step {
            return CodeNow::Wait { seconds: seconds_until((last_step + 1).saturating_mul(STEP_MS), now_ms) };
        }
        CodeNow::Code { code: self.code_of(now).to_string(), seconds_left: seconds_until((now + 1) * STEP_MS, now_ms) }
    }

    pub(crate) fn secret_base32(&self) -> Zeroizing<String> {
        Zeroizing::new(self.0.secret().to_base32())
    }

    /// For the QR code of an authenticator app (Key URI format, Google Authenticator wiki).
    pub(crate) fn uri(&self) -> Zeroizing<String> {
        let secret = self.secret_base32();
        Zeroizing::new(format!(
            "otpauth://totp/Token%20Desk%20practice:you?secret={}&issuer=Token%20Desk%20practice&algorithm=SHA1&digits=6&period=30",
            secret.as_str()
        ))
    }

    fn code_of(&self, step: i64) -> Zeroizing<String> {
        // A step before 1970 has no code that anyone could type: its time is taken as 0.
        let seconds = u64::try_from(step).unwrap_or(0).saturating_mul(30);
        Zeroizing::new(self.0.generate(seconds).to_string())
    }
}

fn step_at(now_ms: i64) -> i64 {
    now_ms / STEP_MS
}

fn seconds_until(then_ms: i64, now_ms: i64) -> u32 {
    let left_ms = (then_ms - now_ms).max(0).unsigned_abs();
    u32::try_from(left_ms.div_ceil(1_000)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8; 20] = b"12345678901234567890";

    fn code(text: &str) -> OtpCode {
        OtpCode::parse(text.as_bytes()).unwrap()
    }

    /// RFC 6238 appendix B gives eight digits; six are their last six (RFC 4226 section 5.3).
    #[test]
    fn codes_are_those_of_rfc_6238_appendix_b() {
        let otp = Otp::new(SECRET);
        for (seconds, eight_digits) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            assert_eq!(otp.code_of(seconds / 30).as_str(), &eight_digits[2..], "{seconds}");
            assert_eq!(otp.matching_step(&code(&eight_digits[2..]), seconds * 1_000), Some(seconds / 30));
        }
    }

    #[test]
    fn one_step_of_drift_passes_and_two_fail() {
        let otp = Otp::new(SECRET);
        let now_ms = 1_234_567_890_000;
        let now = step_at(now_ms);
        for (drift, passes) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            let code = OtpCode::parse(otp.code_of(now + drift).as_bytes()).unwrap();
            assert_eq!(otp.matching_step(&code, now_ms), passes.then_some(now + drift), "{drift}");
        }
    }

    #[test]
    fn only_six_ascii_digits_are_a_code() {
        for text in ["", "12345", "1234567", "12 456", "12345a", "+12345", "１２３４５６", "١٢٣٤٥٦"] {
            assert!(OtpCode::parse(text.as_bytes()).is_none(), "{text}");
        }
        assert!(OtpCode::parse(b"000000").is_some());
    }

    #[test]
    fn a_spent_step_shows_a_countdown_to_the_next_unused_code() {
        let otp = Otp::new(SECRET);
        let now_ms = 59_000;
        let shown = CodeNow::Code { code: "287082".into(), seconds_left: 1 };
        assert_eq!(otp.code_now(now_ms, 0), shown);
        assert_eq!(otp.code_now(now_ms, 1), CodeNow::Wait { seconds: 1 });
        assert_eq!(otp.code_now(now_ms, 2), CodeNow::Wait { seconds: 31 }, "spent a step ahead");
        assert_eq!(otp.code_now(59_001, 1), CodeNow::Wait { seconds: 1 });
        assert!(matches!(otp.code_now(60_000, 1), CodeNow::Code { seconds_left: 30, .. }));
        assert_eq!(otp.code_now(0, i64::MAX - 1), CodeNow::Wait { seconds: u32::MAX });
    }

    #[test]
    fn the_key_uri_names_all_parameters_and_debug_shows_no_code() {
        let otp = Otp::new(SECRET);
        assert!(otp.uri().contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer="));
        assert!(!format!("{:?}", otp.code_now(59_000, 0)).contains("287082"));
    }
}
