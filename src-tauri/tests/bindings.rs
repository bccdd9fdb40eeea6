//! Holds `ui/src/lib/bindings.ts`, the list of commands and the capabilities equal to the Rust code.
//!
//! `UPDATE_BINDINGS=1 cargo test -p token-desk --test bindings` writes the file anew.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first thing that is not as it should be")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use syn::{FnArg, GenericArgument, Item, ItemFn, Pat, PathArguments, ReturnType, Type};
use token_desk::ipc;
use ts_rs::{Config, TS};

const NAMES: &[&str] = include!("../src/commands/names.rs");

#[test]
fn typescript_is_what_the_rust_types_say() {
    let path = root().join("../ui/src/lib/bindings.ts");
    let fresh = bindings();
    if std::env::var_os("UPDATE_BINDINGS").is_some() {
        std::fs::write(&path, &fresh).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == fresh,
        "ui/src/lib/bindings.ts is stale: run UPDATE_BINDINGS=1 cargo test -p token-desk --test bindings"
    );
}

#[test]
fn the_list_of_commands_is_what_the_code_defines() {
    let defined: BTreeSet<String> = commands().into_iter().map(|command| command.name).collect();
    let listed: BTreeSet<String> = NAMES.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(listed, defined);
}

#[test]
fn the_window_may_call_our_commands_and_nothing_else() {
    let text = std::fs::read_to_string(root().join("capabilities/main.json")).unwrap();
    let capability: serde_json::Value = serde_json::from_str(&text).unwrap();
    let granted: BTreeSet<&str> =
        capability["permissions"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    let ours: BTreeSet<String> = NAMES.iter().map(|name| format!("allow-{}", name.replace('_', "-"))).collect();
    assert_eq!(granted, ours.iter().map(String::as_str).collect());
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn bindings() -> String {
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
    types(&mut text);
    text.push_str("\nexport const commands = {\n");
    for command in commands() {
        command.write(&mut text);
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

fn types(text: &mut String) {
    fn declare<T: TS>(text: &mut String) {
        writeln!(text, "export {}", T::decl(&Config::default())).unwrap();
    }
    macro_rules! declare {
        ($($name:ident),+ $(,)?) => { $(declare::<ipc::$name>(text);)+ };
    }
    declare!(
        Added,
        AddressSource,
        AddressSources,
        AddressStatus,
        AppError,
        Authenticator,
        CheckView,
        Created,
        Destination,
        DetectTrouble,
        Detected,
        Draft,
        DraftCheck,
        EntryView,
        Family,
        Field,
        Hint,
        HostAddress,
        HostLookup,
        KeptSources,
        KeyReady,
        LabelledAddress,
        ListCounts,
        ListEdit,
        Loss,
        MergeView,
        Missing,
        NameProblem,
        NetworkCare,
        NetworkStep,
        NetworkSteps,
        Offered,
        OfferedStatus,
        Outcome,
        OwnNetwork,
        Permission,
        PracticeCode,
        Proof,
        ProofState,
        ProofStep,
        Rebuilt,
        Risk,
        RiskWord,
        Safe,
        SafePlace,
        ScriptPlace,
        ServerCommand,
        Settled,
        Shell,
        SourceAnswer,
        Startup,
        TidyChange,
        TidyView,
        TokenType,
        TokenView,
        TrustedIpView,
        TrustedIpsView,
        Unfinished,
        UnfinishedStage,
        Verdict,
    );
}

struct Command {
    name: String,
    arguments: Vec<(String, String)>,
    answer: String,
}

impl Command {
    fn new(function: &ItemFn) -> Self {
        let arguments = function.sig.inputs.iter().filter_map(|argument| {
            let FnArg::Typed(argument) = argument else { return None };
            let Pat::Ident(name) = argument.pat.as_ref() else { return None };
            Some((camel_case(&name.ident.to_string()), typescript(&argument.ty)?))
        });
        let answer = match &function.sig.output {
            ReturnType::Default => "null".to_owned(),
            ReturnType::Type(_, answer) => typescript(answer).expect("an answer that TypeScript has"),
        };
        Self { name: function.sig.ident.to_string(), arguments: arguments.collect(), answer }
    }

    fn write(&self, text: &mut String) {
        let typed: Vec<String> = self.arguments.iter().map(|(name, of)| format!("{name}: {of}")).collect();
        let names: Vec<&str> = self.arguments.iter().map(|(name, _)| name.as_str()).collect();
        let passed = if names.is_empty() { String::new() } else { format!(", {{ {} }}", names.join(", ")) };
        writeln!(
            text,
            "  {}: ({}): Promise<{}> => invoke('{}'{passed}),",
            camel_case(&self.name),
            typed.join(", "),
            self.answer,
            self.name,
        )
        .unwrap();
    }
}

fn commands() -> Vec<Command> {
    let mut commands = Vec::new();
    for entry in std::fs::read_dir(root().join("src/commands")).unwrap() {
        commands.extend(commands_in(&entry.unwrap().path()));
    }
    commands.sort_by(|a, b| a.name.cmp(&b.name));
    commands
}

fn commands_in(path: &Path) -> Vec<Command> {
    if path.file_name().is_some_and(|name| name == "names.rs") {
        return Vec::new();
    }
    let file = syn::parse_file(&std::fs::read_to_string(path).unwrap()).unwrap();
    let functions =
        file.items.iter().filter_map(|item| if let Item::Fn(function) = item { Some(function) } else { None });
    functions.filter(|function| is_command(function)).map(Command::new).collect()
}

fn is_command(function: &ItemFn) -> bool {
    function.attrs.iter().any(|attribute| {
        let names: Vec<String> = attribute.path().segments.iter().map(|part| part.ident.to_string()).collect();
        names == ["tauri", "command"]
    })
}

/// The TypeScript for a Rust type; `None` for what Tauri itself passes in.
fn typescript(ty: &Type) -> Option<String> {
    let path = match ty {
        Type::Tuple(tuple) if tuple.elems.is_empty() => return Some("null".to_owned()),
        Type::Path(path) => path.path.segments.last()?,
        _ => return None,
    };
    let inner = |index: usize| -> Option<String> {
        let PathArguments::AngleBracketed(arguments) = &path.arguments else { return None };
        let GenericArgument::Type(inner) = arguments.args.iter().nth(index)? else { return None };
        typescript(inner)
    };
    match path.ident.to_string().as_str() {
        "State" | "AppHandle" | "WebviewWindow" => None,
        "Result" => inner(0),
        "Option" => Some(format!("{} | null", inner(0)?)),
        "Vec" => Some(format!("{}[]", inner(0)?)),
        "String" | "Uuid" => Some("string".to_owned()),
        "bool" => Some("boolean".to_owned()),
        "u32" | "u64" | "usize" => Some("number".to_owned()),
        name => Some(name.to_owned()),
    }
}

fn camel_case(snake: &str) -> String {
    let mut words = snake.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| {
        let mut letters = word.chars();
        let head = letters.next().map(|letter| letter.to_ascii_uppercase()).into_iter();
        name + &head.chain(letters).collect::<String>()
    })
}
