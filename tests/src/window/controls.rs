use std::time::Duration;

use fantoccini::{Locator, elements::Element, error::CmdError};

use super::Window;
use crate::{
    Error, Result,
    process::{Running, poll},
    session::PrivateSession,
};

/// How long the app may take to show what follows from an interaction; up to 30 seconds of it pass until the practice
/// authenticator has a code that was not used yet.
const PATIENCE: Duration = Duration::from_secs(60);

/// The control key, held down until the end of what is typed (W3C WebDriver, section 17.4.2).
const CONTROL: char = '\u{e009}';

/// Things on the screen are named by their `data-testid`; of two names with a space between them, the second is within the first.
impl Window {
    /// Clicks, once the thing can be clicked; counts as an interaction.
    pub async fn click(&self, testid: &str) -> Result<()> {
        let element = self.ready(testid).await?;
        element.click().await?;
        self.interactions.set(self.interactions.get() + 1);
        Ok(())
    }

    /// Types into a field; counts as an interaction.
    pub async fn type_into(&self, testid: &str, text: &str) -> Result<()> {
        let element = self.ready(testid).await?;
        element.send_keys(text).await?;
        self.interactions.set(self.interactions.get() + 1);
        Ok(())
    }

    /// Pastes into a field what another program has copied; counts as an interaction.
    pub async fn paste_into(&self, session: &PrivateSession, testid: &str, text: &str) -> Result<()> {
        // It owns the selection until somebody else does, or it is dropped.
        let mut xclip = session.command("xclip");
        let _copied = Running::start_with_input(xclip.args(["-quiet", "-selection", "clipboard"]), text)?;
        poll(PATIENCE, "copied text", || {
            let pasted = session.command("xclip").args(["-selection", "clipboard", "-out"]).output().ok()?;
            (pasted.stdout == text.as_bytes()).then_some(())
        })?;
        let element = self.ready(testid).await?;
        element.click().await?;
        element.send_keys(&format!("{CONTROL}v")).await?;
        self.interactions.set(self.interactions.get() + 1);
        // The text is taken over when the page gets round to it.
        self.settle().await
    }

    /// Presses keys in a control that is not typed into; counts as an interaction.
    pub async fn press(&self, testid: &str, keys: &str) -> Result<()> {
        self.type_into(testid, keys).await
    }

    /// The texts of every thing of this name, in the order of the screen.
    pub async fn texts(&self, testid: &str) -> Result<Vec<String>> {
        let mut texts = Vec::new();
        for element in self.client.find_all(Locator::Css(&selector(testid))).await? {
            texts.push(element.text().await?);
        }
        Ok(texts)
    }

    /// Waits until the thing can be used.
    pub async fn wait_until_ready(&self, testid: &str) -> Result<()> {
        self.ready(testid).await.map(drop)
    }

    /// Whether the thing is held back: it stays readable, and what is missing stands beside it.
    pub async fn is_held(&self, testid: &str) -> Result<bool> {
        let element = self.shown(testid).await?;
        Ok(element.attr("aria-disabled").await?.is_some_and(|held| held == "true"))
    }

    /// Waits until the thing is on the screen.
    pub async fn wait_for(&self, testid: &str) -> Result<()> {
        self.shown(testid).await.map(drop)
    }

    /// Scrolls the page until the thing stands in the middle of the window.
    pub async fn bring_into_view(&self, testid: &str) -> Result<()> {
        let element = serde_json::json!(self.shown(testid).await?);
        let script = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })";
        self.client.execute(script, vec![element]).await?;
        Ok(())
    }

    /// Waits until an attribute of the thing has a value.
    pub async fn wait_until(&self, testid: &str, attribute: &str, value: &str) -> Result<()> {
        self.until(testid, &format!("with {attribute} {value}"), async |element| {
            Ok((element.attr(attribute).await?.as_deref() == Some(value)).then_some(()))
        })
        .await
    }

    /// Waits until the text of a thing has this in it.
    pub async fn wait_for_text(&self, testid: &str, part: &str) -> Result<()> {
        self.until(testid, &format!("saying {part:?}"), async |element| {
            Ok(element.text().await?.contains(part).then_some(()))
        })
        .await
    }

    /// Waits until there are so many things of this name.
    pub async fn wait_for_number(&self, testid: &str, number: usize) -> Result<()> {
        // The body is always there to be looked at again.
        let counted = async |_: &Element| {
            let found = self.client.find_all(Locator::Css(&selector(testid))).await?;
            Ok((found.len() == number).then_some(()))
        };
        self.until_selector("body", &format!("{number} of {testid}"), counted).await
    }

    /// The text of a thing, once there is one; for a field, what stands in it.
    pub async fn text(&self, testid: &str) -> Result<String> {
        self.until(testid, "with a text", async |element| {
            let field = element.prop("value").await?.unwrap_or_default();
            let text = if field.is_empty() { element.text().await? } else { field };
            Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
        })
        .await
    }

    /// What stands in a field now, if only nothing.
    pub async fn form_value(&self, testid: &str) -> Result<String> {
        Ok(self.shown(testid).await?.prop("value").await?.unwrap_or_default())
    }

    /// An attribute of every thing of this name, in the order of the screen.
    pub async fn attributes(&self, testid: &str, name: &str) -> Result<Vec<String>> {
        let mut values = Vec::new();
        for element in self.client.find_all(Locator::Css(&selector(testid))).await? {
            values.push(element.attr(name).await?.unwrap_or_default());
        }
        Ok(values)
    }

    async fn shown(&self, testid: &str) -> Result<Element> {
        self.until(testid, "on the screen", async |element| Ok(element.is_displayed().await?.then(|| element.clone())))
            .await
    }

    async fn ready(&self, testid: &str) -> Result<Element> {
        self.until(testid, "ready", async |element| {
            // A control that explains why it cannot be used yet stays focusable: it says so by ARIA alone.
            let held = element.attr("aria-disabled").await?.is_some_and(|held| held == "true");
            let ready = element.is_displayed().await? && element.is_enabled().await? && !held;
            Ok(ready.then(|| element.clone()))
        })
        .await
    }

    /// Looks at the thing again and again, as the page may draw it anew at any time.
    async fn until<T>(
        &self,
        testid: &str,
        state: &str,
        look: impl AsyncFn(&Element) -> std::result::Result<Option<T>, CmdError>,
    ) -> Result<T> {
        self.until_selector(&selector(testid), &format!("{testid} {state}"), look).await
    }

    async fn until_selector<T>(
        &self,
        selector: &str,
        awaited: &str,
        look: impl AsyncFn(&Element) -> std::result::Result<Option<T>, CmdError>,
    ) -> Result<T> {
        let waited = tokio::time::timeout(PATIENCE, async {
            loop {
                // The same thing may be there twice, once for wide windows and once for narrow ones.
                for element in self.client.find_all(Locator::Css(selector)).await? {
                    match look(&element).await {
                        Ok(Some(found)) => return Ok(found),
                        Ok(None) => {}
                        Err(error) if error.is_stale_element_reference() => {}
                        Err(error) => return Err(error),
                    }
                }
                tokio::time::sleep(Duration::from_millis(30)).await;
            }
        });
        match waited.await {
            Ok(found) => Ok(found?),
            Err(_) => Err(Error::TimedOut {
                awaited: awaited.to_owned(),
                within: PATIENCE,
                seen: format!("; the window shows:\n{}", self.all_text().await.unwrap_or_default()),
            }),
        }
    }

    async fn all_text(&self) -> Result<String> {
        Ok(self.client.find(Locator::Css("body")).await?.text().await?)
    }
}

fn selector(testid: &str) -> String {
    testid.split(' ').map(|name| format!("[data-testid='{name}']")).collect::<Vec<_>>().join(" ")
}
