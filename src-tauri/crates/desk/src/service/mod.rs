//! Where tokens are made: the token endpoint, and the practice service inside the app.

mod answer;
pub(crate) mod otp_code;
pub(crate) mod practice;
pub(crate) mod token_endpoint;

pub use otp_code::OtpCode;
pub use practice::PracticeService;
pub use token_endpoint::{IssuedToken, ListedId, ListedToken, TokenEndpoint, TokenRequest, request_fingerprint};
