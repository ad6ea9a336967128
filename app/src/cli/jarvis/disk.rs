//! What is read from the disk, whether a supervisor runs or not.

use std::fmt::{self, Display, Formatter};
use std::io::ErrorKind;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use jarvis::client::EventQuery;
use jarvis::event::Event;
use jarvis::layout::Layout;
use jarvis::process::log::numbered;
use jarvis::store::Reader;
use serde::Serialize;

use super::super::output::Output;

/// The most old logs that are looked for.
const OLD: usize = 100;

#[derive(Serialize)]
#[serde(transparent)]
struct Happened(Vec<Event>);

impl Display for Happened {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("nothing has happened yet");
        }
        for (number, event) in self.0.iter().enumerate() {
            let what = serde_json::to_string(&event.what).map_err(|_| fmt::Error)?;
            let end = if number > 0 { "\n" } else { "" };
            write!(f, "{end}{} {} {what}", event.at, event.sidecar.as_deref().unwrap_or("supervisor"))?;
        }
        Ok(())
    }
}

/// What happened.
pub(super) fn events(layout: &Layout, service: Option<&str>, limit: u32, output: &mut Output) -> Result<()> {
    let path = layout.events();
    if !path.exists() {
        return output.say(&Happened(Vec::new()));
    }
    let query = EventQuery { service: service.map(str::to_owned), since: None, limit: Some(limit) };
    let events = Reader::open(&path)?.events(&query)?;
    output.say(&Happened(events))
}

#[derive(Serialize)]
struct Written {
    name: String,
    text: String,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Logs(Vec<Written>);

impl Display for Logs {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("no sidecar has written anything yet");
        }
        let many = self.0.len() > 1;
        for (number, log) in self.0.iter().enumerate() {
            if many {
                let end = if number > 0 { "\n" } else { "" };
                writeln!(f, "{end}== {} ==", log.name)?;
            }
            f.write_str(log.text.trim_end())?;
        }
        Ok(())
    }
}

/// What sidecars wrote.
pub(super) fn logs(layout: &Layout, name: Option<&str>, output: &mut Output) -> Result<()> {
    let mut names = written(layout)?;
    if let Some(name) = name {
        names.retain(|other| other == name);
        if names.is_empty() {
            bail!(
                "no sidecar “{name}” has written anything: `ai-dawg jarvis status` lists those that are declared"
            );
        }
    }
    let logs = names.into_iter().map(|name| Ok(Written { text: text(layout.log(&name))?, name }));
    output.say(&Logs(logs.collect::<Result<_>>()?))
}

/// Who has written anything, by name.
fn written(layout: &Layout) -> Result<Vec<String>> {
    let folder = layout.logs();
    let entries = match std::fs::read_dir(&folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.with_context(|| format!("{} cannot be read", folder.display()))?,
    };
    let files = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> =
        files.filter_map(|file| file.strip_suffix(".log").map(str::to_owned)).collect();
    names.sort();
    Ok(names)
}

/// A log after its old ones.
fn text(path: PathBuf) -> Result<String> {
    let old = (1..=OLD).map(|number| numbered(&path, number)).take_while(|old| old.exists());
    let mut files: Vec<PathBuf> = old.collect();
    files.reverse();
    files.push(path);
    let mut text = String::new();
    for file in files {
        match std::fs::read(&file) {
            // Put aside, or away, just now.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            read => {
                let bytes = read.with_context(|| format!("{} cannot be read", file.display()))?;
                text.push_str(&String::from_utf8_lossy(&bytes));
            }
        }
    }
    Ok(text)
}
