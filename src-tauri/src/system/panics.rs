use std::panic::{self, PanicHookInfo};
use std::thread;

/// From now on a panic says where it was, and not its text: that is of any library, and could have a secret in it.
pub(crate) fn hide_texts() {
    panic::set_hook(Box::new(|info| eprintln!("Token Desk: {}", line(info))));
}

fn line(info: &PanicHookInfo<'_>) -> String {
    let thread = thread::current();
    let place = info.location().map_or_else(|| "a place that is not known".to_owned(), ToString::to_string);
    format!("a fault in the program at {place}, in thread {:?}", thread.name().unwrap_or("without a name"))
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[test]
    fn a_panic_says_where_it_was_and_not_its_text() {
        let said = Arc::new(Mutex::new(String::new()));
        let saying = Arc::clone(&said);
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| *saying.lock().unwrap() += &line(info)));
        let fault = thread::Builder::new().name("vault".to_owned()).spawn(|| panic!("{}", "canary-5f2c-9a71")).unwrap();
        assert!(fault.join().is_err());
        panic::set_hook(before);
        let said = said.lock().unwrap();
        assert!(said.contains("panics.rs:") && said.contains("\"vault\""), "{said}");
        assert!(!said.contains("canary"), "{said}");
    }
}
