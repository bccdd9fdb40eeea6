//! What can be made to go wrong on purpose, so that clients show what they do then.

use tokio::sync::watch;

/// A fault of every request but those of the control.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fault {
    /// A change is carried out, and its answer never sent.
    Cut,
    /// The connection is closed without an answer.
    Down,
    /// 500.
    Error,
    /// No answer until the fault is over.
    Hang,
    /// Nothing goes wrong.
    #[default]
    None,
    /// The answer comes late.
    Slow,
}

impl Fault {
    const ALL: [Self; 6] = [Self::Cut, Self::Down, Self::Error, Self::Hang, Self::None, Self::Slow];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Cut => "cut",
            Self::Down => "down",
            Self::Error => "error",
            Self::Hang => "hang",
            Self::None => "none",
            Self::Slow => "slow",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fault| fault.as_str() == word)
    }
}

/// The fault of this moment.
#[derive(Default)]
pub(crate) struct FaultSwitch(watch::Sender<Fault>);

impl FaultSwitch {
    pub(crate) fn current(&self) -> Fault {
        *self.0.borrow()
    }

    pub(crate) fn set(&self, fault: Fault) {
        self.0.send_replace(fault);
    }

    /// Returns once it is another than [`Fault::Hang`].
    pub(crate) async fn hanging_is_over(&self) {
        // The sender is here: it cannot be gone.
        let _ = self.0.subscribe().wait_for(|fault| *fault != Fault::Hang).await;
    }
}
