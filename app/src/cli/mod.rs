//! The command line: a room for each command.
//!
//! Start at [`main`], then [`args`] for what there is to type and [`output`] for how it answers. Each command makes
//! one report: text for people, the same value as JSON with `--json`.

pub mod args;
mod calibrate;
mod comp;
mod copy;
mod demo;
mod devices;
mod doctor;
mod edit;
mod export;
mod format;
mod history;
mod import;
mod info;
mod jarvis;
mod lanes;
mod log;
mod new;
pub mod output;
mod pitch;
mod play;
mod progress;
mod record;
mod relink;
mod sidecar;
mod sound;
mod takes;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, anyhow};
use clap::Parser;

use crate::song::OpenSong;
use args::{Arguments, Command};
use output::Output;

/// Runs what was typed. 0: done; 1: it could not be done; 2: it was typed wrongly.
#[must_use]
pub fn main() -> ExitCode {
    let _log = log::begin();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(said) => return output::parsed(&said),
    };
    if let Some(Command::SidecarKeeper(keeper)) = &arguments.command {
        return jarvis::keep(keeper);
    }
    let mut output = Output::new(arguments.json);
    // A mistyped command must not open a window that says there is no such song.
    if let Some(song) = &arguments.song
        && song.symlink_metadata().is_err()
    {
        output::error(&anyhow!(
            "there is neither a song nor a command “{}”: `ai-dawg --help` lists the commands, `ai-dawg new` makes a song",
            song.display()
        ));
        return ExitCode::from(2);
    }
    let done = match arguments.command {
        Some(command) => run(command, &mut output),
        None => data_folder().and_then(|data| crate::window::run(arguments.song, data)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => match error.downcast_ref::<clap::Error>() {
            // Found to be typed wrongly once it was known what it is about.
            Some(said) => output::parsed(said),
            None => {
                output::error(&error);
                // Most have one code; some commands tell more by others.
                error.downcast_ref::<jarvis::Code>().map_or(ExitCode::FAILURE, |refused| refused.code.into())
            }
        },
    }
}

fn run(command: Command, output: &mut Output) -> Result<()> {
    match command {
        Command::New(new) => new::run(&new, output),
        Command::Info(info) => info::run(&info, output),
        Command::Import(import) => import::run(&import, output),
        Command::Record(record) => record::run(&record, output),
        Command::Takes(takes) => takes::run(&takes, output),
        Command::Comp(comp) => comp::run(&comp, output),
        Command::Pitch(pitch) => pitch::run(&pitch, output),
        Command::Play(play) => play::run(&play, output),
        Command::Export(export) => export::run(&export, output),
        Command::Edit(edit) => edit::run(&edit, output),
        Command::Undo(song) => history::undo(&song, output),
        Command::Redo(song) => history::redo(&song, output),
        Command::History(song) => history::list(&song, output),
        Command::Copy(copy) => copy::run(&copy, output),
        Command::Relink(relink) => relink::run(&relink, output),
        Command::Calibrate(calibrate) => calibrate::run(&calibrate, output),
        Command::Devices => devices::run(output),
        Command::Doctor => doctor::run(output),
        Command::Demo(demo) => demo::run(&demo, output),
        Command::Jarvis(jarvis) => jarvis::run(&jarvis, output),
        Command::Sidecar(sidecar) => sidecar::run(&sidecar),
        Command::SidecarKeeper(_) => Ok(()),
    }
}

/// Where the program keeps what is not a person's own: `$AI_DAWG_DATA`, or `AI DAWG` in the user's data folder.
fn data_folder() -> Result<PathBuf> {
    if let Some(folder) = std::env::var_os("AI_DAWG_DATA").filter(|folder| !folder.is_empty()) {
        return Ok(folder.into());
    }
    let base = directories::BaseDirs::new();
    let base = base
        .context("this user has no home folder: set AI_DAWG_DATA to a folder, or give the place by --to")?;
    Ok(base.data_dir().join("AI DAWG"))
}

/// Says what was found when the song was opened.
fn notices(song: &OpenSong) {
    for notice in song.notices() {
        output::note(notice);
    }
}
