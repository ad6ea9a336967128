//! What the Processor is told, what it reports, and what it gives back.

use dawg_plugins::ParamId;
use dawg_session::Monitor;

use crate::calibrate::Run;
use crate::capture::tap::Taps;
use crate::installation::Installation;
use crate::pitch::feed::Feed as PitchFeed;
use crate::plan::{MAX_CHANNELS, SlotIndex};
use crate::processor::beside::Feed;
use crate::processor::cue::CueMix;
use crate::retrospect::Bank;

/// One message to the audio thread. Whatever it owns comes back as [`Garbage`].
#[derive(Debug)]
pub enum Command {
    /// Go on with this Plan.
    Install(Box<Installation>),
    /// A person's gesture on a parameter.
    Glide {
        /// The node's slot.
        slot: SlotIndex,
        /// Which parameter.
        param: ParamId,
        /// Where to, in the parameter's unit.
        value: f64,
    },
    /// What a track's input is, when it is heard, and whether the track is armed.
    Monitor {
        /// The source's slot.
        slot: SlotIndex,
        /// Hardware channels, from 1; 0 ends the list.
        input: [u16; MAX_CHANNELS],
        /// When.
        monitor: Monitor,
        /// Armed.
        armed: bool,
    },
    /// Click settings.
    Metronome(Click),
    /// The loop, as song frames; `None` for none.
    Loop(Option<(i64, i64)>),
    /// Roll from here (or from where it stands), after `count_in` frames of clicks.
    Play {
        /// Song frame to start from.
        from: Option<i64>,
        /// Frames of count-in, during which captures already run.
        count_in: i64,
        /// Captures to run.
        taps: Option<Box<Taps>>,
    },
    /// Stop after a 5 ms fade.
    Stop,
    /// Punch in or out, if captures run that are punched by hand.
    Punch(bool),
    /// Go to this song frame, after a 5 ms fade if rolling.
    Locate(i64),
    /// Something to be heard beside the song, in place of what was; none for silence.
    Beside(Option<Box<Feed>>),
    /// What the headphones hear.
    Cue(CueMix),
    /// Remember what comes in here from now on.
    Listen(Box<Bank>),
    /// Let the worker that follows pitch have what comes in through these rings from now on.
    Follow(Box<PitchFeed>),
    /// Measure the round trip; nothing else is heard meanwhile.
    Measure(Box<Run>),
}

/// What the audio thread gives back to be freed elsewhere.
#[derive(Debug)]
pub enum Garbage {
    /// A replaced Plan with its dead slots.
    Installation(Box<Installation>),
    /// Captures that have ended.
    Taps(Box<Taps>),
    /// What was heard beside the song and is over.
    Beside(Box<Feed>),
    /// Where what came in was remembered before.
    Bank(Box<Bank>),
    /// Rings through which the worker that follows pitch had what came in.
    Follow(Box<PitchFeed>),
    /// A measurement that is over.
    Measured(Box<Run>),
}

/// How the metronome sounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Click {
    /// Whether it clicks while playing (a count-in always does).
    pub on: bool,
    /// Linear gain.
    pub gain: f32,
    /// Whether the first beat of a bar sounds higher.
    pub accent: bool,
}

impl Default for Click {
    fn default() -> Self {
        Self { on: false, gain: 0.5, accent: true }
    }
}

/// Where the transport is, as the audio thread last saw it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Playhead {
    /// Song frame that the next block starts with.
    pub position: i64,
    /// Whether it moves.
    pub rolling: bool,
    /// Whether it counts in.
    pub counting_in: bool,
    /// Frames of count-in that are left.
    pub count_in_left: i64,
    /// Whether captures run.
    pub recording: bool,
    /// Whether the song moves and what is sung becomes part of a take: captures run and are punched in.
    pub punched: bool,
    /// Device frame that belongs to `position`.
    pub device_frame: u64,
}
