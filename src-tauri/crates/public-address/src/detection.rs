//! Asking everybody at once, until two agree or time is up.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use futures::future::join;
use futures::stream::{FuturesUnordered, StreamExt};
use tokio::task::spawn_blocking;
use tokio::time::{Instant, timeout_at};

use crate::answer::Answer;
use crate::certificates::Judge;
use crate::error::SourceError;
use crate::options::Options;
use crate::resolver::{HttpsResolver, reason};
use crate::source::{Family, Source};
use crate::tally::{Status, tally};

/// Asks all sources at once and says what is known when two operators agree, all have answered, or the deadline is over:
/// for each family by itself. Whoever has not answered by then is not waited for, and the connection is closed.
///
/// Needs a Tokio runtime with I/O and time. Dropping the future ends all questions.
pub async fn detect(sources: &[Source], options: &Options) -> Detection {
    let started = Instant::now();
    let deadline = started + options.deadline;
    let judge = load_judge(sources, options, deadline).await;

    let round = Round { sources, options, judge, started, deadline };
    let ((v4, mut answers), (v6, more)) = join(round.ask(Family::V4), round.ask(Family::V6)).await;

    answers.extend(more);
    Detection { v4, v6, answers: answers.into_values().collect() }
}

/// What was found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detection {
    /// The IPv4 address.
    pub v4: Finding,
    /// The IPv6 address.
    pub v6: Finding,
    /// What each source said, in the order in which the sources were given.
    pub answers: Vec<Answer>,
}

impl Detection {
    /// What was found out about this family.
    #[must_use]
    pub fn of(&self, family: Family) -> &Finding {
        match family {
            Family::V4 => &self.v4,
            Family::V6 => &self.v6,
        }
    }

    /// Whether this machine reaches nobody: of the sources that count, none could even be connected to.
    #[must_use]
    pub fn is_offline(&self) -> bool {
        unreached(self.answers.iter())
    }

    /// The same of one family.
    pub(crate) fn reaches_nobody_over(&self, family: Family) -> bool {
        unreached(self.answers.iter().filter(|answer| answer.source.family == family))
    }

    /// Whether the network seems to want a sign-in first: nobody gave an address, and somebody gave what such networks give.
    #[must_use]
    pub fn suggests_sign_in(&self) -> bool {
        let counted = || self.answers.iter().filter(|answer| answer.source.vote).map(|answer| &answer.outcome);
        counted().all(Result::is_err)
            && counted().filter_map(|outcome| outcome.as_ref().err()).any(SourceError::suggests_sign_in)
    }
}

/// Whether somebody who counts was asked, and none of them could be connected to.
fn unreached<'a>(answers: impl Iterator<Item = &'a Answer>) -> bool {
    let mut counted = answers.filter(|answer| answer.source.vote).peekable();
    counted.peek().is_some() && counted.all(|answer| answer.outcome == Err(SourceError::Offline))
}

/// What was found out about one family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which.
    pub family: Family,
    /// What the answers amount to.
    pub status: Status,
}

/// Reads the system's authorities where any source needs them. `None` if there are none: then nobody is trusted.
async fn load_judge(sources: &[Source], options: &Options, deadline: Instant) -> Option<Arc<Judge>> {
    if sources.iter().all(|source| source.url.scheme() != "https") {
        return None;
    }

    let authorities = options.authorities.clone();
    let load = spawn_blocking(move || Judge::load(&authorities));
    Some(Arc::new(timeout_at(deadline, load).await.ok()?.ok()?.ok()?))
}

/// One run of questions.
struct Round<'a> {
    sources: &'a [Source],
    options: &'a Options,
    judge: Option<Arc<Judge>>,
    started: Instant,
    deadline: Instant,
}

impl Round<'_> {
    /// Asks all sources of one family. Each answer comes with the place of its source in the list.
    async fn ask(&self, family: Family) -> (Finding, BTreeMap<usize, Answer>) {
        let of_family = self.sources.iter().enumerate().filter(|(_, source)| source.family == family);
        let questions: Vec<Question<'_>> = of_family.map(|(place, source)| self.question(place, source)).collect();
        let mut pending: FuturesUnordered<_> =
            questions.iter().map(|question| async move { (question, question.outcome().await) }).collect();

        let mut answers = BTreeMap::new();
        let mut unanswered = SourceError::Timeout;
        while let Ok(Some((question, outcome))) = timeout_at(self.deadline, pending.next()).await {
            answers.insert(question.place, self.answer(question, outcome));
            if matches!(tally(answers.values()), Status::Confirmed(_)) {
                unanswered = SourceError::Cancelled;
                break;
            }
        }
        // Closes the connections of those that are not waited for.
        drop(pending);

        for question in &questions {
            answers.entry(question.place).or_insert_with(|| self.answer(question, Err(unanswered.clone())));
        }
        (Finding { family, status: tally(answers.values()) }, answers)
    }

    fn question<'s>(&self, place: usize, source: &'s Source) -> Question<'s> {
        // Short of the deadline, so that a machine whose packets vanish is known to be offline, not merely slow.
        let connect_by = self.deadline - self.options.deadline / 6;
        let resolver = HttpsResolver::new(source, self.options, self.judge.clone(), connect_by);
        Question { place, source, resolver, accept: self.options.accept }
    }

    fn answer(&self, question: &Question<'_>, outcome: Result<IpAddr, SourceError>) -> Answer {
        let resolver = question.resolver.as_ref().ok();
        Answer {
            source: question.source.clone(),
            outcome,
            elapsed: self.started.elapsed(),
            proxy: resolver.and_then(HttpsResolver::proxy).map(str::to_owned),
            intercepted: resolver.is_some_and(HttpsResolver::intercepted),
        }
    }
}

/// One source, ready to be asked or known to be unusable.
struct Question<'s> {
    place: usize,
    source: &'s Source,
    resolver: Result<HttpsResolver, SourceError>,
    accept: fn(IpAddr) -> bool,
}

impl Question<'_> {
    async fn outcome(&self) -> Result<IpAddr, SourceError> {
        let resolver = self.resolver.clone()?;
        // `public_ip::resolve` also refuses an address of the other family.
        let mut resolutions = public_ip::resolve(resolver, self.source.family.version());
        let (address, _) = resolutions.next().await.ok_or(SourceError::NotAnAddress)?.map_err(reason)?;

        // What does not count may be made up, and then it need not be anybody's.
        if self.source.vote && !(self.accept)(address) {
            return Err(SourceError::NotPublic);
        }
        Ok(address)
    }
}
