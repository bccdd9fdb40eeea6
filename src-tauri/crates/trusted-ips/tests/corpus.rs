//! The corpus, row by row.

mod addresses;
mod invariants;
mod table;

use table::rows;
use trusted_ips::{Policy, Verdict, parse};

#[test]
fn every_row_of_the_corpus_is_read_as_it_says() {
    let rows = rows(include_str!("corpus/trusted_ips.tsv"), 7);
    assert!(rows.len() > 140, "only {} rows", rows.len());
    let mut wrong = Vec::new();
    for row in rows {
        let [_, _, verdict, output, reasons, suggestion, _] = row.columns.as_slice() else {
            unreachable!("rows have seven columns");
        };
        let list = parse(&row.text, &Policy::THREE_COMMAS);
        let codes = table::codes(&list);
        let expected_list = if output == "-" { "" } else { output };
        let expected = reasons.split(',').filter(|code| !matches!(*code, "-" | "*")).all(|code| codes.contains(&code));
        let suggested = suggestion == "-" || table::suggestions(&list).contains(&suggestion.as_str());
        let silent = list.verdict() != Verdict::Accept || codes.is_empty();
        let said = reasons != "*" || !codes.is_empty();
        if list.verdict().as_str() != verdict
            || list.list() != expected_list
            || !(expected && suggested && silent && said)
        {
            wrong.push(format!("{row:?}\n  {list:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_holds_for_every_text_holds_for_every_row() {
    for table in [include_str!("corpus/trusted_ips.tsv"), include_str!("corpus/rules.tsv")] {
        for row in rows(table, 7) {
            for policy in [Policy::THREE_COMMAS, Policy::PRACTICE] {
                invariants::hold(&row.text, &policy);
            }
        }
    }
}
