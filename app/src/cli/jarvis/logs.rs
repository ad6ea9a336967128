//! `jarvis logs`: what sidecars wrote, from the disk, whether a supervisor runs or not.
//!
//! Start at [`run`]. Whoever follows reads on where a log was put aside, so that no line is missed (`tail`).

mod tail;

use std::fmt::{self, Display, Formatter};
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use jarvis::layout::Layout;
use regex::Regex;
use serde::Serialize;

use super::super::output::Output;
use super::plain::plain;
use crate::interrupt::Interrupt;
use tail::{Tail, files};

/// How often whoever follows looks for more.
const LOOK: Duration = Duration::from_millis(100);

/// Which lines are wanted.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Whose [default: everybody's]
    name: Option<String>,
    /// Go on with what is written from now on, until Ctrl-C
    #[arg(short, long)]
    follow: bool,
    /// Only lines in which this regular expression is found
    #[arg(long, value_name = "RE")]
    grep: Option<Regex>,
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
                writeln!(f, "{end}== {} ==", plain(&log.name))?;
            }
            for (number, line) in log.text.trim_end().lines().enumerate() {
                let end = if number > 0 { "\n" } else { "" };
                write!(f, "{end}{}", plain(line))?;
            }
        }
        Ok(())
    }
}

impl Arguments {
    fn wants(&self, line: &str) -> bool {
        self.grep.as_ref().is_none_or(|wanted| wanted.is_match(line))
    }
}

/// What sidecars wrote.
pub(super) fn run(layout: &Layout, arguments: &Arguments, output: &mut Output) -> Result<()> {
    if arguments.follow {
        return follow(layout, arguments, output);
    }
    let logs = names(layout, arguments)?.into_iter().map(|name| {
        let mut text = text(&layout.log(&name))?;
        if arguments.grep.is_some() {
            text = text
                .lines()
                .filter(|line| arguments.wants(line))
                .fold(String::new(), |all, line| all + line + "\n");
        }
        Ok(Written { name, text })
    });
    output.say(&Logs(logs.collect::<Result<_>>()?))
}

/// One line that was written; with JSON one value on each line.
#[derive(Serialize)]
struct Line<'a> {
    name: &'a str,
    text: &'a str,
}

/// Until Ctrl-C, or until nobody reads any more.
fn follow(layout: &Layout, arguments: &Arguments, output: &mut Output) -> Result<()> {
    let interrupt = Interrupt::listen()?;
    names(layout, arguments)?;
    let mut tails: Vec<Tail> = Vec::new();
    loop {
        for name in written(layout)? {
            let wanted = arguments.name.as_ref().is_none_or(|only| *only == name);
            if wanted && !tails.iter().any(|tail| tail.name == name) {
                tails.push(Tail::new(layout.log(&name), name));
            }
        }
        for tail in &mut tails {
            let lines = tail.read().with_context(|| format!("what {} wrote cannot be read", tail.name))?;
            let shown = shown(&tail.name, &lines, arguments, output.is_json())?;
            if !output.rows(&shown)? {
                return Ok(());
            }
        }
        if interrupt.within(LOOK) {
            return Ok(());
        }
    }
}

fn shown(name: &str, lines: &[String], arguments: &Arguments, json: bool) -> Result<String> {
    let mut all = String::new();
    for text in lines.iter().filter(|line| arguments.wants(line)) {
        if json {
            all += &serde_json::to_string(&Line { name, text })?;
        } else if arguments.name.is_some() {
            all += &plain(text);
        } else {
            all = all + &plain(name) + ": " + &plain(text);
        }
        all.push('\n');
    }
    Ok(all)
}

/// Who is asked about.
fn names(layout: &Layout, arguments: &Arguments) -> Result<Vec<String>> {
    let mut names = written(layout)?;
    if let Some(name) = &arguments.name {
        names.retain(|other| other == name);
        if names.is_empty() {
            bail!(
                "no sidecar “{name}” has written anything: `ai-dawg jarvis status` lists those that are declared"
            );
        }
    }
    Ok(names)
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
fn text(path: &Path) -> Result<String> {
    let mut text = String::new();
    for file in files(path) {
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
