//! What 3Commas documents, and made-up data in its shape.

pub(crate) mod endpoints;
pub(crate) mod permission;
pub(crate) mod sample;
