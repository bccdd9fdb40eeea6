//! `PATCH /practice/control`: clock, simulated address, limits, faults. All of a request or nothing of it.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use serde_json::Value;
use trusted_ips::Reason;

use crate::app::App;
use crate::conditions::clock::{ClockOffset, OutOfRange};
use crate::conditions::fault::Fault;
use crate::config::Limits;
use crate::http::client_address::parse as parse_address;
use crate::http::openapi::{ControlBody, Errors};
use crate::http::refusal::Refusal;
use crate::http::{body, peer};
use crate::problems::{Problem, Problems, Word};

#[utoipa::path(
    patch, path = "/practice/control", tag = "practice", security(("session" = [])),
    request_body = ControlBody, responses((status = 204, description = "All of it was done"), Errors)
)]
/// Moves the clock, plays another address, switches limits and faults; from this computer only
pub(super) async fn change(State(app): State<Arc<App>>, request: Request) -> Result<StatusCode, Refusal> {
    if !peer(&request)?.ip().to_canonical().is_loopback() {
        return Err(Refusal::forbidden("loopback_only", "The control is for this computer only"));
    }
    let change = Change::parse(&body::json(request).await?)?;
    if let Some(offset) = change.clock_offset {
        app.clock.set_offset(offset);
    }
    if let Some(fault) = change.fault {
        app.fault.set(fault);
    }
    app.simulate(|simulation| {
        simulation.client_address = change.client_address.unwrap_or(simulation.client_address);
        simulation.limits = change.limits.unwrap_or(simulation.limits);
    });
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Change {
    clock_offset: Option<ClockOffset>,
    client_address: Option<IpAddr>,
    limits: Option<Limits>,
    fault: Option<Fault>,
}

impl Change {
    fn parse(body: &Value) -> Result<Self, Refusal> {
        let Value::Object(body) = body else {
            return Err(Refusal::bad_request("invalid_json", "The body must be a JSON object"));
        };
        let mut change = Self::default();
        let mut problems = Problems::default();
        for (name, value) in body {
            let read = match name.as_str() {
                "clock_offset_s" => clock_offset(value).map(|offset| change.clock_offset = Some(offset)),
                "client_address" => client_address(value).map(|address| change.client_address = Some(address)),
                "limits" => limits(value).map(|limits| change.limits = Some(limits)),
                "fault" => fault(value).map(|fault| change.fault = Some(fault)),
                _ => Err(Word::Unknown.into()),
            };
            if let Err(problem) = read {
                problems.add(name, problem);
            }
        }
        if problems.is_empty() { Ok(change) } else { Err(problems.into()) }
    }
}

fn clock_offset(value: &Value) -> Result<ClockOffset, Problem> {
    let offset = value.as_i64().ok_or(OutOfRange).and_then(ClockOffset::try_from);
    offset.map_err(|problem| Word::OutOfRange.saying(problem.to_string()))
}

fn client_address(value: &Value) -> Result<IpAddr, Problem> {
    value
        .as_str()
        .and_then(parse_address)
        .ok_or_else(|| Word::Address(Reason::NotAnAddress).saying("must be an IP address"))
}

fn limits(value: &Value) -> Result<Limits, Problem> {
    value.as_str().and_then(Limits::from_word).ok_or_else(|| Word::Unknown.saying("must be documented or off"))
}

fn fault(value: &Value) -> Result<Fault, Problem> {
    value
        .as_str()
        .and_then(Fault::from_word)
        .ok_or_else(|| Word::Unknown.saying("must be none, slow, down, error, cut or hang"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_change_names_what_it_changes() {
        assert_eq!(Change::parse(&json!({})).unwrap(), Change::default());
        let all =
            json!({"clock_offset_s": -60, "client_address": "::ffff:198.41.0.4", "limits": "off", "fault": "cut"});
        let change = Change {
            clock_offset: Some(ClockOffset::try_from(-60).unwrap()),
            client_address: Some("198.41.0.4".parse().unwrap()),
            limits: Some(Limits::Off),
            fault: Some(Fault::Cut),
        };
        assert_eq!(Change::parse(&all).unwrap(), change);
    }

    #[test]
    fn one_wrong_field_refuses_all() {
        for (field, value) in [
            ("clock_offset_s", json!("30")),
            ("clock_offset_s", json!(1.5)),
            ("clock_offset_s", json!(2_000_000_000)),
            ("clock_offset_s", json!(null)),
            ("client_address", json!("203.0.113.0/24")),
            ("client_address", json!("localhost")),
            ("limits", json!("none")),
            ("limits", json!(false)),
            ("fault", json!("disk-full")),
            ("session", json!("x")),
        ] {
            let mut body = json!({"clock_offset_s": 30});
            body[field] = value;
            let refusal = Change::parse(&body).unwrap_err();
            assert_eq!(refusal.error(), "record_invalid");
            assert_eq!(refusal.attributes().keys().collect::<Vec<_>>(), [field]);
        }
    }
}
