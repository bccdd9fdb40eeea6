#![doc = include_str!("../README.md")]

mod brackets;
mod canonical;
mod characters;
mod count;
mod cut;
mod decorations;
mod digits;
mod edit;
mod entry;
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
mod subnet;
mod tidy;
mod verdict;

pub use canonical::{canonical, contains};
pub use count::count_in_words;
pub use edit::{Edit, Labelled, edited};
pub use entry::Entry;
pub use list::TrustedIps;
pub use merge::Merge;
pub use parse::parse;
pub use policy::Policy;
pub use special::special_range;
pub use subnet::{Care, Subnet, around, prefix_steps, prefixes};
pub use tidy::TidyChange;
pub use verdict::{Reason, Verdict};
