use std::path::Path;

use syn::{FnArg, GenericArgument, Item, ItemFn, Pat, PathArguments, ReturnType, Type};

use crate::root;

include!("../../../../src/commands/list.rs");

macro_rules! pairs {
    ($($file:ident::$command:ident),+ $(,)?) => { vec![$((stringify!($file), stringify!($command))),+] };
}

/// Every command that the page may call, with the file that has it.
pub(crate) fn listed() -> Vec<(&'static str, &'static str)> {
    commands!(pairs)
}

/// What the page needs to know of a command.
pub(crate) struct Command {
    pub(crate) file: String,
    pub(crate) name: String,
    pub(crate) arguments: Vec<(String, String)>,
    pub(crate) answer: String,
}

/// Every function that is marked as a command, by name.
pub(crate) fn defined() -> Vec<Command> {
    let mut commands = Vec::new();
    for entry in std::fs::read_dir(root().join("src-tauri/src/commands")).unwrap() {
        commands.extend(commands_in(&entry.unwrap().path()));
    }
    commands.sort_by(|a, b| a.name.cmp(&b.name));
    commands
}

fn commands_in(path: &Path) -> Vec<Command> {
    let file = path.file_stem().unwrap().to_str().unwrap();
    let code = syn::parse_file(&std::fs::read_to_string(path).unwrap()).unwrap();
    let functions =
        code.items.iter().filter_map(|item| if let Item::Fn(function) = item { Some(function) } else { None });
    functions.filter(|function| is_command(function)).map(|function| Command::new(file, function)).collect()
}

impl Command {
    fn new(file: &str, function: &ItemFn) -> Self {
        let arguments = function.sig.inputs.iter().filter_map(|argument| {
            let FnArg::Typed(argument) = argument else { return None };
            let Pat::Ident(name) = argument.pat.as_ref() else { return None };
            Some((camel_case(&name.ident.to_string()), typescript(&argument.ty)?))
        });
        let answer = match &function.sig.output {
            ReturnType::Default => "null".to_owned(),
            ReturnType::Type(_, answer) => typescript(answer).expect("an answer that TypeScript has"),
        };
        Self { file: file.to_owned(), name: function.sig.ident.to_string(), arguments: arguments.collect(), answer }
    }
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

pub(crate) fn camel_case(snake: &str) -> String {
    let mut words = snake.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| {
        let mut letters = word.chars();
        let head = letters.next().map(|letter| letter.to_ascii_uppercase()).into_iter();
        name + &head.chain(letters).collect::<String>()
    })
}
