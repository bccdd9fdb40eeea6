//! A foreign client, py3cw, calls the practice service with tokens that were created over its token endpoint.

use keys::{Bits, KeyPair};
use token_desk_tests::{
    practice::{NewToken, PracticeService, TokenType},
    py3cw::{Answer, Credentials, Signature, SigningKey, call},
};

/// Where callers appear to come from, unless a test says otherwise; nobody's address (RFC 5737).
const HOME: &str = "203.0.113.7";
const ELSEWHERE: &str = "203.0.113.200";

#[tokio::test]
async fn a_system_generated_token_works_with_py3cw() {
    let service = PracticeService::start().unwrap();
    let issued = service.create(&token(TokenType::SystemGenerated)).await.unwrap();
    let credentials = Credentials {
        api_key: issued.api_key,
        key: SigningKey::Secret(issued.secret.expect("a secret that the service made")),
    };

    works_and_is_guarded(&service, &credentials).await;
}

#[tokio::test]
async fn a_self_generated_token_works_with_py3cw() {
    let service = PracticeService::start().unwrap();
    let pair = KeyPair::generate(Bits::B2048).unwrap();
    let public_key = pair.public_pem();
    let issued = service.create(&token(TokenType::SelfGenerated { public_key: &public_key })).await.unwrap();
    assert!(issued.secret.is_none(), "the service knows no secret of a key that it did not make");

    // People have their private key in either form.
    for pem in [pair.private_pem(), pair.private_pkcs1_pem()] {
        let credentials = Credentials { api_key: issued.api_key.clone(), key: SigningKey::PrivateKey(pem.to_string()) };
        works_and_is_guarded(&service, &credentials).await;
    }
}

fn token(token_type: TokenType<'_>) -> NewToken<'_> {
    NewToken { token_type, name: "py3cw", trusted_ips: &[HOME], permissions: &["ACCOUNTS_READ"] }
}

async fn works_and_is_guarded(service: &PracticeService, credentials: &Credentials) {
    let ask = |entity, signature| call(service.url(), credentials, entity, signature).expect("py3cw brings an answer");

    assert_eq!(ask("accounts", Signature::Intact), Answer { status: 200, error: None });
    assert_eq!(ask("bots", Signature::Intact), refused(403, "Forbidden"), "a permission that was not given");
    assert_eq!(ask("accounts", Signature::Damaged), refused(401, "signature_invalid"));

    service.appear_as(ELSEWHERE).await.expect("the address is simulated");
    assert_eq!(ask("accounts", Signature::Intact), refused(401, "ip_not_trusted"));
    service.appear_as(HOME).await.expect("the address is simulated");
    assert_eq!(ask("accounts", Signature::Intact), Answer { status: 200, error: None });
}

fn refused(status: u16, error: &str) -> Answer {
    Answer { status, error: Some(error.to_owned()) }
}
