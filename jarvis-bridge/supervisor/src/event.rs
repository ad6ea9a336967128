//! What happened, typed: for the panel's history, the logs, and whoever looks for patterns.

use serde::{Deserialize, Serialize};

use crate::alert::Severity;
use crate::by::By;
use crate::clock::Wall;
use crate::health::Transition;
use crate::process::leftover::LeftOver;
use crate::recovery::Try;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Event {
    /// When, by the calendar.
    pub at: Wall,
    /// To which sidecar; none: to the supervisor.
    pub sidecar: Option<String>,
    /// What.
    #[serde(flatten)]
    pub what: What,
}

/// The kinds of events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum What {
    /// The supervisor began.
    Began,
    /// The supervisor ended, in order.
    Ended,
    /// A sidecar is said to be something else.
    Changed(Transition),
    /// A human asked for something.
    Asked {
        /// What.
        action: Action,
        /// In whose name.
        #[serde(default)]
        by: By,
    },
    /// A restart was decided, and waits a moment.
    WillRestart {
        /// Milliseconds until then.
        pause_ms: u64,
    },
    /// A restart began.
    Restarted,
    /// The first ready answer after a restart.
    Healed {
        /// Milliseconds since the sidecar fell.
        after_ms: u64,
    },
    /// Still ready some time later.
    Verified,
    /// The sidecar was not ready when the restart was verified.
    NotVerified,
    /// It ran well for so long that it has all its restarts again.
    BudgetGivenBack,
    /// A human is needed; see `tried`.
    HumanNeeded {
        /// Why.
        reason: String,
        /// What was tried.
        tried: Vec<Try>,
    },
    /// Something would have been done, if autonomy were on, or less were done just now.
    Withheld {
        /// What.
        action: Action,
        /// Why it is not, and why it would have been.
        reason: String,
    },
    /// A sidecar was started without being asked for just now: the owner that had it is gone, and this one goes on.
    StartedAnew {
        /// Why.
        reason: String,
    },
    /// A sidecar has another port than before, or than it is to have.
    Moved {
        /// Why, and which.
        reason: String,
    },
    /// A process of an earlier owner was still there.
    LeftOver(LeftOver),
    /// The machine slept.
    Asleep {
        /// From, by the calendar.
        from: Wall,
        /// To.
        to: Wall,
    },
    /// The control loop itself could not run in time (the program was stopped, the machine overloaded).
    Late {
        /// How late the newest deadline was met, in milliseconds.
        by_ms: u64,
    },
    /// The switch of autonomy was flipped.
    Switched {
        /// To.
        on: bool,
        /// In whose name.
        #[serde(default)]
        by: By,
    },
    /// An alert is open.
    AlertOpened {
        /// Which.
        id: u64,
        /// By which rule.
        rule: String,
        /// How grave.
        severity: Severity,
        /// What is wrong.
        message: String,
        /// It was over a short while ago.
        again: bool,
    },
    /// Another rule holds of what an open alert is about.
    AlertChanged {
        /// Which.
        id: u64,
        /// Which rule.
        rule: String,
        /// How grave it is now.
        severity: Severity,
        /// What is wrong now.
        message: String,
    },
    /// A human has seen an alert.
    AlertAcknowledged {
        /// Which.
        id: u64,
        /// Who.
        by: By,
    },
    /// An alert is over.
    AlertClosed {
        /// Which.
        id: u64,
        /// The rule that held last.
        rule: String,
        /// Why.
        reason: String,
    },
}

impl Event {
    /// Says it in the log: what a human must know as a warning, the rest for those who look.
    pub fn log(&self) {
        let sidecar = self.sidecar.as_deref().unwrap_or("supervisor");
        match &self.what {
            What::Changed(change) => {
                let (from, to, reason) = (change.from, change.to, &change.reason);
                tracing::info!(sidecar, %from, %to, reason, "changed");
            }
            What::HumanNeeded { reason, tried } => {
                tracing::warn!(sidecar, reason, tried = tried.len(), "a human is needed");
            }
            What::LeftOver(left) => {
                let (pid, ended) = (left.pid, left.ended);
                tracing::warn!(sidecar = left.name, pid, ended, "left over by an earlier owner");
            }
            What::AlertOpened { id, rule, severity, message, again } => {
                tracing::warn!(sidecar, id, rule, ?severity, message, again, "alert");
            }
            What::AlertChanged { id, rule, severity, message } => {
                tracing::warn!(sidecar, id, rule, ?severity, message, "alert changed");
            }
            What::AlertClosed { id, rule, reason } => {
                tracing::info!(sidecar, id, rule, reason, "alert over");
            }
            What::Asked { action, by } => tracing::info!(sidecar, ?action, by = by.who, "a human asked"),
            What::Withheld { action, reason } => {
                tracing::warn!(sidecar, ?action, reason, "withheld");
            }
            What::Switched { on, by } => tracing::info!(on, by = by.who, "automatic actions"),
            What::WillRestart { pause_ms } => tracing::info!(sidecar, pause_ms, "a restart will come"),
            What::Healed { after_ms } => tracing::info!(sidecar, after_ms, "healed"),
            What::StartedAnew { reason } => tracing::info!(sidecar, reason, "started"),
            What::Moved { reason } => tracing::info!(sidecar, reason, "on another port"),
            What::Asleep { from, to } => tracing::info!(%from, %to, "the machine slept"),
            What::Late { by_ms } => tracing::warn!(by_ms, "the control loop could not run in time"),
            What::AlertAcknowledged { id, by } => {
                tracing::info!(sidecar, id, by = by.who, "alert acknowledged");
            }
            What::Began => tracing::info!("the supervision begins"),
            What::Ended => tracing::info!("the supervision ends"),
            What::Restarted => tracing::info!(sidecar, "restarted"),
            What::Verified => tracing::info!(sidecar, "still well after its restart"),
            What::NotVerified => tracing::warn!(sidecar, "not well after its restart"),
            What::BudgetGivenBack => tracing::info!(sidecar, "has all its restarts again"),
        }
    }
}

/// What can be done to a sidecar. An enum: nothing else can be, and no string reaches a shell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Start it.
    Start,
    /// Stop it.
    Stop,
    /// Stop it, if it runs, and start it.
    Restart,
}
