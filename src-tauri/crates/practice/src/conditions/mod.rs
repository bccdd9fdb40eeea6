//! Under which conditions requests are answered: time, limits, host names, faults on purpose.

pub(crate) mod clock;
pub(crate) mod fault;
pub(crate) mod hosts;
pub(crate) mod request_limits;
