use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, ItemMod, ItemUse, Macro, UseTree, Visibility};

use crate::files::Files;

/// Each file with each path (from the crate's root, without `crate`) that it names.
pub(crate) fn all(files: &Files) -> Vec<(String, Vec<String>)> {
    let mut arrows = Vec::new();
    for (name, module, text) in files.each() {
        let parsed = syn::parse_file(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut reader = Reader { files, module, found: Vec::new() };
        reader.visit_file(&parsed);
        let is_root = name == "lib.rs" || name == "main.rs" || name.starts_with("bin/");
        if !is_root {
            arrows.extend(reader.found.into_iter().map(|path| (name.to_owned(), path)));
        }
    }
    arrows
}

/// Walks one file, and keeps each path in it that leads into the crate.
struct Reader<'a> {
    files: &'a Files,
    /// Of the module being read: the file's, or one that is written inside it.
    module: Vec<String>,
    found: Vec<Vec<String>>,
}

impl Reader<'_> {
    /// Keeps `path` if it begins at the crate's root, at a module above or at one right below.
    fn keep(&mut self, path: &[String]) {
        let Some(first) = path.first() else { return };
        let mut base = match first.as_str() {
            "crate" => Vec::new(),
            "self" | "super" => self.module.clone(),
            child if self.files.children(&self.module).contains(child) => {
                self.module.iter().cloned().chain([child.to_owned()]).collect()
            }
            _ => return,
        };
        if first == "super" {
            base.pop();
        }
        for part in &path[1..] {
            if part == "super" {
                base.pop();
            } else {
                base.push(part.clone());
            }
        }
        self.found.push(base);
    }

    fn keep_use(&mut self, before: &[String], tree: &UseTree) {
        let with = |name: String| [before, &[name]].concat();
        match tree {
            UseTree::Path(path) => self.keep_use(&with(path.ident.to_string()), &path.tree),
            UseTree::Name(name) => self.keep(&with(name.ident.to_string())),
            UseTree::Rename(name) => self.keep(&with(name.ident.to_string())),
            UseTree::Glob(_) => self.keep(before),
            UseTree::Group(group) => group.items.iter().for_each(|item| self.keep_use(before, item)),
        }
    }

    /// What a macro is given is not parsed: its paths are those of its tokens.
    fn keep_tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(name) if path.is_empty() || colons == 2 => {
                    path.push(name.to_string());
                    colons = 0;
                }
                TokenTree::Punct(mark) if mark.as_char() == ':' && !path.is_empty() && colons < 2 => colons += 1,
                other => {
                    self.keep_if_long(&path);
                    path.clear();
                    colons = 0;
                    match other {
                        TokenTree::Ident(name) => path.push(name.to_string()),
                        TokenTree::Group(group) => self.keep_tokens(group.stream()),
                        TokenTree::Punct(_) | TokenTree::Literal(_) => {}
                    }
                }
            }
        }
        self.keep_if_long(&path);
    }

    /// A single word may be a variable that has a module's name.
    fn keep_if_long(&mut self, path: &[String]) {
        if path.len() > 1 {
            self.keep(path);
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        if is_test(&item.attrs) {
            return;
        }
        self.module.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_item(&mut self, item: &'ast syn::Item) {
        let attributes: &[Attribute] = match item {
            syn::Item::Fn(item) => &item.attrs,
            syn::Item::Impl(item) => &item.attrs,
            syn::Item::Use(item) => &item.attrs,
            _ => &[],
        };
        if !is_test(attributes) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        // Handing on what a module below defines is no use of it.
        let hands_on = !matches!(item.vis, Visibility::Inherited);
        let at = self.found.len();
        self.keep_use(&[], &item.tree);
        if hands_on {
            let module = self.module.clone();
            let mut kept = self.found.split_off(at);
            kept.retain(|path| !path.starts_with(&module));
            self.found.append(&mut kept);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if path.leading_colon.is_none() {
            self.keep_if_long(&names);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast Macro) {
        // The name of a macro has no module: not visited as a path.
        self.keep_tokens(item.tokens.clone());
    }

    fn visit_attribute(&mut self, _: &'ast Attribute) {}

    fn visit_visibility(&mut self, _: &'ast Visibility) {}
}

/// Whether it exists in tests only.
fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("test")
            || attribute.path().is_ident("cfg")
                && attribute.meta.require_list().is_ok_and(|list| list.tokens.to_string() == "test")
    })
}
