use std::net::IpAddr;

use public_address::{Detection, Finding, Format, Options, Source, Status};
use tauri::State;

use crate::app::App;
use crate::ipc::{Added, AddressStatus, AppError, Destination, Detected, Family, Offered, OfferedStatus, SourceAnswer};

/// Asks the sources which addresses the world sees. Nobody is asked before the person clicks.
///
/// On the practice destination the first address becomes the one that the service sees, and made-up addresses stand in
/// where no source answers, so that a first token can always be made (design section 5).
#[tauri::command]
pub(super) async fn detect_addresses(app: State<'_, App>, destination: Destination) -> Result<Detected, AppError> {
    let mut sources = public_address::default_sources();
    // Finding an address needs neither the database nor the keyring.
    let practice = app.desk().await.ok().map(|desk| desk.practice());
    let practice = practice.filter(|_| destination == Destination::Practice);
    if let Some(url) = practice.and_then(|practice| practice.running_url())
        && let Ok(trace) = url.join("/cdn-cgi/trace")
    {
        // It repeats what is simulated, so it is shown but has no vote.
        sources.extend(
            Source::new("Practice service", trace.as_str(), public_address::Family::V4, Format::Trace)
                .map(Source::without_vote),
        );
    }
    let detection = public_address::detect(&sources, &Options::default()).await;
    let mut detected = detected(&detection);
    if destination == Destination::Practice {
        if detected.added.is_empty() && detected.offered.is_empty() {
            detected.added = MADE_UP.map(|(address, family)| made_up(address, family)).into();
        }
        let first = detected.added.first().and_then(|added| added.address.parse::<IpAddr>().ok());
        if let (Some(address), Some(practice)) = (first, practice.filter(|practice| practice.running_url().is_some())) {
            // The list is what the person asked for; a service that does not run says so when it is needed.
            drop(practice.appear_as(address).await);
        }
    }
    Ok(detected)
}

/// Nobody's addresses (RFC 5737, RFC 3849); only the practice service takes them.
const MADE_UP: [(&str, Family); 2] = [("203.0.113.7", Family::V4), ("2001:db8::7", Family::V6)];

fn made_up(address: &str, family: Family) -> Added {
    Added { address: address.to_owned(), family, status: AddressStatus::MadeUp }
}

fn detected(detection: &Detection) -> Detected {
    let mut detected =
        Detected { added: Vec::new(), offered: Vec::new(), answers: Vec::new(), offline: detection.is_offline() };
    for finding in [&detection.v4, &detection.v6] {
        sort(finding, detection, &mut detected);
    }
    detected.answers = detection.answers.iter().map(answer).collect();
    detected
}

fn sort(finding: &Finding, detection: &Detection, detected: &mut Detected) {
    let family = Family::from(finding.family);
    let offered =
        |address: &IpAddr, status, operators| Offered { address: address.to_string(), family, status, operators };
    match &finding.status {
        Status::Confirmed(address) => {
            detected.added.push(Added { address: address.to_string(), family, status: AddressStatus::Confirmed });
        }
        Status::Unconfirmed(address) => {
            let operators = detection
                .answers
                .iter()
                .filter(|answer| answer.outcome.as_ref() == Ok(address))
                .map(|answer| answer.source.operator.clone())
                .collect();
            detected.offered.push(offered(address, OfferedStatus::Unconfirmed, operators));
        }
        Status::Disputed(said) => detected.offered.extend(
            said.iter().map(|(address, operators)| offered(address, OfferedStatus::Disputed, operators.clone())),
        ),
        Status::Unavailable => {}
    }
}

fn answer(answer: &public_address::Answer) -> SourceAnswer {
    SourceAnswer {
        operator: answer.source.operator.clone(),
        url: answer.source.url.to_string(),
        family: answer.source.family.into(),
        address: answer.outcome.as_ref().ok().map(ToString::to_string),
        problem: answer.outcome.as_ref().err().map(|problem| problem.code()),
        millis: u64::try_from(answer.elapsed.as_millis()).unwrap_or(u64::MAX),
        vote: answer.source.vote,
    }
}
