//! AI DAWG, the program: its window and its command line.
//!
//! The only crate that knows all the others, and that no other knows. [`studio::Studio`] is what the window works on,
//! [`window`] how it looks; [`cli`] is the command line, a room for each command; [`song::OpenSong`] the song that
//! both open.

pub mod calibration;
pub mod cli;
pub mod coaching;
pub mod copying;
pub mod demo;
pub mod hidden;
pub mod intake;
pub mod interrupt;
pub mod jobs;
pub mod look;
pub mod pitches;
pub mod rendering;
pub mod song;
pub mod sound;
pub mod space;
pub mod studio;
pub mod supervision;
pub mod waves;
pub mod window;
