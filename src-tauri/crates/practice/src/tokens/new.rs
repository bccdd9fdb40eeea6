//! The body of `POST /api_tokens`: parsed into a value that can be stored as it is, or refused
//! with every problem named at its field.

use ipnet::IpNet;
use serde_json::{Map, Value};

use crate::documented::permission::Permissions;
use crate::problems::{Problem, Problems, Word};
use crate::tokens::fields::{name, permissions, trusted_ips};
use crate::tokens::public_key::PublicKey;

const FIELDS: [&str; 5] = ["type", "name", "trusted_ips", "permissions", "public_key"];

/// A token as asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NewToken {
    pub(crate) name: String,
    pub(crate) access: Access,
    pub(crate) permissions: Permissions,
}

/// How requests are signed, and from where they may come.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// HMAC: the service makes the secret. Trusted IPs are required.
    SystemGenerated { trusted_ips: TrustedIps },
    /// RSA. No trusted IPs at all mean any address.
    SelfGenerated { public_key: PublicKey, trusted_ips: Vec<IpNet> },
}

/// At least one network.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TrustedIps(pub(crate) Vec<IpNet>);

impl NewToken {
    pub(crate) fn parse(body: &Map<String, Value>) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        problems.unknown_fields(body, &FIELDS);
        let name = problems.field(body, "name", name);
        let permissions = problems.field(body, "permissions", permissions);
        let trusted_ips = problems.field(body, "trusted_ips", trusted_ips);
        let access = match problems.field(body, "type", token_type) {
            Some(TokenType::SystemGenerated) => {
                if !matches!(body.get("public_key"), None | Some(Value::Null)) {
                    problems
                        .add("public_key", Word::NotAllowed.saying("must be left out for a system generated token"));
                }
                let trusted_ips = trusted_ips.filter(|networks| {
                    if networks.is_empty() {
                        problems.add("trusted_ips", Word::Blank.saying("can't be blank for a system generated token"));
                    }
                    !networks.is_empty()
                });
                trusted_ips.map(|networks| Access::SystemGenerated { trusted_ips: TrustedIps(networks) })
            }
            Some(TokenType::SelfGenerated) => problems
                .field(body, "public_key", public_key)
                .zip(trusted_ips)
                .map(|(public_key, trusted_ips)| Access::SelfGenerated { public_key, trusted_ips }),
            None => None,
        };
        match (name, access, permissions) {
            (Some(name), Some(access), Some(permissions)) if problems.is_empty() => {
                Ok(Self { name, access, permissions })
            }
            _ => Err(problems),
        }
    }
}

enum TokenType {
    SystemGenerated,
    SelfGenerated,
}

fn token_type(value: &Value) -> Result<TokenType, Vec<Problem>> {
    match value.as_str() {
        Some("system_generated") => Ok(TokenType::SystemGenerated),
        Some("self_generated") => Ok(TokenType::SelfGenerated),
        _ => Err(vec![Word::Unknown.saying("must be system_generated or self_generated")]),
    }
}

fn public_key(value: &Value) -> Result<PublicKey, Vec<Problem>> {
    let pem = value.as_str().ok_or_else(|| vec![Word::NotAText.into()])?;
    PublicKey::parse(pem).map_err(|problem| vec![problem.into()])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const PEM: &str = include_str!("../../tests/keys/rsa-2048.pub.pem");

    fn body() -> Value {
        json!({"type": "system_generated", "name": "Home bot", "trusted_ips": ["203.0.113.7"], "permissions": ["BOTS_READ"]})
    }

    fn with(field: &str, value: &Value) -> Value {
        let mut body = body();
        body[field] = value.clone();
        body
    }

    fn self_generated(trusted_ips: &Value) -> Value {
        json!({"type": "self_generated", "name": "Home bot", "trusted_ips": trusted_ips, "permissions": ["BOTS_READ"], "public_key": PEM})
    }

    fn parse(body: &Value) -> Result<NewToken, Problems> {
        NewToken::parse(body.as_object().unwrap())
    }

    /// The fields that are named.
    fn refused(body: &Value) -> Vec<String> {
        parse(body).unwrap_err().attributes().into_keys().collect()
    }

    #[test]
    fn names_are_trimmed_and_count_unicode_scalars() {
        for (name, trimmed) in [("  ab\t", "ab"), ("Æø", "Æø"), (&"💶".repeat(64), &"💶".repeat(64))] {
            assert_eq!(parse(&with("name", &json!(name))).unwrap().name, trimmed);
        }
        for name in [
            json!(""),
            json!(" a "),
            json!("x".repeat(65)),
            json!("a\u{7}b"),
            json!("a\nb"),
            json!("a\u{85}b"),
            json!(12),
            json!(null),
        ] {
            assert_eq!(refused(&with("name", &name)), ["name"], "{name}");
        }
    }

    #[test]
    fn permissions_are_a_known_set_and_not_empty() {
        let parsed = parse(&with("permissions", &json!(["SMART_TRADES_READ", "BOTS_READ", "BOTS_READ"]))).unwrap();
        assert_eq!(parsed.permissions.words(), ["BOTS_READ", "SMART_TRADES_READ"]);
        for wrong in [json!([]), json!(["bots_read"]), json!(["BOTS_READ", "ALL"]), json!("BOTS_READ"), json!([1])] {
            assert_eq!(refused(&with("permissions", &wrong)), ["permissions"], "{wrong}");
        }
    }

    #[test]
    fn trusted_ips_follow_the_practice_policy_and_come_out_canonical() {
        let parsed = parse(&self_generated(&json!(["2001:DB8::7", "198.41.0.9/24", "198.41.0.4"]))).unwrap();
        let Access::SelfGenerated { trusted_ips, .. } = parsed.access else { panic!("another type") };
        assert_eq!(trusted_ips, ["2001:db8::7/128".parse::<IpNet>().unwrap(), "198.41.0.0/24".parse().unwrap()]);
        for wrong in [
            json!(["10.0.0.1"]),
            json!(["203.0.113.7", "home.example.org"]),
            json!([""]),
            json!(["# only a label"]),
            json!("203.0.113.7"),
            json!([["203.0.113.7"]]),
        ] {
            assert_eq!(refused(&with("trusted_ips", &wrong)), ["trusted_ips"], "{wrong}");
        }
    }

    #[test]
    fn a_rejected_entry_is_named_with_its_reason() {
        let problems = parse(&with("trusted_ips", &json!(["203.0.113.7", "192.168.1.5"]))).unwrap_err();
        assert_eq!(problems.attributes()["trusted_ips"], ["192.168.1.5: private-address"]);
    }

    #[test]
    fn any_address_is_for_self_generated_tokens_only() {
        assert!(parse(&self_generated(&json!([]))).is_ok());
        assert_eq!(refused(&self_generated(&json!(null))), ["trusted_ips"]);
        assert_eq!(refused(&with("trusted_ips", &json!([]))), ["trusted_ips"]);
    }

    #[test]
    fn a_public_key_belongs_to_self_generated_tokens_only() {
        assert_eq!(refused(&with("public_key", &json!(PEM))), ["public_key"]);
        assert!(parse(&with("public_key", &json!(null))).is_ok());
        let mut keyless = self_generated(&json!([]));
        keyless.as_object_mut().unwrap().remove("public_key");
        assert_eq!(refused(&keyless), ["public_key"]);
    }

    #[test]
    fn a_private_key_is_refused_and_never_repeated() {
        let mut body = self_generated(&json!([]));
        body["public_key"] = json!(PEM.replace("PUBLIC", "PRIVATE"));
        let problems = parse(&body).unwrap_err();
        assert_eq!(problems.attributes()["public_key"], ["private_key"]);
        assert!(problems.sentence().contains("must never leave your computer"));
        assert!(!format!("{problems:?}").contains("BEGIN PRIVATE"));
    }

    #[test]
    fn every_problem_is_named_at_once() {
        let body = json!({"type": "hmac", "name": "x", "permission": ["BOTS_READ"]});
        assert_eq!(refused(&body), ["name", "permission", "permissions", "trusted_ips", "type"]);
    }
}
