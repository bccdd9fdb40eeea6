//! The example `check`: what it prints for any bytes.

// The example's own `main` is not called from here.
#[allow(dead_code)]
#[path = "../examples/check.rs"]
mod check;

use proptest::prelude::*;
use serde_json::{Value, json};

fn lines(raw: &[u8]) -> Vec<Value> {
    let mut out = Vec::new();
    check::check(raw, &mut out).expect("writing to memory");
    let text = String::from_utf8(out).expect("JSON");
    assert!(text.ends_with('\n'));
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn empty_input_has_one_line_that_says_so() {
    for raw in ["", " , ", "# nothing", "\u{feff}"] {
        assert_eq!(lines(raw.as_bytes()), [json!({"list": "", "verdict": "reject", "reasons": ["empty"]})]);
    }
}

#[test]
fn every_entry_has_its_line_and_dropped_ones_too() {
    assert_eq!(
        lines("IP: 8.8.8.9/24 # home\n8.8.8.9, 1.1.1.7:80".as_bytes()),
        [
            json!({"span": [0, 3], "verdict": "warn", "reasons": ["noise-dropped"],
                   "output": null, "suggestion": null, "label": null}),
            json!({"span": [4, 14], "verdict": "warn", "reasons": ["host-bits-set"],
                   "output": "8.8.8.0/24", "suggestion": null, "label": "home"}),
            json!({"span": [22, 29], "verdict": "warn", "reasons": ["covered"],
                   "output": null, "suggestion": null, "label": null}),
            json!({"span": [31, 41], "verdict": "reject", "reasons": ["has-port"],
                   "output": null, "suggestion": "1.1.1.7", "label": null}),
            json!({"list": "8.8.8.0/24", "verdict": "reject", "reasons": []}),
        ]
    );
}

#[test]
fn codes_of_the_whole_list_stand_in_the_last_line() {
    let text: String = (0..17).map(|n| format!("8.8.{n}.8\n")).collect();
    let last = lines(text.as_bytes()).pop().unwrap();
    assert_eq!(last["verdict"], "warn");
    assert_eq!(last["reasons"], json!(["many-entries"]));
}

#[test]
fn spans_are_bytes_of_the_input_even_where_it_is_no_utf_8() {
    for (raw, spans) in [
        (&b"8.8.8.9 \xff 1.1.1.7"[..], &[[0, 7], [8, 9], [10, 17]][..]),
        (b"\xff\xfe8.8.8.9,1.1.1.7", &[[0, 9], [10, 17]]),
        (b"8.8.8.9\xe2\x80,1.1.1.7", &[[0, 9], [10, 17]]),
        (b"8.8.8.9 # \xf0\x9f\x92 caf\xe9\n1.1.1.7", &[[0, 7], [19, 26]]),
        ("é 8.8.8.9".as_bytes(), &[[0, 2], [3, 10]]),
        (b"\xc3", &[[0, 1]]),
    ] {
        let found: Vec<Value> = lines(raw).iter().filter_map(|line| line.get("span").cloned()).collect();
        assert_eq!(found, spans.iter().map(|span| json!(span)).collect::<Vec<_>>(), "{raw:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_give_ordered_spans_within_them(
        raw in prop::collection::vec(
            prop_oneof![any::<u8>(), prop::sample::select(&b"8.8.8.9/24 ,\n#ab\xe2\x80\x8b\xc3\xff"[..])],
            0..60,
        ),
    ) {
        let lines = lines(&raw);
        let (last, entries) = lines.split_last().unwrap();
        prop_assert!(last["list"].is_string());
        let mut end = 0;
        for entry in entries {
            let span: Vec<usize> = serde_json::from_value(entry["span"].clone()).unwrap();
            prop_assert!(end <= span[0] && span[0] < span[1] && span[1] <= raw.len());
            end = span[1];
        }
    }
}
