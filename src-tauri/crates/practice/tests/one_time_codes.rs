//! One-time codes over HTTP: each step once, a lock per account, and no way around it.
#![allow(clippy::unwrap_used)]

use practice::{Clock, CodeNow, Config, Practice, StateKey};
use serde_json::json;
use support::{Api, STATE_KEY, STEP_S, Service, new_key, system_generated};

mod support;

async fn with_code(service: &Service, code: &str) -> support::Answer {
    service.api.create(&new_key(), Some(code), &system_generated()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_parallel_requests_with_one_code_exactly_one_wins() {
    let service = Service::start().await;
    let code = service.code(0);
    let requests: Vec<_> = (0..50)
        .map(|_| {
            let (api, code) = (service.api.clone(), code.clone());
            tokio::spawn(async move { api.create(&new_key(), Some(&code), &system_generated()).await })
        })
        .collect();
    let mut answers = Vec::new();
    for request in requests {
        let answer = request.await.unwrap();
        answers.push((answer.status, answer.error().to_owned()));
    }
    let count = |status, error: &str| answers.iter().filter(|answer| **answer == (status, error.to_owned())).count();
    // The fifth reused code locks the account: what comes later is locked out, not let in.
    assert_eq!(count(201, ""), 1);
    assert_eq!(count(403, "otp_reused") + count(429, "otp_locked"), 49, "{answers:?}");
    assert_eq!(count(403, "otp_reused"), 5);
    assert_eq!(service.api.list().await.len(), 1);
}

#[tokio::test]
async fn after_step_n_neither_n_nor_n_minus_1_is_taken_also_after_a_restart() {
    let service = Service::start().await;
    let (before, now, ahead) = (service.code(-1), service.code(0), service.code(1));
    assert_eq!(with_code(&service, &now).await.status, 201);
    with_code(&service, &now).await.refused(403, "otp_reused");
    with_code(&service, &before).await.refused(403, "otp_reused");
    let service = service.restart().await;
    with_code(&service, &now).await.refused(403, "otp_reused");
    with_code(&service, &before).await.refused(403, "otp_reused");
    assert_eq!(with_code(&service, &ahead).await.status, 201);
}

#[tokio::test]
async fn one_step_of_drift_passes_and_two_fail() {
    for (drift, status) in [(-2, 403), (-1, 201), (0, 201), (1, 201), (2, 403)] {
        let service = Service::start().await;
        let answer = with_code(&service, &service.code(drift)).await;
        assert_eq!(answer.status, status, "{drift}: {}", answer.body);
    }
}

#[tokio::test]
async fn a_wrong_code_burns_no_step() {
    let service = Service::start().await;
    with_code(&service, &service.wrong_code()).await.refused(403, "otp_invalid");
    assert_eq!(with_code(&service, &service.code(0)).await.status, 201);
}

#[tokio::test]
async fn five_wrong_codes_lock_the_account_for_five_minutes_whatever_the_session() {
    let service = Service::start().await;
    for code in ["12345", "1234567", "１２３４５６", "12 456", service.wrong_code().as_str()] {
        with_code(&service, code).await.refused(403, "otp_invalid");
    }
    let locked = with_code(&service, &service.code(0)).await;
    locked.refused(429, "otp_locked");
    assert_eq!(locked.retry_after(), Some(300));

    let service = service.restart().await;
    let other_connection = Api::of(&service.practice);
    let locked = other_connection.create(&new_key(), Some(&service.code(0)), &system_generated()).await;
    locked.refused(429, "otp_locked");
    service.api.create(&new_key(), None, &system_generated()).await.refused(429, "otp_locked");

    service.clock.advance(299);
    for _ in 0..20 {
        let locked = with_code(&service, &service.wrong_code()).await;
        locked.refused(429, "otp_locked");
        assert_eq!(locked.retry_after(), Some(1), "attempts while locked change nothing");
    }
    service.clock.advance(1);
    assert_eq!(with_code(&service, &service.code(0)).await.status, 201);
}

#[tokio::test]
async fn a_success_or_five_minutes_forget_and_a_missing_code_does_not_count() {
    let service = Service::start().await;
    for _ in 0..3 {
        for _ in 0..4 {
            with_code(&service, &service.wrong_code()).await.refused(403, "otp_invalid");
            service.api.create(&new_key(), None, &system_generated()).await.refused(403, "otp_required");
        }
        assert_eq!(with_code(&service, &service.code(0)).await.status, 201);
        service.clock.advance(STEP_S);
    }
    for _ in 0..3 {
        for _ in 0..4 {
            with_code(&service, &service.wrong_code()).await.refused(403, "otp_invalid");
        }
        service.clock.advance(300);
    }
}

#[tokio::test]
async fn a_stored_answer_is_given_also_while_the_account_is_locked() {
    let service = Service::start().await;
    let key = new_key();
    let made = service.api.create(&key, Some(&service.code(0)), &system_generated()).await;
    for _ in 0..5 {
        with_code(&service, &service.code(0)).await.refused(403, "otp_reused");
    }
    with_code(&service, &service.code(1)).await.refused(429, "otp_locked");
    let again = service.api.create(&key, None, &system_generated()).await;
    assert_eq!((again.status, again.body), (201, made.body));
}

#[tokio::test]
async fn a_hundred_wrong_codes_in_a_row_stop_for_good() {
    let service = Service::start().await;
    for _ in 0..20 {
        for _ in 0..5 {
            with_code(&service, &service.wrong_code()).await.refused(403, "otp_invalid");
        }
        service.clock.advance(300);
    }
    let service = service.restart().await;
    service.clock.advance(365 * 24 * 3_600);
    let stopped = with_code(&service, &service.code(0)).await;
    stopped.refused(429, "otp_locked");
    assert_eq!(stopped.retry_after(), None, "no waiting helps");

    let (old_secret, old_code) = (service.practice.otp_secret_base32(), service.code(0));
    service.practice.shutdown().await;
    let mut config = Config::new(service.data.path(), StateKey::from_bytes(STATE_KEY));
    config.clock = service.clock.clone();
    config.new_authenticator = true;
    let practice = Practice::start(config).await.unwrap();
    assert_ne!(practice.otp_secret_base32(), old_secret);
    let api = Api::of(&practice);
    api.create(&new_key(), Some(&old_code), &system_generated()).await.refused(403, "otp_invalid");
    let code = api.code_at(service.clock.now_unix_millis() / 1_000);
    let made = api.create(&new_key(), Some(&code), &system_generated()).await;
    assert_eq!(made.status, 201, "a new authenticator does");
}

#[tokio::test]
async fn the_code_shown_is_always_one_that_is_taken() {
    let service = Service::start().await;
    let shown = |service: &Service| match service.practice.unused_code() {
        CodeNow::Code { code, seconds_left } => (Some(code), seconds_left),
        CodeNow::Wait { seconds } => (None, seconds),
    };
    service.clock.advance(10);
    assert_eq!(shown(&service), (Some(service.code(0)), 20));
    assert_eq!(with_code(&service, &shown(&service).0.unwrap()).await.status, 201);
    assert_eq!(shown(&service), (None, 20), "spent");
    service.clock.advance(20);
    assert_eq!(with_code(&service, &service.code(1)).await.status, 201, "a fast clock");
    assert_eq!(shown(&service), (None, 60), "a step spent ahead of time is spent");
    let service = service.restart().await;
    assert_eq!(shown(&service), (None, 60), "also after a restart");
    service.clock.advance(60);
    assert_eq!(with_code(&service, &shown(&service).0.unwrap()).await.status, 201);
}

#[tokio::test]
async fn the_control_moves_the_clock_a_step_a_code() {
    let service = Service::start().await;
    for count in 0..4 {
        let offset = count * STEP_S;
        assert_eq!(service.api.control(&json!({"clock_offset_s": offset})).await.status, 204);
        let code = service.code(count);
        assert_eq!(with_code(&service, &code).await.status, 201, "absolute, not added up");
    }
    assert_eq!(service.api.list().await.len(), 4);
}

#[tokio::test]
async fn a_clock_set_back_ends_no_lock_and_stretches_none() {
    let service = Service::start().await;
    service.clock.advance(900_000_000);
    for _ in 0..5 {
        with_code(&service, &service.wrong_code()).await.refused(403, "otp_invalid");
    }
    service.clock.advance(-900_000_000);
    let locked = with_code(&service, &service.code(0)).await;
    locked.refused(429, "otp_locked");
    assert_eq!(locked.retry_after(), Some(300));
    service.clock.advance(299);
    let service = service.restart().await;
    assert_eq!(with_code(&service, &service.code(0)).await.retry_after(), Some(1));
    service.clock.advance(1);
    assert_eq!(with_code(&service, &service.code(0)).await.status, 201);
}
