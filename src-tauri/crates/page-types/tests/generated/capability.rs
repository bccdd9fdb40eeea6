/// The capability of the one window: Tauri lets it call what is granted here and nothing else.
pub(crate) fn text(listed: &[(&str, &str)]) -> String {
    let mut permissions: Vec<String> = listed.iter().map(|(_, name)| permission(name)).collect();
    permissions.sort();
    format!(
        r#"{{
  "$schema": "../gen/schemas/desktop-schema.json",
  "identifier": "main",
  "description": "The one window: exactly our own commands, no plugin, no core API of Tauri",
  "windows": ["main"],
  "permissions": [
{}
  ]
}}
"#,
        permissions.join(",\n")
    )
}

/// As `tauri-build` calls the permission for a command.
fn permission(command: &str) -> String {
    format!("    \"allow-{}\"", command.replace('_', "-"))
}
