//! The OpenAPI document that is served is the one in `docs/openapi.json`.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use serde_json::Value;
use support::Service;

mod support;

async fn served() -> String {
    let service = Service::start().await;
    let response = service.api.http.get(format!("{}/openapi.json", service.api.url)).send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/json");
    response.text().await.unwrap()
}

#[tokio::test]
async fn the_committed_document_is_the_served_one() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs/openapi.json");
    let served = served().await;
    if std::env::var_os("TOKEN_DESK_UPDATE").is_some_and(|value| value == "1") {
        fs::write(&path, &served).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap();
    assert!(committed == served, "docs/openapi.json is stale: run ./dev update");
}

#[tokio::test]
async fn every_route_and_every_documented_endpoint_is_in_it() {
    let document: Value = serde_json::from_str(&served().await).unwrap();
    let operation = |method: &str, path: &str| &document["paths"][path][method.to_lowercase()];
    for (method, path) in [
        ("GET", "/api_tokens"),
        ("POST", "/api_tokens"),
        ("PATCH", "/api_tokens/{id}"),
        ("DELETE", "/api_tokens/{id}"),
        ("PATCH", "/practice/control"),
        ("GET", "/practice/refusals"),
        ("GET", "/cdn-cgi/trace"),
    ] {
        assert!(operation(method, path)["responses"].is_object(), "{method} {path}");
    }
    for row in include_str!("../src/documented/endpoints.tsv").lines().skip(1) {
        let columns: Vec<_> = row.split('\t').collect();
        let path = columns[1].split('/').map(|part| match part.strip_prefix(':') {
            Some(name) => format!("{{{name}}}"),
            None => part.to_owned(),
        });
        let operation = operation(columns[0], &format!("/public/api{}", path.collect::<Vec<_>>().join("/")));
        assert_eq!(operation["summary"], columns[4]);
        assert_eq!(operation["security"].is_array(), columns[3] == "SIGNED", "{row}");
        if columns[2] != "NONE" {
            assert!(operation["description"].as_str().unwrap().contains(columns[2]), "{row}");
        }
    }
    let validate = &document["paths"]["/public/api/ver1/validate"]["get"];
    assert_eq!(validate["responses"]["401"]["$ref"], "#/components/responses/Unauthorized");
    let schemas = &document["components"]["schemas"];
    for kind in schemas["NewToken"]["oneOf"].as_array().unwrap() {
        assert_eq!(kind["additionalProperties"], false, "an unknown field is refused");
    }
    for field in schemas["Control"]["properties"].as_object().unwrap().values() {
        assert!(field["type"].is_string(), "null is refused: {field}");
    }
    let change_mode = &document["paths"]["/public/api/ver1/users/change_mode"]["post"];
    assert!(change_mode["requestBody"]["content"]["application/x-www-form-urlencoded"].is_object());
    let create = &document["paths"]["/api_tokens"]["post"]["responses"];
    assert_eq!(create["422"]["$ref"], "#/components/responses/RecordInvalid");
    let unauthorized = &document["components"]["responses"]["Unauthorized"]["description"];
    assert!(unauthorized.as_str().unwrap().contains("our own choice"));
}
