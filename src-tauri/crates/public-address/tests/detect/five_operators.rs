//! Five operators behind TLS, of which some lie, and some are slow.

use std::sync::Arc;

use futures::future::join;
use public_address::{Detection, Source, SourceError, Status, detect};
use tokio_rustls::TlsAcceptor;

use crate::certificates::{Authority, knowing, source};
use crate::server::{Gate, Server, head, ok, send_on};
use crate::{FALSE, REAL, address, answer, problem};

const OPERATORS: [&str; 5] = ["One", "Two", "Three", "Four", "Five"];
const OTHER: &str = "198.51.100.67";

#[tokio::test]
async fn up_to_two_liars_with_lies_of_their_own_never_confirm_one_even_if_they_speak_first() {
    let scene = Scene::new();
    for liars in none_one_or_two() {
        let told = scene.liars_speak_first(1, &liars).await;
        assert_eq!(told.v4.status, Status::Confirmed(address(REAL)), "{liars:?}");
        for (&liar, lie) in liars.iter().zip([FALSE, OTHER]) {
            assert_eq!(answer(&told, OPERATORS[liar]).outcome, Ok(address(lie)), "{liars:?}");
        }
    }
}

#[tokio::test]
async fn a_liar_with_two_sources_has_one_vote_in_each_such_case() {
    let scene = Scene::new();
    for liars in none_one_or_two() {
        let told = scene.liars_speak_first(2, &liars).await;
        assert_eq!(told.v4.status, Status::Confirmed(address(REAL)), "{liars:?}");
    }

    // Nor do its two sources suffice where nobody else answers.
    for operator in OPERATORS {
        let (servers, sources) = scene.operators(2, |_| FALSE).await;
        let own: Vec<Source> = sources.into_iter().filter(|source| source.operator == operator).collect();
        servers.iter().for_each(Operator::let_go);
        let told = detect(&own, &knowing(&scene.authority)).await;
        assert_eq!(told.v4.status, Status::Unconfirmed(address(FALSE)), "{operator}");
    }
}

/// What agreement cannot tell: with two lying alike, whoever is heard first is believed. The lie is confirmed if the honest
/// are slow, and the truth if the liars are.
#[tokio::test]
async fn two_that_lie_alike_are_beyond_what_agreement_can_tell() {
    let scene = Scene::new();
    for liars in pairs() {
        for (fast, expected) in [(&liars[..], FALSE), (&honest(&liars)[..2], REAL)] {
            let says = |place| if liars.contains(&place) { FALSE } else { REAL };
            let (servers, sources) = scene.operators(1, says).await;
            fast.iter().for_each(|&place| servers[place].let_go());
            let told = detect(&sources, &knowing(&scene.authority)).await;
            assert_eq!(told.v4.status, Status::Confirmed(address(expected)), "{liars:?} lie, {fast:?} are fast");
        }
    }
}

#[tokio::test]
async fn the_second_answer_confirms_whoever_gives_it_and_nobody_waits_for_the_third() {
    let scene = Scene::new();
    for first in 0..OPERATORS.len() {
        for second in (0..OPERATORS.len()).filter(|&second| second != first) {
            let (servers, sources) = scene.operators(1, |_| REAL).await;
            let options = knowing(&scene.authority);
            let detecting = tokio::spawn(async move { detect(&sources, &options).await });
            for server in &servers {
                server.asked.opened().await;
            }

            servers[first].let_go();
            while servers[first].server.served() == 0 {
                tokio::task::yield_now().await;
            }
            assert!(!detecting.is_finished(), "{first} alone");
            servers[second].let_go();

            // The other three never answer, so that they cannot have been waited for.
            let told = detecting.await.unwrap();
            assert_eq!(told.v4.status, Status::Confirmed(address(REAL)), "{first} before {second}");
            for (place, operator) in OPERATORS.iter().enumerate() {
                if place == first || place == second {
                    assert_eq!(answer(&told, operator).outcome, Ok(address(REAL)));
                } else {
                    assert_eq!(problem(&told, operator), SourceError::Cancelled);
                }
            }
        }
    }
}

/// What all operators have in common: who vouches for them.
struct Scene {
    authority: Authority,
    acceptor: TlsAcceptor,
}

impl Scene {
    fn new() -> Self {
        let authority = Authority::new();
        let acceptor = authority.acceptor("localhost");
        Self { authority, acceptor }
    }

    /// Five operators with so many sources each, and what each of them says once it is let go.
    async fn operators<'t>(&self, each: usize, says: impl Fn(usize) -> &'t str) -> (Vec<Operator>, Vec<Source>) {
        let (mut servers, mut sources) = (Vec::new(), Vec::new());
        for _ in 0..each {
            for (place, operator) in OPERATORS.iter().enumerate() {
                let server = Operator::new(&self.acceptor, says(place)).await;
                sources.push(source(operator, server.server.address));
                servers.push(server);
            }
        }
        (servers, sources)
    }

    /// What is found if the liars, each with a lie of its own, have answered before anybody else does.
    async fn liars_speak_first(&self, each: usize, liars: &[usize]) -> Detection {
        let says = |place| match liars.iter().position(|&liar| liar == place) {
            Some(0) => FALSE,
            Some(_) => OTHER,
            None => REAL,
        };
        let (servers, sources) = self.operators(each, says).await;
        let (lying, honest): (Vec<_>, Vec<_>) =
            servers.iter().enumerate().partition(|(place, _)| liars.contains(&(place % OPERATORS.len())));

        let in_order = async {
            lying.iter().for_each(|(_, liar)| liar.let_go());
            while lying.iter().any(|(_, liar)| liar.server.served() == 0) {
                tokio::task::yield_now().await;
            }
            honest.iter().for_each(|(_, operator)| operator.let_go());
        };
        join(detect(&sources, &knowing(&self.authority)), in_order).await.0
    }
}

/// A server that answers when it is let go.
struct Operator {
    server: Server,
    asked: Gate,
    answering: Gate,
}

impl Operator {
    async fn new(acceptor: &TlsAcceptor, text: &str) -> Self {
        let (asked, answering) = (Gate::default(), Gate::default());
        let (acceptor, answer) = (acceptor.clone(), Arc::<[u8]>::from(ok(text).into_bytes()));
        let server = Server::serve("127.0.0.1:0", {
            let (asked, answering) = (asked.clone(), answering.clone());
            move |stream| {
                let (acceptor, answer) = (acceptor.clone(), Arc::clone(&answer));
                let (asked, answering) = (asked.clone(), answering.clone());
                async move {
                    let Ok(mut stream) = acceptor.accept(stream).await else { return };
                    head(&mut stream).await;
                    asked.open();
                    answering.opened().await;
                    send_on(stream, &answer).await;
                }
            }
        })
        .await;
        Self { server, asked, answering }
    }

    fn let_go(&self) {
        self.answering.open();
    }
}

/// The places of nobody, of each one, and of each two.
fn none_one_or_two() -> Vec<Vec<usize>> {
    let alone = (0..OPERATORS.len()).map(|place| vec![place]);
    [vec![]].into_iter().chain(alone).chain(pairs().into_iter().map(Vec::from)).collect()
}

fn pairs() -> Vec<[usize; 2]> {
    let places = 0..OPERATORS.len();
    places.clone().flat_map(|one| places.clone().skip(one + 1).map(move |two| [one, two])).collect()
}

fn honest(liars: &[usize]) -> Vec<usize> {
    (0..OPERATORS.len()).filter(|place| !liars.contains(place)).collect()
}
