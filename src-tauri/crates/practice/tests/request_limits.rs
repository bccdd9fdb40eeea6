//! Request limits over HTTP, on the service's own clock.
#![allow(clippy::unwrap_used)]

use serde_json::json;
use support::{Answer, Service, send, signed, system_generated};

mod support;

const TIME: &str = "/public/api/ver1/time";

async fn get(service: &Service, path: &str) -> Answer {
    send(service.api.http.get(format!("{}{path}", service.api.url))).await
}

#[tokio::test]
async fn the_101st_request_of_a_minute_is_blocked_for_300_seconds() {
    let service = Service::start().await;
    for _ in 0..100 {
        assert_eq!(get(&service, TIME).await.status, 200);
    }
    let blocked = get(&service, TIME).await;
    blocked.refused(429, "too_many_requests");
    assert_eq!(blocked.retry_after(), Some(300));
    service.clock.advance(299);
    assert_eq!(get(&service, TIME).await.retry_after(), Some(1));
    service.clock.advance(1);
    assert_eq!(get(&service, TIME).await.status, 200);
}

#[tokio::test]
async fn refused_requests_count_and_each_address_for_itself() {
    let service = Service::start().await;
    let token = service.token(&system_generated()).await;
    for _ in 0..50 {
        get(&service, "/public/api/ver1/validate").await.refused(401, "api_key_invalid_or_expired");
        get(&service, "/public/api/ver1/none").await.refused(404, "not_found");
    }
    signed(&service, &token, "/public/api/ver1/validate", None).await.refused(429, "too_many_requests");
    let elsewhere = signed(&service, &token, "/public/api/ver1/validate", Some("198.41.0.4")).await;
    elsewhere.refused(401, "ip_not_trusted");
    assert_eq!(service.api.list().await.len(), 1, "the account's own routes are not limited");
    assert_eq!(get(&service, "/cdn-cgi/trace").await.status, 200);
}

#[tokio::test]
async fn going_on_while_blocked_ends_in_a_ban() {
    let service = Service::start().await;
    for _ in 0..101 {
        get(&service, TIME).await;
    }
    for _ in 0..9 {
        get(&service, TIME).await.refused(429, "too_many_requests");
    }
    let banned = get(&service, TIME).await;
    banned.refused(418, "address_banned");
    assert_eq!(banned.retry_after(), Some(120));
    get(&service, "/public/api/ver1/deals").await.refused(418, "address_banned");
}

#[tokio::test]
async fn the_control_switches_the_limits_off_and_on() {
    let service = Service::start().await;
    assert_eq!(service.api.control(&json!({"limits": "off"})).await.status, 204);
    for _ in 0..200 {
        assert_eq!(get(&service, TIME).await.status, 200);
    }
    assert_eq!(service.api.control(&json!({"limits": "documented"})).await.status, 204);
    for _ in 0..100 {
        assert_eq!(get(&service, TIME).await.status, 200);
    }
    get(&service, TIME).await.refused(429, "too_many_requests");
}
