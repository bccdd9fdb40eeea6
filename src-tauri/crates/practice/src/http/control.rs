//! `PATCH /practice/control`: clock, simulated address, limits, faults. All of a request or nothing of it.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use serde_json::{Map, Value};
use trusted_ips::Reason;

use crate::conditions::clock::{ClockOffset, OutOfRange};
use crate::conditions::fault::Fault;
use crate::conditions::request_limits::Limits;
use crate::http::refusal::Refusal;
use crate::http::shapes::{ControlBody, Errors};
use crate::http::{body, client_address};
use crate::problems::{Problem, Problems, Word};
use crate::shared::Shared;

#[utoipa::path(
    patch, path = "/practice/control", tag = "practice", security(("session" = [])),
    request_body = ControlBody, responses((status = 204, description = "All of it was done"), Errors)
)]
/// Moves the clock, plays another address, switches limits and faults; from this computer only
pub(super) async fn change(State(shared): State<Arc<Shared>>, request: Request) -> Result<StatusCode, Refusal> {
    if !client_address::peer(&request)?.ip().to_canonical().is_loopback() {
        return Err(Refusal::forbidden("loopback_only", "The control is for this computer only"));
    }
    let body = body::json(request).await?;
    let change = ControlChange::parse(body::object(&body)?)?;
    if let Some(offset) = change.clock_offset {
        shared.clock.set_offset(offset);
    }
    if let Some(fault) = change.fault {
        shared.fault.set(fault);
    }
    shared.conditions.change(|conditions| {
        conditions.client_address = change.client_address.unwrap_or(conditions.client_address);
        conditions.limits = change.limits.unwrap_or(conditions.limits);
    });
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Default, PartialEq, Eq)]
struct ControlChange {
    clock_offset: Option<ClockOffset>,
    client_address: Option<IpAddr>,
    limits: Option<Limits>,
    fault: Option<Fault>,
}

impl ControlChange {
    fn parse(body: &Map<String, Value>) -> Result<Self, Problems> {
        let mut change = Self::default();
        let mut problems = Problems::default();
        for (name, value) in body {
            let read = match name.as_str() {
                "clock_offset_s" => clock_offset(value).map(|offset| change.clock_offset = Some(offset)),
                "client_address" => address(value).map(|address| change.client_address = Some(address)),
                "limits" => limits(value).map(|limits| change.limits = Some(limits)),
                "fault" => fault(value).map(|fault| change.fault = Some(fault)),
                _ => Err(Word::Unknown.into()),
            };
            if let Err(problem) = read {
                problems.add(name, problem);
            }
        }
        if problems.is_empty() { Ok(change) } else { Err(problems) }
    }
}

fn clock_offset(value: &Value) -> Result<ClockOffset, Problem> {
    let offset = value.as_i64().ok_or(OutOfRange).and_then(ClockOffset::try_from);
    offset.map_err(|problem| Word::OutOfRange.saying(problem.to_string()))
}

fn address(value: &Value) -> Result<IpAddr, Problem> {
    value
        .as_str()
        .and_then(client_address::parse)
        .ok_or_else(|| Problem::from(Reason::NotAnAddress).saying("must be an IP address"))
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

    fn parse(body: &Value) -> Result<ControlChange, Problems> {
        ControlChange::parse(body.as_object().unwrap())
    }

    #[test]
    fn a_change_names_what_it_changes() {
        assert_eq!(parse(&json!({})).unwrap(), ControlChange::default());
        let all =
            json!({"clock_offset_s": -60, "client_address": "::ffff:198.41.0.4", "limits": "off", "fault": "cut"});
        let change = ControlChange {
            clock_offset: Some(ClockOffset::try_from(-60).unwrap()),
            client_address: Some("198.41.0.4".parse().unwrap()),
            limits: Some(Limits::Off),
            fault: Some(Fault::Cut),
        };
        assert_eq!(parse(&all).unwrap(), change);
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
            assert_eq!(parse(&body).unwrap_err().attributes().into_keys().collect::<Vec<_>>(), [field]);
        }
    }
}
