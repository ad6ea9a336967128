//! What there is to type.
//!
//! Start at [`Command`]. The arguments of a command are in its own room; their comments are its `--help`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use super::{
    calibrate, comp, copy, demo, edit, export, import, info, jarvis, new, pitch, play, record, relink,
    sidecar, takes,
};

/// AI DAWG: a music studio. `ai-dawg [SONG]` opens its window; the commands do the same work without one. Each explains
/// itself: `ai-dawg COMMAND --help`.
#[derive(Debug, Parser)]
#[command(name = "ai-dawg", version, about, after_help = FIRST_SONG)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Arguments {
    /// Print one JSON value instead of text
    #[arg(long, global = true)]
    pub json: bool,
    /// The song to open in the window [default: the last one]
    pub song: Option<PathBuf>,
    /// What to do without a window.
    #[command(subcommand)]
    pub command: Option<Command>,
}

const FIRST_SONG: &str = "\
A first song:
  ai-dawg new \"my song.dawg\" --tempo 92
  ai-dawg import \"my song.dawg\" beat.wav
  ai-dawg record \"my song.dawg\" --track Voice --seconds 30
  ai-dawg play \"my song.dawg\"
  ai-dawg export \"my song.dawg\" mix.wav

TIME is minutes:seconds (1:02.5), seconds (12.25s), samples (48000smp), or bar|beat|tick ('5|1|0', with quotes).
Exit codes: 0 done, 1 it could not be done (the reason is on standard error), 2 typed wrongly.";

/// The commands.
#[derive(Debug, Subcommand)]
#[non_exhaustive]
pub enum Command {
    /// Make an empty song
    New(new::Arguments),
    /// Show what is in a song
    Info(info::Arguments),
    /// Bring audio files into a song
    Import(import::Arguments),
    /// Record onto a track while the song plays
    Record(record::Arguments),
    /// List the takes of a track
    Takes(takes::Arguments),
    /// Build the best take from several
    Comp(comp::Arguments),
    /// Follow the pitch of a voice: in a file, on a track, or live
    #[command(long_about = pitch::ABOUT)]
    Pitch(pitch::Arguments),
    /// Play a song
    Play(play::Arguments),
    /// Render a song to WAV, MP3 or FLAC
    Export(export::Arguments),
    /// Apply edits from a script, all or none
    Edit(edit::Arguments),
    /// Take back the last change
    #[command(after_help = "Example:\n  ai-dawg undo \"my song.dawg\"")]
    Undo(Song),
    /// Repeat the last change that was taken back
    #[command(after_help = "Example:\n  ai-dawg redo \"my song.dawg\"")]
    Redo(Song),
    /// List everything that was done to a song
    #[command(after_help = "Example:\n  ai-dawg history \"my song.dawg\" --json")]
    History(Song),
    /// Copy a song with its audio
    Copy(copy::Arguments),
    /// Find audio files that are missing
    Relink(relink::Arguments),
    /// Measure the latency of a sound device by a loop
    Calibrate(calibrate::Arguments),
    /// List sound devices
    #[command(
        after_help = "Example:\n  ai-dawg devices\n\nThe names are what `play` and `record` take as --device."
    )]
    Devices,
    /// Check sound, real-time priority, display and disk, and say how to mend each
    #[command(after_help = "Example:\n  ai-dawg doctor")]
    Doctor,
    /// Make, render and play the demo song
    Demo(demo::Arguments),
    /// Keep the AI sidecars alive, and ask how they are
    Jarvis(jarvis::Arguments),
    /// Run an AI service by itself
    Sidecar(sidecar::Arguments),
    /// Keep another's program for the supervisor, which starts this itself
    #[command(hide = true)]
    SidecarKeeper(jarvis::Keeper),
}

/// A song.
#[derive(Debug, Args)]
pub struct Song {
    /// The song's folder, by custom NAME.dawg
    pub song: PathBuf,
}
