//! The supervisor in the app: owning it, or attaching to the one that runs, and telling it what happens.
//!
//! Start at [`Supervision::start`]. The studio starts and records whatever happens here: all of it runs on threads of its own,
//! and without a supervisor everything but the panel is as before.

use std::path::Path;

use jarvis::client::Client;

use crate::sound::Waker;

/// What this program is to the supervisor.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Role {
    /// That is being found out.
    #[default]
    Starting,
    /// It is the owner: the supervisor runs in it.
    Owner {
        /// Where the control plane listens.
        port: u16,
    },
    /// Another program is; this one is its client.
    Attached {
        /// The owner's process.
        pid: u32,
        /// Where its control plane listens.
        port: u16,
    },
    /// There is no supervisor.
    Without {
        /// Why, and what to do.
        why: String,
    },
}

/// The supervisor, as this program has it.
#[derive(Debug, Default)]
pub struct Supervision {
    role: Role,
    client: Option<Client>,
}

impl Supervision {
    /// Begins to find out, on a thread of its own; `waker` is called when the answer is there.
    #[must_use]
    pub fn start(_data_folder: &Path, _waker: Waker) -> Self {
        Self::default()
    }

    /// What this program is to the supervisor now.
    #[must_use]
    pub fn role(&self) -> Role {
        self.role.clone()
    }

    /// Whom to ask; none while there is no supervisor. May become another.
    #[must_use]
    pub fn client(&self) -> Option<Client> {
        self.client.clone()
    }
}
