//! Counting votes. No I/O, no time: answers in, what they amount to out.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use crate::answer::Answer;

/// What the answers of one family amount to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// Two sources of different operators say so.
    Confirmed(IpAddr),
    /// All that answered say so, but that is one operator.
    Unconfirmed(IpAddr),
    /// Each address and the operators that named it, most named first.
    Disputed(Vec<(IpAddr, Vec<String>)>),
    /// Nobody whose answer counts gave an address.
    Unavailable,
}

impl Status {
    /// The stable name: `confirmed`, `unconfirmed`, `disputed` or `unavailable`.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Confirmed(_) => "confirmed",
            Self::Unconfirmed(_) => "unconfirmed",
            Self::Disputed(_) => "disputed",
            Self::Unavailable => "unavailable",
        }
    }

    /// The address, where there is one that nobody disputes.
    #[must_use]
    pub fn address(&self) -> Option<IpAddr> {
        match self {
            Self::Confirmed(address) | Self::Unconfirmed(address) => Some(*address),
            Self::Disputed(_) | Self::Unavailable => None,
        }
    }

    /// All addresses that were named by somebody who counts, most named first.
    #[must_use]
    pub fn addresses(&self) -> Vec<IpAddr> {
        match self {
            Self::Confirmed(address) | Self::Unconfirmed(address) => vec![*address],
            Self::Disputed(sides) => sides.iter().map(|(address, _)| *address).collect(),
            Self::Unavailable => Vec::new(),
        }
    }
}

/// Counts the answers there are so far.
pub(crate) fn tally<'a>(answers: impl Iterator<Item = &'a Answer>) -> Status {
    let votes: Vec<Vote<'a>> = answers.filter_map(Vote::of).collect();
    let mut named: BTreeMap<IpAddr, Vec<&Vote<'a>>> = BTreeMap::new();
    for vote in &votes {
        named.entry(vote.address).or_default().push(vote);
    }

    let confirmed: Vec<IpAddr> =
        named.iter().filter(|(_, votes)| agreeing(votes, &named) >= NEEDED).map(|(address, _)| *address).collect();
    match (confirmed.as_slice(), named.len()) {
        ([address], _) => Status::Confirmed(*address),
        (_, 0) => Status::Unavailable,
        (_, 1) => named.into_keys().next().map_or(Status::Unavailable, Status::Unconfirmed),
        (_, _) => Status::Disputed(disputed(&named)),
    }
}

/// How many operators have to agree.
const NEEDED: usize = 2;

/// One answer that counts.
struct Vote<'a> {
    voter: Voter,
    operator: &'a str,
    address: IpAddr,
}

/// Who could have changed the answer.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Voter {
    Operator(String),
    /// Whoever opened the connection on the way: it could have written every such answer.
    Interceptor,
}

impl<'a> Vote<'a> {
    fn of(answer: &'a Answer) -> Option<Self> {
        if !answer.source.vote {
            return None;
        }

        let voter = if answer.intercepted { Voter::Interceptor } else { Voter::Operator(answer.source.voter()) };
        Some(Self { voter, operator: answer.source.operator.trim(), address: *answer.outcome.as_ref().ok()? })
    }
}

/// How many voters named this address and no other: one that names two has one vote and cannot give it twice.
fn agreeing(votes: &[&Vote<'_>], named: &BTreeMap<IpAddr, Vec<&Vote<'_>>>) -> usize {
    let voters: BTreeSet<&Voter> = votes.iter().map(|vote| &vote.voter).collect();
    let consistent =
        |voter: &&Voter| named.values().filter(|votes| votes.iter().any(|vote| vote.voter == **voter)).count() == 1;
    voters.into_iter().filter(consistent).count()
}

fn disputed(named: &BTreeMap<IpAddr, Vec<&Vote<'_>>>) -> Vec<(IpAddr, Vec<String>)> {
    let mut sides: Vec<(IpAddr, Vec<String>)> = named
        .iter()
        .map(|(address, votes)| {
            let operators: BTreeMap<String, &str> =
                votes.iter().map(|vote| (vote.operator.to_lowercase(), vote.operator)).collect();
            (*address, operators.into_values().map(str::to_owned).collect())
        })
        .collect();
    // A stable sort: where as many operators named each, the order of the addresses stays.
    sides.sort_by_key(|(_, operators)| std::cmp::Reverse(operators.len()));
    sides
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::error::SourceError;
    use crate::source::{Family, Format, Source};

    const A: &str = "203.0.113.7";
    const B: &str = "198.51.100.1";

    fn answer(operator: &str, address: Option<&str>) -> Answer {
        Answer {
            source: Source::new(operator, "https://one.example/", Family::V4, Format::Text).unwrap(),
            outcome: address.map(|address| address.parse().unwrap()).ok_or(SourceError::Timeout),
            elapsed: Duration::ZERO,
            proxy: None,
            intercepted: false,
        }
    }

    fn told(answers: &[(&str, &str)]) -> Status {
        let answers: Vec<_> = answers.iter().map(|(operator, address)| answer(operator, Some(address))).collect();
        tally(answers.iter())
    }

    fn side(address: &str, operators: &[&str]) -> (IpAddr, Vec<String>) {
        (address.parse().unwrap(), operators.iter().map(|&operator| operator.to_owned()).collect())
    }

    #[test]
    fn votes_are_counted_by_operator() {
        let a = A.parse().unwrap();
        for (answers, expected) in [
            (&[][..], Status::Unavailable),
            (&[("One", A)], Status::Unconfirmed(a)),
            (&[("One", A), ("Two", A)], Status::Confirmed(a)),
            (&[("One", A), ("One", A)], Status::Unconfirmed(a)),
            (&[("One", A), ("ONE ", A)], Status::Unconfirmed(a)),
            (&[("Liar", B), ("One", A), ("Two", A)], Status::Confirmed(a)),
            (&[("One", A), ("Two", B)], Status::Disputed(vec![side(B, &["Two"]), side(A, &["One"])])),
            (
                &[("Liar", B), ("Liar", B), ("Liar", B), ("One", A)],
                Status::Disputed(vec![side(B, &["Liar"]), side(A, &["One"])]),
            ),
        ] {
            assert_eq!(told(answers), expected, "{answers:?}");
        }
    }

    #[test]
    fn an_operator_that_says_both_has_no_vote_for_either() {
        assert_eq!(
            told(&[("Both", A), ("Both", B), ("One", A)]),
            Status::Disputed(vec![side(A, &["Both", "One"]), side(B, &["Both"])])
        );
    }

    #[test]
    fn two_agreements_against_each_other_confirm_neither() {
        assert_eq!(told(&[("One", A), ("Two", A), ("Three", B), ("Four", B)]).as_str(), "disputed");
    }

    #[test]
    fn an_answer_without_a_vote_or_an_address_changes_nothing() {
        let mut shown = answer("Shown", Some(A));
        shown.source.vote = false;
        assert_eq!(tally([&shown].into_iter()), Status::Unavailable);
        assert_eq!(tally([&shown, &answer("One", Some(A))].into_iter()), Status::Unconfirmed(A.parse().unwrap()));
        assert_eq!(tally([&answer("One", None), &answer("Two", None)].into_iter()), Status::Unavailable);
    }

    #[test]
    fn all_that_one_interceptor_let_through_is_one_vote() {
        let intercepted = |operator| Answer { intercepted: true, ..answer(operator, Some(A)) };
        let (one, two, three) = (intercepted("One"), intercepted("Two"), answer("Three", Some(A)));
        assert_eq!(tally([&one, &two].into_iter()), Status::Unconfirmed(A.parse().unwrap()));
        assert_eq!(tally([&one, &two, &three].into_iter()), Status::Confirmed(A.parse().unwrap()));
    }
}
