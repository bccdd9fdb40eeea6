//! Which addresses go on the list when a person asks for their own.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use public_address::{
    Answer, Detection, Family, Format, Hint, LocalNetwork, Options, Source, Status, detect, hints, three_commas_sources,
};

use crate::blocking::blocking;
use crate::service::practice::PracticeService;
use crate::token::destination::Destination;

/// What was found.
#[derive(Clone, Debug)]
pub struct FoundAddresses {
    /// To be put on the list.
    pub added: Vec<Added>,
    /// To be put there only if the person chooses it.
    pub offered: Vec<Offered>,
    /// Why there is no address at all.
    pub trouble: Option<Trouble>,
    /// What the person should know besides.
    pub hints: Vec<Hint>,
    /// What each source said.
    pub answers: Vec<Answer>,
}

/// An address that goes on the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// Two operators agree.
    Confirmed(IpAddr),
    /// Nobody's: it stands in where no source answers, so that a first practice token can always be made.
    MadeUp(IpAddr),
}

impl Added {
    /// The address.
    pub fn address(self) -> IpAddr {
        match self {
            Self::Confirmed(address) | Self::MadeUp(address) => address,
        }
    }
}

/// An address that is not sure enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// The address.
    pub address: IpAddr,
    /// Who said so.
    pub operators: Vec<String>,
    /// Whether others said something else.
    pub disputed: bool,
}

/// Why nobody told an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Somebody answered, and nothing that could be used.
    NoAddress,
    /// Nobody could be reached.
    Offline,
    /// The network shows its own page until somebody signs in.
    SignIn,
}

/// Asks the sources, and what stands before the destination where it can tell. Dropping the future ends all questions.
///
/// On the practice destination the first address becomes the one that the service sees, if it runs; where nobody answers,
/// made-up addresses stand in.
pub async fn find(
    destination: Destination,
    mut sources: Vec<Source>,
    practice: Option<&PracticeService>,
) -> FoundAddresses {
    match destination {
        Destination::Guided => sources.extend(three_commas_sources()),
        Destination::Practice => sources.extend(practice.and_then(simulated)),
        Destination::OwnServer => {}
    }
    ask(destination, &sources, practice).await
}

async fn ask(destination: Destination, sources: &[Source], practice: Option<&PracticeService>) -> FoundAddresses {
    // Only reads what the system knows; read beforehand, because a VPN may come up while others are asked.
    let local = blocking(LocalNetwork::read).await;
    let detection = detect(sources, &Options::default()).await;
    let found = FoundAddresses::of(&detection, &local, destination);
    let practice = practice.filter(|_| destination == Destination::Practice);
    if let (Some(first), Some(practice)) =
        (found.added.first(), practice.filter(|service| service.running_url().is_some()))
    {
        // The list is what the person asked for; a service that fails here says so when it is needed.
        drop(practice.appear_as(first.address()).await);
    }
    found
}

/// What the service would see. It only repeats what is simulated, so it is shown but has no vote.
fn simulated(practice: &PracticeService) -> Option<Source> {
    let trace = practice.running_url()?.join("/cdn-cgi/trace").ok()?;
    Some(Source::new("Practice service", trace.as_str(), Family::V4, Format::Trace).ok()?.without_vote())
}

/// RFC 5737 and RFC 3849: only the practice service takes these.
const MADE_UP: [IpAddr; 2] =
    [IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7)), IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 7))];

impl FoundAddresses {
    fn of(detection: &Detection, local: &LocalNetwork, destination: Destination) -> Self {
        let mut found = Self {
            added: Vec::new(),
            offered: Vec::new(),
            trouble: None,
            hints: hints(detection, local),
            answers: detection.answers.clone(),
        };
        for finding in [&detection.v4, &detection.v6] {
            found.sort_in(&finding.status);
        }
        if found.added.is_empty() && found.offered.is_empty() {
            found.trouble = Some(trouble(detection));
            if destination == Destination::Practice {
                found.added.extend(MADE_UP.map(Added::MadeUp));
            }
        }
        found
    }

    fn sort_in(&mut self, status: &Status) {
        match status {
            Status::Confirmed(address) => self.added.push(Added::Confirmed(*address)),
            Status::Unconfirmed(address) => {
                let said = |answer: &&Answer| answer.source.vote && answer.outcome.as_ref() == Ok(address);
                let operators = self.answers.iter().filter(said).map(|answer| answer.source.operator.clone());
                let mut operators: Vec<String> = operators.collect();
                operators.dedup();
                self.offered.push(Offered { address: *address, operators, disputed: false });
            }
            Status::Disputed(sides) => self.offered.extend(sides.iter().map(|(address, operators)| Offered {
                address: *address,
                operators: operators.clone(),
                disputed: true,
            })),
            Status::Unavailable => {}
        }
    }
}

fn trouble(detection: &Detection) -> Trouble {
    if detection.suggests_sign_in() {
        Trouble::SignIn
    } else if detection.is_offline() {
        Trouble::Offline
    } else {
        Trouble::NoAddress
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    const ADDRESS: &str = "93.184.216.34";

    /// Answers every question with this, for as long as the test runs.
    fn says(answer: &'static str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut asked = [0; 1024];
                let _ = stream.read(&mut asked);
                let length = answer.len();
                let _ =
                    write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{answer}");
            }
        });
        url
    }

    fn nobody() -> String {
        format!("http://{}/", TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap())
    }

    fn source(operator: &str, url: &str) -> Source {
        Source::new(operator, url, Family::V4, Format::Text).unwrap()
    }

    async fn found(destination: Destination, sources: &[(&str, String)]) -> FoundAddresses {
        let sources: Vec<Source> = sources.iter().map(|(operator, url)| source(operator, url)).collect();
        ask(destination, &sources, None).await
    }

    #[tokio::test]
    async fn what_two_operators_say_goes_on_the_list() {
        let found = found(Destination::Practice, &[("One", says(ADDRESS)), ("Two", says(ADDRESS))]).await;
        assert_eq!(found.added, [Added::Confirmed(ADDRESS.parse().unwrap())]);
        assert!(found.offered.is_empty() && found.trouble.is_none());
    }

    #[tokio::test]
    async fn what_one_operator_says_is_offered_with_its_name_once() {
        let found = found(Destination::Practice, &[("One", says(ADDRESS)), ("One", says(ADDRESS))]).await;
        assert!(found.added.is_empty(), "nothing is added that the person has not chosen");
        let offered = Offered { address: ADDRESS.parse().unwrap(), operators: vec!["One".to_owned()], disputed: false };
        assert_eq!(found.offered, [offered]);
    }

    #[tokio::test]
    async fn operators_that_disagree_are_both_named() {
        let found = found(Destination::Practice, &[("One", says(ADDRESS)), ("Two", says("8.8.8.8"))]).await;
        assert!(found.added.is_empty());
        assert_eq!(found.offered.len(), 2);
        assert!(found.offered.iter().all(|offered| offered.disputed && offered.operators.len() == 1));
    }

    #[tokio::test]
    async fn offline_practice_has_addresses_that_are_nobodys() {
        let found = found(Destination::Practice, &[("One", nobody()), ("Two", nobody())]).await;
        assert_eq!(found.added, MADE_UP.map(Added::MadeUp));
        assert_eq!(found.trouble, Some(Trouble::Offline));
    }

    #[tokio::test]
    async fn a_real_destination_never_gets_a_made_up_address() {
        let found = found(Destination::Guided, &[("One", nobody())]).await;
        assert!(found.added.is_empty() && found.offered.is_empty());
        assert_eq!(found.trouble, Some(Trouble::Offline));
    }

    #[tokio::test]
    async fn a_sign_in_page_is_named_as_such() {
        let found =
            found(Destination::Guided, &[("One", says("<html>Welcome to the hotel</html>")), ("Two", nobody())]).await;
        assert_eq!(found.trouble, Some(Trouble::SignIn));
    }

    #[tokio::test]
    async fn an_address_that_nobody_can_have_is_no_answer() {
        let found = found(Destination::Guided, &[("One", says("10.0.0.1")), ("Two", says("10.0.0.1"))]).await;
        assert!(found.added.is_empty() && found.offered.is_empty());
        assert_eq!(found.trouble, Some(Trouble::NoAddress));
    }
}
