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

/// Figures as documented. None of these is signed: each is counted before that is looked at.
#[tokio::test]
async fn deals_and_smart_trades_have_limits_of_their_own() {
    let service = Service::start().await;
    for (path, of_the_same_kind, requests, window_s, block_s) in [
        ("/public/api/ver1/deals", "/public/api/ver1/deals/7/show", 120, 60, 60),
        // Documented for `/ver1/smart_trades`, which no longer exists.
        ("/public/api/v2/smart_trades", "/public/api/v2/smart_trades?limit=1", 40, 10, 10),
    ] {
        let unsigned = async |count: usize| {
            for number in 0..count {
                let path = if number % 2 == 0 { path } else { of_the_same_kind };
                get(&service, path).await.refused(401, "api_key_invalid_or_expired");
            }
        };
        unsigned(requests).await;
        service.clock.advance(window_s);
        unsigned(requests).await;
        service.clock.advance(window_s - 1);
        let blocked = get(&service, path).await;
        blocked.refused(429, "too_many_requests");
        assert_eq!(blocked.retry_after(), u64::try_from(block_s).ok(), "{path}");
        let change = send(service.api.http.post(format!("{}{path}", service.api.url))).await;
        assert_ne!(change.status, 429, "only GET {path} is blocked");
        service.clock.advance(block_s - 1);
        assert_eq!(get(&service, of_the_same_kind).await.retry_after(), Some(1), "{path}");
        service.clock.advance(1);
        unsigned(1).await;
    }
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
