use std::{
    env, fmt, fs,
    path::{Path, PathBuf},
};

use serde_json::json;

use super::Window;
use crate::{Error, Result};

/// By day or by night.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Theme {
    /// By night.
    Dark,
    /// By day.
    Light,
}

/// The sizes that are looked at.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Size {
    /// As it opens.
    Usual,
    /// As small as it gets.
    Smallest,
}

/// One way in which a screen is looked at.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Look {
    /// How large the window is.
    pub size: Size,
    /// In which colours.
    pub theme: Theme,
}

impl Theme {
    /// Its name in the page.
    pub fn as_str(self) -> &'static str {
        match self {
            Theme::Dark => "dark",
            Theme::Light => "light",
        }
    }
}

impl Size {
    /// Width and height.
    pub fn pixels(self) -> (u32, u32) {
        match self {
            Size::Usual => (1180, 780),
            Size::Smallest => (720, 600),
        }
    }
}

impl Look {
    /// Every one.
    pub const ALL: [Look; 4] = [
        Look { size: Size::Usual, theme: Theme::Light },
        Look { size: Size::Usual, theme: Theme::Dark },
        Look { size: Size::Smallest, theme: Theme::Light },
        Look { size: Size::Smallest, theme: Theme::Dark },
    ];
}

impl fmt::Display for Look {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.size.pixels().0, self.theme.as_str())
    }
}

impl Window {
    /// Takes on a size and a theme, and waits until they are on the screen.
    pub async fn take_on(&self, look: Look) -> Result<()> {
        let (width, height) = look.size.pixels();
        self.client.set_window_size(width, height).await?;
        self.client
            .execute("document.documentElement.dataset.theme = arguments[0]", vec![json!(look.theme.as_str())])
            .await?;
        self.settle().await
    }

    /// Waits for what moves on the screen to come to rest, and for two frames: the second has been drawn with all of it.
    pub async fn settle(&self) -> Result<()> {
        let script = "const done = arguments[arguments.length - 1];
            const finite = document.getAnimations().filter((a) => a.effect.getComputedTiming().iterations !== Infinity);
            Promise.allSettled(finite.map((animation) => animation.finished))
                .then(() => requestAnimationFrame(() => requestAnimationFrame(() => done(null))));";
        self.client.execute_async(script, vec![]).await?;
        Ok(())
    }

    /// Begins to look how long the page goes without drawing.
    pub async fn watch_frames(&self) -> Result<()> {
        let script = "let last = performance.now();
            window.longestFrame = 0;
            const next = (now) => { window.longestFrame = Math.max(window.longestFrame, now - last); last = now;
                requestAnimationFrame(next); };
            requestAnimationFrame(next);";
        self.client.execute(script, vec![]).await?;
        Ok(())
    }

    /// The longest time without a frame since then, in milliseconds.
    pub async fn longest_frame(&self) -> Result<u64> {
        let longest = self.client.execute("return Math.round(window.longestFrame)", vec![]).await?;
        longest.as_u64().ok_or_else(|| Error::Answer { from: "the page", answer: longest.to_string() })
    }

    /// Writes what the window shows to a PNG file.
    pub async fn screenshot(&self, file: &Path) -> Result<()> {
        self.settle().await?;
        let png = self.client.screenshot().await?;
        let io = |source| Error::Io { path: file.to_owned(), source };
        file.parent().map_or(Ok(()), fs::create_dir_all).map_err(io)?;
        fs::write(file, png).map_err(io)
    }
    /// A picture of this name, where the caller wants pictures.
    pub async fn picture(&self, name: &str) -> Result<()> {
        match wanted_pictures() {
            Some(directory) => self.screenshot(&directory.join(format!("{name}.png"))).await,
            None => Ok(()),
        }
    }
}

/// Where `TOKEN_DESK_SHOTS` says that pictures are to lie.
pub fn wanted_pictures() -> Option<PathBuf> {
    env::var_os("TOKEN_DESK_SHOTS").map(PathBuf::from)
}
