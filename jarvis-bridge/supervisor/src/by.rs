//! In whose name something is asked, for the audit trail.

use serde::{Deserialize, Serialize};

use crate::control_plane::{SUPERVISOR, TraceParent};

/// Who asks, and under which correlation id.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub struct By {
    /// `panel`, `cli`, `api`, another kind of client; `jarvis` for the supervisor itself.
    pub who: String,
    /// The id that runs through logs, answers and the audit; none where nobody gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation: Option<String>,
    /// The span that asked, for traces; it is not kept.
    #[serde(skip)]
    pub parent: Option<TraceParent>,
}

impl By {
    /// In the name of `who`.
    #[must_use]
    pub fn name(who: &str) -> Self {
        Self { who: who.to_owned(), correlation: None, parent: None }
    }

    /// The supervisor itself.
    #[must_use]
    pub fn itself() -> Self {
        Self::name(SUPERVISOR)
    }
}
