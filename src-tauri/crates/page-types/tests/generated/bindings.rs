use std::fmt::Write as _;

use page_types::{LIMITS, declarations};

use crate::commands::{Command, camel_case};

/// All that the page knows of Rust: words, limits, types and commands.
pub(crate) fn text(commands: &[Command]) -> String {
    let mut text = String::from(
        "// Generated from the Rust types and commands; a test holds them equal. Do not edit.\n\
         import { invoke } from '@tauri-apps/api/core';\n\n",
    );
    words(&mut text, "errorCodes", "ErrorCode", desk::Code::ALL.iter().map(|code| code.as_str()));
    words(&mut text, "reasonCodes", "ReasonCode", trusted_ips::Reason::ALL.iter().map(|reason| reason.as_str()));
    words(&mut text, "checkCodes", "CheckCode", desk::check::CHECK_CODES.iter().copied());
    words(&mut text, "sourceProblems", "SourceProblem", public_address::SourceError::CODES.iter().copied());
    words(&mut text, "hostProblems", "HostProblem", public_address::LookupError::CODES.iter().copied());
    words(&mut text, "sourcesProblems", "SourcesProblem", public_address::RowProblem::CODES.iter().copied());
    text.push_str("export const limits = {\n");
    for (name, limit) in LIMITS {
        writeln!(text, "  {name}: {limit},").unwrap();
    }
    text.push_str("} as const;\n\n");
    for declaration in declarations() {
        writeln!(text, "export {declaration}").unwrap();
    }
    text.push_str("\nexport const commands = {\n");
    for command in commands {
        write_command(&mut text, command);
    }
    text.push_str("};\n");
    text
}

/// A constant list of words with the union type of them.
fn words<'a>(text: &mut String, list: &str, name: &str, words: impl Iterator<Item = &'a str>) {
    let words: Vec<String> = words.map(|word| format!("  '{word}',\n")).collect();
    write!(text, "export const {list} = [\n{}] as const;\n", words.concat()).unwrap();
    write!(text, "export type {name} = (typeof {list})[number];\n\n").unwrap();
}

fn write_command(text: &mut String, command: &Command) {
    let typed: Vec<String> = command.arguments.iter().map(|(name, of)| format!("{name}: {of}")).collect();
    let names: Vec<&str> = command.arguments.iter().map(|(name, _)| name.as_str()).collect();
    let passed = if names.is_empty() { String::new() } else { format!(", {{ {} }}", names.join(", ")) };
    writeln!(
        text,
        "  {}: ({}): Promise<{}> => invoke('{}'{passed}),",
        camel_case(&command.name),
        typed.join(", "),
        command.answer,
        command.name,
    )
    .unwrap();
}
