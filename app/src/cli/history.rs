//! `ai-dawg undo`, `redo` and `history`

use std::fmt::{self, Display, Formatter};

use anyhow::Result;
use dawg_session::{Access, Action, Entry, EntryState};
use serde::Serialize;

use super::args::Song;
use super::format::Moment;
use super::output::Output;
use crate::song::OpenSong;

#[derive(Serialize)]
struct Undone {
    undone: Option<String>,
    seq: i64,
}

impl Display for Undone {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.undone {
            Some(label) => write!(f, "undone: {label}"),
            None => f.write_str("there is nothing to undo; the song stays as it is"),
        }
    }
}

#[derive(Serialize)]
struct Redone {
    redone: Option<String>,
    seq: i64,
}

impl Display for Redone {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.redone {
            Some(label) => write!(f, "redone: {label}"),
            None => f.write_str("there is nothing to redo; the song stays as it is"),
        }
    }
}

pub(super) fn undo(arguments: &Song, output: &mut Output) -> Result<()> {
    // What was interrupted becomes a take only afterwards: undo is about what was there before.
    let mut song = OpenSong::open_as_left(&arguments.song, Access::Write)?;
    let undone = song.undo()?.map(|(label, _)| label);
    song.recover();
    super::notices(&song);
    let seq = song.document().last_seq();
    song.close()?;
    output.say(&Undone { undone, seq })
}

pub(super) fn redo(arguments: &Song, output: &mut Output) -> Result<()> {
    // What was interrupted becomes a take only afterwards: redo is about what was there before.
    let mut song = OpenSong::open_as_left(&arguments.song, Access::Write)?;
    let redone = song.redo()?.map(|(label, _)| label);
    song.recover();
    super::notices(&song);
    let seq = song.document().last_seq();
    song.close()?;
    output.say(&Redone { redone, seq })
}

#[derive(Serialize)]
#[serde(transparent)]
struct History(Vec<Step>);

#[derive(Serialize)]
struct Step {
    seq: i64,
    at: String,
    author: String,
    label: String,
    action: String,
    /// The step that it takes back or repeats.
    target: Option<i64>,
    state: &'static str,
}

impl Display for History {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("nothing was done to this song yet");
        }
        for Step { seq, at, author, label, action, target, state } in &self.0 {
            let action = match target {
                Some(target) => format!("{action} of {target}: "),
                None => String::new(),
            };
            let state = if *state == "undone" { "  (undone)" } else { "" };
            writeln!(f, "{seq:>5}  {at}  {author}  {action}{label}{state}")?;
        }
        Ok(())
    }
}

pub(super) fn list(arguments: &Song, output: &mut Output) -> Result<()> {
    let song = OpenSong::open(&arguments.song, Access::ReadOnly)?;
    super::notices(&song);
    output.say(&History(song.document().entries().into_iter().map(step).collect()))
}

fn step(entry: Entry) -> Step {
    let (action, target) = match entry.action {
        Action::Do => ("do", None),
        Action::Undo(target) => ("undo", Some(target)),
        Action::Redo(target) => ("redo", Some(target)),
    };
    Step {
        seq: entry.seq,
        at: Moment(entry.at_ms).to_string(),
        author: entry.author,
        label: entry.label,
        action: action.to_owned(),
        target,
        state: match entry.state {
            EntryState::Done => "done",
            EntryState::Undone => "undone",
        },
    }
}
