//! The song: time, tracks, lanes, clips; the Edits that change it; its history; its folder on disk.
//!
//! For everything that shows, plays, records or scripts a song. Knows no device, decodes no file, and is pure
//! but for [`store`]: the same Edits on the same [`Session`] give the same Session, to the last bit.
//!
//! Start at [`Session`] (what there is), then [`Edit`] and [`apply_all`] (how it changes), [`Document`] (with
//! undo), [`Store`] (on disk), and [`resolve()`] (what is heard).

pub mod check;
pub mod clip;
pub mod comp;
pub mod edit;
pub mod history;
pub mod id;
pub mod lane;
pub mod punch;
pub mod resolve;
pub mod song;
pub mod store;
pub mod time;
pub mod value;

#[cfg(test)]
mod testing;

pub use check::{REFERENCE_PITCHES, Violation};
pub use clip::{Clip, ClipChannels, Fade, FadeShape};
pub use comp::{Comp, Joint, Pick};
pub use edit::{
    Applied, AppliedAll, Edit, EditError, RejectedEdit, Touched, Undo, apply, apply_all, edit_schema,
};
pub use history::{Action, Document, Entry, EntryState, HistoryError, Row, Transaction, now_ms};
pub use id::{CaptureId, ClipId, CompId, LaneId, MediaId, SongId, TrackId};
pub use lane::{Lane, Take};
pub use punch::{PunchRange, RollTime};
pub use resolve::{JointRamp, PlayedClip, lane_clips, plays_the_same, resolve, resolve_comp};
pub use song::{Key, LoopRange, Master, Media, Metronome, Mode, Monitor, Output, Plays, Session, Track};
pub use store::{
    Access, CaptureRow, Onward, OpenReport, Opened, Pending, Punched, Segment, SetAside, Store, StoreError,
    TransportLog,
};
pub use time::{
    BarBeatTick, Meter, MeterChange, POSITION_LIMIT, ParseTimeError, Position, Samples, TICKS_PER_QUARTER,
    Tempo, TempoChange, TempoMap, Ticks, parse_range, parse_time,
};
pub use value::{Colour, Gain, Input, Layout, Name, Pan, ValueError};
