use std::fs;

use serde::Deserialize;

use super::{Look, Window};
use crate::{Error, Result, places};

/// A rule of accessibility that a screen breaks.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Violation {
    /// The rule.
    pub id: String,
    /// What it asks for.
    pub help: String,
    /// The elements, as selectors with what is wrong.
    pub nodes: Vec<String>,
}

impl Window {
    /// What axe-core finds on the screen, all its rules included.
    pub async fn violations(&self) -> Result<Vec<Violation>> {
        let path = places::axe()?;
        let axe = fs::read_to_string(&path).map_err(|source| Error::Io { path, source })?;
        self.client.execute(&format!("if (!window.axe) {{ {axe} }}"), vec![]).await?;
        let script = "const done = arguments[arguments.length - 1];
            const passing = document.getAnimations().filter((one) => one.effect?.getComputedTiming().endTime < Infinity);
            // Colours that are on their way are not those of the screen.
            Promise.allSettled(passing.map((one) => one.finished)).then(() =>
                window.axe.run(document, { resultTypes: ['violations'] })).then(
                (found) => done(found.violations.map(({ id, help, nodes }) => ({ id, help,
                    nodes: nodes.map((node) => `${node.target.join(' ')}: ${node.failureSummary}`) }))),
                (error) => done(String(error)));";
        let found = self.client.execute_async(script, vec![]).await?;
        serde_json::from_value(found.clone()).map_err(|_| Error::Answer { from: "axe-core", answer: found.to_string() })
    }
    /// Takes on every look, with a picture of each, and then the first one again.
    ///
    /// # Panics
    ///
    /// Where axe finds something.
    pub async fn assert_looks_good(&self, name: &str) -> Result<()> {
        for look in Look::ALL {
            self.take_on(look).await?;
            self.picture(&format!("{name}-{look}")).await?;
            assert_eq!(self.violations().await?, [], "{name}, {look}");
        }
        self.take_on(Look::ALL[0]).await
    }
}
