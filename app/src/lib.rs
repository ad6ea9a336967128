//! AI DAWG, the program: its command line, and later its window.
//!
//! The only crate that knows all the others, and that no other knows. Start at [`song::OpenSong`], the song that
//! a person works on; [`cli`] is the command line, a room for each command.

pub mod cli;
pub mod hidden;
pub mod intake;
pub mod interrupt;
pub mod song;
