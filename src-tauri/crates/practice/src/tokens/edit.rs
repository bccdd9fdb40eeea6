//! The body of `PATCH /api_tokens/{id}`: what of a token shall change.

use ipnet::IpNet;
use serde_json::{Map, Value};

use crate::documented::permission::Permissions;
use crate::problems::{Problem, Problems, WHOLE, Word};
use crate::tokens::fields::{name, permissions, trusted_ips};
use crate::tokens::{Credential, PracticeToken};

const FIELDS: [&str; 3] = ["name", "trusted_ips", "permissions"];

/// At least one change. What is not named stays.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TokenEdit {
    name: Option<String>,
    trusted_ips: Option<Vec<IpNet>>,
    permissions: Option<Permissions>,
}

impl TokenEdit {
    pub(crate) fn parse(body: &Map<String, Value>) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        problems.unknown_fields(body, &FIELDS);
        if body.is_empty() {
            problems.add(WHOLE, Word::NoChange.saying("must name at least one of name, trusted_ips, permissions"));
        }
        let edit = Self {
            name: named(&mut problems, body, "name", name),
            trusted_ips: named(&mut problems, body, "trusted_ips", trusted_ips),
            permissions: named(&mut problems, body, "permissions", permissions),
        };
        if problems.is_empty() { Ok(edit) } else { Err(problems) }
    }

    /// The token as it will be; refused where its type does not allow that.
    pub(crate) fn applied_to(&self, mut token: PracticeToken) -> Result<PracticeToken, Problems> {
        if let Some(name) = &self.name {
            token.name.clone_from(name);
        }
        if let Some(trusted_ips) = &self.trusted_ips {
            if trusted_ips.is_empty() && matches!(token.credential, Credential::Hmac { .. }) {
                let mut problems = Problems::default();
                problems.add("trusted_ips", Word::Blank.saying("can't be blank for a system generated token"));
                return Err(problems);
            }
            token.trusted_ips.clone_from(trusted_ips);
        }
        if let Some(permissions) = &self.permissions {
            token.permissions = permissions.clone();
        }
        Ok(token)
    }
}

/// A field that is there must be right, `null` included; one that is not there is no problem.
fn named<T>(
    problems: &mut Problems,
    body: &Map<String, Value>,
    field: &str,
    parse: impl FnOnce(&Value) -> Result<T, Vec<Problem>>,
) -> Option<T> {
    if body.contains_key(field) { problems.field(body, field, parse) } else { None }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parse(body: &Value) -> Result<TokenEdit, Problems> {
        TokenEdit::parse(body.as_object().unwrap())
    }

    fn refused(body: &Value) -> Vec<String> {
        parse(body).unwrap_err().attributes().into_keys().collect()
    }

    #[test]
    fn an_edit_names_what_it_changes_and_leaves_the_rest() {
        let edit = parse(&json!({"name": " VPS "})).unwrap();
        assert_eq!(edit, TokenEdit { name: Some("VPS".into()), trusted_ips: None, permissions: None });
        let all = json!({"name": "VPS", "trusted_ips": ["198.41.0.4"], "permissions": ["BOTS_READ"]});
        assert!(parse(&all).is_ok());
    }

    #[test]
    fn every_problem_is_named_at_once() {
        assert_eq!(refused(&json!({})), ["base"]);
        let body = json!({"name": null, "trusted_ips": ["10.0.0.1"], "permissions": [], "type": "self_generated"});
        assert_eq!(refused(&body), ["name", "permissions", "trusted_ips", "type"]);
    }
}
