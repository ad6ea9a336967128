//! What came in lately: “keep what I just sang”, also when nobody had pressed Record.
//!
//! While a track is armed, its hardware channels are listened to: the audio thread writes them into rings that
//! overwrite themselves (`ring`) and notes each turn of the transport (`listener`, `turns`). The control thread owns
//! the other side (`history`): it allocates a ring when its channel is armed, lets it go when it no longer is, and
//! copies out of it when something is kept (`keep`). Start at [`Engine::keep`](crate::Engine::keep), which gives a
//! [`Kept`]; [`capture::keep`](crate::capture::keep) makes a file and a capture of it.

mod controls;
pub(crate) mod history;
mod keep;
pub(crate) mod listener;
mod ring;
mod turns;

use dawg_session::Segment;

pub use ring::Bank;
pub(crate) use turns::{Motion, Place};

/// Memory that is used for it unless said otherwise: 512 MiB.
pub const BUDGET: u64 = 512 << 20;
/// No channel is remembered for longer, whatever the budget.
pub const MOST_SECONDS: u64 = 120;

/// What is remembered, for the window to show.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Retrospect {
    /// Seconds that each channel is remembered for, when it has been armed for so long; 0 when nothing is.
    pub seconds_each: f64,
    /// Bytes of memory that this takes.
    pub bytes: u64,
    /// The hardware channels, from 1, in order.
    pub channels: Vec<u16>,
}

/// What was kept of some channels: as a capture that had run all the time.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// Frames a second.
    pub rate: u32,
    /// The samples, planar, one a channel asked for, equally long.
    pub channels: Vec<Vec<f32>>,
    /// The transport log, as a capture has it: what was played while these frames came in; one segment a pass, never
    /// stretched over a jump. A segment may begin before frame 0, by less than the latency: what was sung to it came in
    /// later.
    pub segments: Vec<Segment>,
    /// Frames by which what was sung lies later in here than the song frame it was sung to: Plan and device together.
    pub latency: i64,
    /// How the last segment was placed, if it was sung while the transport stood still.
    pub still: Option<Still>,
}

/// Where something lies that was sung while the transport stood still.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Still {
    /// It ends at the playhead.
    AtPlayhead,
    /// It ends at the playhead; what would lie before the song's start is in the file alone.
    Cut,
    /// It begins at the song's start, since the playhead stands there.
    AtStart,
}

impl Still {
    /// What to tell a person.
    #[must_use]
    pub fn notice(self) -> &'static str {
        match self {
            Self::AtPlayhead => {
                "The song stood still while this was sung: the take ends at the playhead. Drag it to its place."
            }
            Self::Cut => {
                "The song stood still while this was sung: the take ends at the playhead. It is longer than the song up to \
                 there: move it to the right, then drag its left edge out to hear its beginning."
            }
            Self::AtStart => {
                "The song stood still at its start while this was sung: the take begins there. Drag it to its place."
            }
        }
    }
}

/// Why nothing could be kept. Nothing has changed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum KeepError {
    /// The budget is too small.
    #[error(
        "nothing is remembered: the memory for it ({bytes} bytes) is too small for the armed channels. Allow more in \
         the preferences, or arm fewer tracks, and sing again"
    )]
    Off {
        /// The budget.
        bytes: u64,
    },
    /// No armed track.
    #[error(
        "nothing is remembered while no track with an input is armed. Arm the track, sing, and keep again"
    )]
    NotArmed,
    /// A track without input.
    #[error(
        "the track has no input, so nothing of it is remembered. Give it one, arm it, sing, and keep again"
    )]
    NoInput,
    /// A channel that no armed track records, or that the device does not have.
    #[error(
        "input {channel} is not listened to: arm a track that records it (on a device that has this input), sing, and \
         keep again"
    )]
    NotListened {
        /// From 1.
        channel: u16,
    },
    /// Nothing has come in yet.
    #[error("nothing has come in yet. Sing, and keep again")]
    Nothing,
    /// Not a length of time.
    #[error("{0} is no length of time: how many seconds are to be kept?")]
    Seconds(f64),
}
