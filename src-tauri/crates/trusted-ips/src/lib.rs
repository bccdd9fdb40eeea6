#![doc = include_str!("../README.md")]

mod brackets;
mod canonical;
mod characters;
mod count;
mod cut;
mod decorations;
mod digits;
mod judge;
mod list;
mod merge;
mod names;
mod overlap;
mod parse;
mod policy;
mod range;
mod read;
mod special;
mod tidy;
mod verdict;

pub use canonical::{canonical, contains};
pub use count::count_in_words;
pub use list::{Entry, TrustedIps};
pub use merge::Merge;
pub use parse::parse;
pub use policy::Policy;
pub use special::special_range;
pub use verdict::{Reason, Verdict};
