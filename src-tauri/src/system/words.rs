//! The words of `ui/messages` by their keys: what the system shows for us stands there too.
#![allow(dead_code, reason = "the page shows most of them")]

include!(concat!(env!("OUT_DIR"), "/words.rs"));
