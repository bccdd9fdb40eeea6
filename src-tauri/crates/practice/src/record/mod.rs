//! What is told and kept of requests: never a secret.

pub(crate) mod json_lines;
pub(crate) mod moment;
pub(crate) mod refused;
pub(crate) mod request_log;
pub(crate) mod shown;
