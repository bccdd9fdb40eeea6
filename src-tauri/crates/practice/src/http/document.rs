//! The OpenAPI document: the account's routes as their handlers say, the public API as its table
//! says. `docs/openapi.json` is this document; a test holds both equal.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::IntoResponse;
use utoipa::openapi::path::{Operation, OperationBuilder, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{AdditionalProperties, ArrayBuilder, ObjectBuilder, Schema, Type};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    self, ContentBuilder, HttpMethod, OpenApi as Document, PathItem, Ref, RefOr, Required, Response, ResponseBuilder,
    ResponsesBuilder, SecurityRequirement,
};
use utoipa::{Modify, OpenApi};

use crate::documented::endpoints::{self, BASE, Demand, Endpoint};
use crate::documented::permission::Permission;
use crate::http::public_api::{PAGE_LENGTH, Simulation};
use crate::http::refusal::ErrorBody;
use crate::http::shapes::ERRORS;
use crate::http::{api_tokens, control, refused_requests, trace};

static TEXT: LazyLock<String> = LazyLock::new(|| {
    let text = PracticeApi::openapi().to_pretty_json().expect("a document made of texts and numbers");
    format!("{text}\n")
});

/// The document itself
pub(super) async fn answer() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], TEXT.as_str())
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Token Desk practice service",
        description = "A token endpoint behind one-time codes, and a public API that enforces what it issued. \
            The public API follows 3Commas' documentation; where that is silent the choice is marked as our own. \
            Requests of the public API from this computer may say in `X-Practice-Client-IP` which address they seem to come from."
    ),
    paths(
        api_tokens::list, api_tokens::create, api_tokens::edit, api_tokens::revoke,
        control::change, refused_requests::list, trace::answer
    ),
    components(schemas(ErrorBody, Permission)),
    modifiers(&NothingElse, &Security, &SharedErrors, &PublicApi)
)]
struct PracticeApi;

/// What utoipa does not say of an enum, although serde holds to it.
struct NothingElse;

impl Modify for NothingElse {
    fn modify(&self, document: &mut Document) {
        let schemas = &mut document.components.get_or_insert_default().schemas;
        let Some(RefOr::T(Schema::OneOf(kinds))) = schemas.get_mut("NewToken") else { return };
        for kind in &mut kinds.items {
            if let RefOr::T(Schema::Object(kind)) = kind {
                kind.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
            }
        }
    }
}

struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut Document) {
        let components = document.components.get_or_insert_default();
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("The account session")).build();
        components.add_security_scheme("session", SecurityScheme::Http(bearer));
        for (name, header, says) in [
            ("api_key", "Apikey", "The API key of a token"),
            (
                "signature",
                "Signature",
                "Of the path from /public/api on, query and body: HMAC-SHA256 in hex, or RSASSA-PKCS1-v1_5 with SHA-256 in base64",
            ),
        ] {
            let value = ApiKeyValue::with_description(header, says);
            components.add_security_scheme(name, SecurityScheme::ApiKey(ApiKey::Header(value)));
        }
    }
}

/// Said once, and named where they may be answered.
struct SharedErrors;

impl Modify for SharedErrors {
    fn modify(&self, document: &mut Document) {
        let account = ERRORS.into_iter().map(|(_, name, says)| (name, says));
        let shared = account.chain(PUBLIC_ERRORS).map(|(name, says)| (name.to_owned(), error(says).into()));
        document.components.get_or_insert_default().responses.extend(shared);
    }
}

struct PublicApi;

impl Modify for PublicApi {
    fn modify(&self, document: &mut Document) {
        for endpoint in endpoints::all() {
            let method = match endpoint.method {
                "DELETE" => HttpMethod::Delete,
                "PATCH" => HttpMethod::Patch,
                "POST" => HttpMethod::Post,
                _ => HttpMethod::Get,
            };
            let path = format!("{BASE}{}", template(endpoint.path));
            let item = PathItem::new(method, operation(endpoint));
            match document.paths.paths.get_mut(&path) {
                Some(present) => present.merge_operations(item),
                None => drop(document.paths.paths.insert(path, item)),
            }
        }
    }
}

/// `:id` as `{id}`.
fn template(path: &str) -> String {
    let parts = path.split('/').map(|part| match part.strip_prefix(':') {
        Some(name) => format!("{{{name}}}"),
        None => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("/")
}

fn operation(endpoint: &Endpoint) -> Operation {
    let simulation = Simulation::of(endpoint);
    let is_list = matches!(simulation, Simulation::List(_));
    let mut operation = OperationBuilder::new().tag("public API").summary(Some(endpoint.title));
    for part in template(endpoint.path).split('/') {
        if let Some(name) = part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            let parameter = ParameterBuilder::new()
                .name(name)
                .parameter_in(ParameterIn::Path)
                .required(Required::True)
                .schema(Some(ObjectBuilder::new().schema_type(Type::String).min_length(Some(1))));
            operation = operation.parameter(parameter);
        }
    }
    if is_list {
        for name in PAGE_LENGTH {
            let length = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0)).maximum(Some(1_000));
            operation = operation.parameter(optional(name, ParameterIn::Query).schema(Some(length)));
        }
    }
    if is_list || simulation == Simulation::CurrentMode {
        operation = operation.parameter(optional("Forced-Mode", ParameterIn::Header).schema(Some(mode())));
    }
    if simulation == Simulation::ChangeMode {
        let parameter = optional("mode", ParameterIn::Query)
            .description(Some("Here, or in the body; the query comes first"))
            .schema(Some(mode()));
        let body = ObjectBuilder::new().property("mode", mode());
        let content = ContentBuilder::new().schema(Some(body)).build();
        let body = RequestBodyBuilder::new()
            .content("application/x-www-form-urlencoded", content.clone())
            .content("application/json", content);
        operation = operation.parameter(parameter).request_body(Some(body.build()));
    }
    if endpoint.demand != Demand::Nothing {
        let none: [&str; 0] = [];
        operation = operation.security(SecurityRequirement::new("api_key", none).add("signature", none));
    }
    if let Demand::Permission(permission) = endpoint.demand {
        operation = operation.description(Some(format!("Needs {}.", permission.as_str())));
    }
    operation.responses(responses(endpoint, simulation).build()).build()
}

fn optional(name: &str, place: ParameterIn) -> ParameterBuilder {
    ParameterBuilder::new().name(name).parameter_in(place).required(Required::False)
}

fn mode() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(["paper", "real"]))
}

fn responses(endpoint: &Endpoint, simulation: Simulation) -> ResponsesBuilder {
    let mut responses = ResponsesBuilder::new();
    if simulation != Simulation::None {
        let object = ObjectBuilder::new().schema_type(Type::Object).build();
        let is_array = matches!(simulation, Simulation::List(_)) || endpoint.path.ends_with("market_list");
        let schema: RefOr<openapi::Schema> =
            if is_array { ArrayBuilder::new().items(object).into() } else { object.into() };
        let content = ContentBuilder::new().schema(Some(schema)).build();
        let answer = ResponseBuilder::new().description("Made-up data").content("application/json", content);
        responses = responses.response("200", answer);
    } else {
        responses = responses.response("501", Ref::from_response_name("NotSimulated"));
    }
    if endpoint.demand != Demand::Nothing {
        responses = responses.response("401", Ref::from_response_name("Unauthorized"));
    }
    if let Demand::Permission(_) = endpoint.demand {
        responses = responses.response("403", Ref::from_response_name("Forbidden"));
    }
    responses
        .response("418", Ref::from_response_name("Banned"))
        .response("429", Ref::from_response_name("TooManyRequests"))
        .response("default", Ref::from_response_name("Other"))
}

/// What endpoints of the public API answer alike: name, meaning.
const PUBLIC_ERRORS: [(&str, &str); 6] = [
    ("Banned", "`address_banned` (our own word), with Retry-After: banned for going on after 429"),
    ("Forbidden", "`Forbidden`: the permission is missing"),
    ("NotSimulated", "`not_simulated`: documented by 3Commas, not simulated here"),
    ("Other", "Any other error has the same shape"),
    ("TooManyRequests", "`too_many_requests` (our own word), with Retry-After: over the documented limit"),
    (
        "Unauthorized",
        "`api_key_invalid_or_expired`, `signature_invalid`, or `ip_not_trusted`: 3Commas documents the status for an \
         address that is not trusted, not the body; that word is our own choice",
    ),
];

fn error(description: &str) -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Error"))).build();
    ResponseBuilder::new().description(description).content("application/json", content).build()
}
