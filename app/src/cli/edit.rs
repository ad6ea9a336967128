//! `ai-dawg edit`

use std::fmt::{self, Display, Formatter};
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use dawg_session::{Access, Edit, HistoryError, Name, edit_schema};
use serde::Serialize;

use super::output::Output;
use crate::song::OpenSong;

/// Apply edits from a script: all of them or none, as one step of history.
///
/// The script has one Edit as JSON on each line; empty lines are passed over. `ai-dawg edit --schema` prints the
/// JSON Schema of Edit, and `ai-dawg info SONG --json` the ids (those of takes: `ai-dawg takes SONG --track NAME --json`).
/// New things need fresh UUIDs.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  echo '{\"edit\": \"set_tempo\", \"tempo\": 92000000}' | ai-dawg edit \"my song.dawg\" -
  ai-dawg edit \"my song.dawg\" mix.jsonl --label \"Rough mix\"
  echo '{\"edit\": \"set_lane_rating\", \"lane\": \"ID\", \"rating\": 5}' | ai-dawg edit \"my song.dawg\" -
  ai-dawg edit --schema")]
pub struct Arguments {
    /// The song's folder
    #[arg(required_unless_present = "schema")]
    song: Option<PathBuf>,
    /// The script, or - for standard input
    #[arg(required_unless_present = "schema")]
    script: Option<PathBuf>,
    /// Print the JSON Schema of an Edit, and do nothing else
    #[arg(long, conflicts_with_all = ["song", "script"])]
    schema: bool,
    /// What the step is called in the history
    #[arg(long, value_name = "TEXT")]
    label: Option<String>,
}

#[derive(Serialize)]
struct Report {
    edits: usize,
    seq: i64,
    label: String,
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "applied {} edit(s) as step {}: {}", self.edits, self.seq, self.label)
    }
}

pub(super) fn run(arguments: &Arguments, output: &mut Output) -> Result<()> {
    let (Some(folder), Some(script)) = (&arguments.song, &arguments.script) else {
        return output.value(&edit_schema());
    };
    let (lines, edits) = parse(&read(script)?)?;
    let Some(first) = edits.first() else {
        bail!("the script has no edits, so nothing was changed: write one as JSON on each line");
    };
    let label = match (&arguments.label, edits.len()) {
        (Some(label), _) => Name::new(label).context("--label cannot be used")?.as_str().to_owned(),
        (None, 1) => first.kind().replace('_', " "),
        (None, count) => format!("Script of {count} edits"),
    };
    let mut song = OpenSong::open(folder, Access::Write)?;
    super::notices(&song);
    let count = edits.len();
    let seq = song.commit(&label, edits).map_err(|error| on_line(error, &lines))?;
    song.close()?;
    output.say(&Report { edits: count, seq, label })
}

/// The longest script that is read, in bytes: a million Edits and more, but no endless device.
const LONGEST: u64 = 1 << 30;

fn read(script: &Path) -> Result<String> {
    if script.as_os_str() == "-" {
        let mut text = String::new();
        std::io::stdin()
            .take(LONGEST)
            .read_to_string(&mut text)
            .context("the script on standard input cannot be read as text")?;
        return Ok(text);
    }
    let read = || -> std::io::Result<String> {
        let mut text = String::new();
        std::fs::File::open(script)?.take(LONGEST).read_to_string(&mut text)?;
        Ok(text)
    };
    read().with_context(|| format!("the script {} cannot be read, so nothing was changed", script.display()))
}

/// The Edits of a script, each with the number of its line.
fn parse(script: &str) -> Result<(Vec<usize>, Vec<Edit>)> {
    let lines = script.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let parsed = lines.map(|(index, line)| {
        let edit = serde_json::from_str(line.trim_start_matches('\u{feff}'));
        let number = index + 1;
        edit.map(|edit: Edit| (number, edit)).map_err(|error| {
            // serde counts lines within the line.
            let reason = error.to_string().replace("line 1 column", "column");
            anyhow!(
                "line {number} is no edit ({reason}), so nothing was changed: `ai-dawg edit --schema` shows what an \
                 edit looks like"
            )
        })
    });
    Ok(parsed.collect::<Result<Vec<_>>>()?.into_iter().unzip())
}

/// Says the line instead of the number among the edits.
fn on_line(error: anyhow::Error, lines: &[usize]) -> anyhow::Error {
    match error.downcast_ref::<HistoryError>() {
        Some(HistoryError::Rejected(rejected)) => {
            let line = lines.get(rejected.index).copied().unwrap_or_default();
            anyhow!("line {line} was refused, so nothing was changed: {}", rejected.error)
        }
        _ => error,
    }
}
