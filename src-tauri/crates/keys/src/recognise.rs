//! What did a person paste into a key field, and what becomes of it there?
//!
//! Bytes are cleaned ([`text`]), cut into blocks ([`blocks`], [`markers`], [`body`]), each block is
//! named by its content ([`thing`]), and one decision is made about all of them ([`decide`]).
//! Only the one key that remains is computed with. What is said of it is in [`recognised`].

mod blocks;
mod body;
mod damage;
mod decide;
mod field;
mod markers;
mod prose;
mod recognised;
mod text;
mod thing;

pub use self::damage::Damage;
pub use self::decide::MAX_INPUT;
pub use self::field::{Field, FieldVerdict};
pub use self::prose::{Leak, leak_in};
pub use self::recognised::Recognised;

/// Says what `pasted` is. Never panics, bounded in time, touches nothing but memory.
pub fn recognise(pasted: &[u8]) -> Recognised {
    decide::decide(pasted)
}
