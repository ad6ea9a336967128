//! Audio files: decode, encode, import into a song, peaks for drawing, crash-safe captures.
//!
//! Lives here: everything that knows how audio lies on a disk, for the engine, the program and the sidecars.
//! Start at [`source::open`] to read a file of the song, [`import::import`] to take one in,
//! [`encode::Encoder`] to export, [`capture::CaptureFile`] to record. All of it blocks on the disk and
//! allocates: nothing here is for the audio thread.

pub mod cache;
pub mod capture;
pub mod decode;
pub mod encode;
pub mod error;
pub mod files;
pub mod import;
pub mod peaks;
pub mod pitch;
pub mod progress;
pub mod source;
pub mod space;
pub mod wav;

mod aiff;
mod demux;
mod flac;
mod mp4_edit;
mod pcm_source;
mod sniff;
#[cfg(test)]
mod testing;

pub use error::{MAX_CHANNELS, MediaError, RATES};
pub use progress::Progress;
pub use source::Source;
