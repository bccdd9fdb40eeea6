//! `GET /cdn-cgi/trace`: which address the service sees, as 3Commas' own edge would say.

use std::sync::Arc;

use axum::extract::{Request, State};

use crate::http::client_address;
use crate::http::refusal::Refusal;
use crate::http::shapes::Errors;
use crate::shared::Shared;

#[utoipa::path(
    get, path = "/cdn-cgi/trace", tag = "practice",
    responses((status = 200, description = "Lines of key=value, `ip=` among them", content_type = "text/plain", body = String), Errors)
)]
/// Lines of `key=value`. Only what is asked of it: the address, the time, and that it is practice.
pub(super) async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Result<String, Refusal> {
    let address = client_address::of(&request, shared.conditions.get().client_address)?;
    let now_ms = shared.clock.now_ms();
    Ok(format!(
        "fl=practice\nip={address}\nts={}.{:03}\nvisit_scheme=http\nhttp=http/1.1\n",
        now_ms / 1_000,
        now_ms % 1_000,
    ))
}
