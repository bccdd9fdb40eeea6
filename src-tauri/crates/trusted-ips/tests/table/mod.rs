//! Reading tables of test cases.

use trusted_ips::TrustedIps;

/// A row, and its input without escapes.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) columns: Vec<String>,
    pub(crate) text: String,
}

/// The rows of a tab-separated table whose second column is the input, without its header and blank lines.
pub(crate) fn rows(table: &str, columns: usize) -> Vec<Row> {
    table
        .lines()
        .skip(1)
        .filter(|line| !line.is_empty())
        .map(|line| {
            let cells: Vec<String> = line.split('\t').map(str::to_owned).collect();
            assert_eq!(cells.len(), columns, "{line}");
            let text = unescaped(&cells[1]);
            Row { columns: cells, text }
        })
        .collect()
}

/// All codes of the list and its entries.
pub(crate) fn codes(list: &TrustedIps) -> Vec<&'static str> {
    let entries = list.entries.iter().flat_map(|entry| entry.reasons());
    entries.chain(&list.reasons).map(|reason| reason.as_str()).collect()
}

/// All suggestions of the list.
pub(crate) fn suggestions(list: &TrustedIps) -> Vec<&str> {
    let entries = list.entries.iter();
    entries.filter_map(|entry| entry.suggestion()).collect()
}

/// The text that a cell stands for.
pub(crate) fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next().expect("a character after the backslash") {
            'n' => out.push('\n'),
            'r' => out.push('\r'),
            't' => out.push('\t'),
            'u' => {
                let hex: String = chars.by_ref().take(4).collect();
                let code = u32::from_str_radix(&hex, 16).expect("four hex digits");
                out.push(char::from_u32(code).expect("a scalar value"));
            }
            other => out.push(other),
        }
    }
    out
}
