//! How an owner begins: a human started the program, or another owner is gone and this one goes on.

use super::ControlLoop;

/// In whose name the declared sidecars are started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begin {
    /// A human started the program: all start that are declared to, also those that were stopped before.
    Human,
    /// An earlier owner died or left: what a human had stopped stays so, and while autonomy is off nothing is started.
    Takeover,
}

impl ControlLoop {
    pub(super) fn begin(&mut self, begin: Begin) {
        self.each(|sidecar, turn| match begin {
            Begin::Human => sidecar.begin(turn),
            Begin::Takeover => sidecar.go_on(turn),
        });
    }
}
