//! How the program answers: results on standard output, everything else on standard error.
//!
//! The one place that prints. A pipe whose reader has gone is no error (`ai-dawg history SONG | head`): the work
//! goes on in silence. Start at [`Output::say`].

use std::fmt::Display;
use std::io::{self, BufRead, BufWriter, ErrorKind, IsTerminal, StdoutLock, Write};
use std::process::ExitCode;

use anyhow::{Context, Result};
use serde::Serialize;

/// Where results go.
#[derive(Debug)]
pub struct Output {
    json: bool,
    closed: bool,
}

impl Output {
    /// Text for people, or `json` for programs.
    #[must_use]
    pub fn new(json: bool) -> Self {
        Self { json, closed: false }
    }

    /// Prints a command's report: its text, or the same as one JSON value.
    ///
    /// # Errors
    /// When standard output cannot be written, as on a full disk.
    pub fn say<T: Serialize + Display>(&mut self, report: &T) -> Result<()> {
        if self.json { self.value(report) } else { self.print(&report.to_string()) }
    }

    /// Prints a JSON value, whatever was asked for.
    ///
    /// # Errors
    /// As [`say`](Self::say).
    pub fn value(&mut self, value: &impl Serialize) -> Result<()> {
        let text =
            serde_json::to_string_pretty(value).context("the answer cannot be put into JSON; report this")?;
        self.print(&text)
    }

    /// Says at once what is going on: on standard output, or on standard error where that is for JSON.
    ///
    /// # Errors
    /// As [`say`](Self::say).
    pub fn now(&mut self, line: &str) -> Result<()> {
        if self.json {
            to_stderr(&format!("{line}\n"));
            return Ok(());
        }
        self.print(line)
    }

    /// Ends what [`now`](Self::now) began: what of the report people have not read yet, or all of it as JSON.
    ///
    /// # Errors
    /// As [`say`](Self::say).
    pub fn last<T: Serialize>(&mut self, report: &T, rest: impl FnOnce(&T) -> Option<String>) -> Result<()> {
        match rest(report) {
            _ if self.json => self.value(report),
            Some(rest) => self.print(&rest),
            None => Ok(()),
        }
    }

    /// Whether JSON was asked for.
    #[must_use]
    pub fn is_json(&self) -> bool {
        self.json
    }

    /// Prints whole lines at once, for those who read along. False once nobody reads any more.
    ///
    /// # Errors
    /// As [`say`](Self::say).
    pub fn rows(&mut self, lines: &str) -> Result<bool> {
        if !lines.is_empty() {
            self.write(|stdout| stdout.write_all(lines.as_bytes()))?;
        }
        Ok(!self.closed)
    }

    /// Prints a JSON value on one line, as it is made: for what is long.
    ///
    /// # Errors
    /// As [`say`](Self::say).
    pub fn long_value(&mut self, value: &impl Serialize) -> Result<()> {
        self.write(|stdout| {
            let mut stdout = BufWriter::with_capacity(1 << 16, stdout);
            serde_json::to_writer(&mut stdout, value)?;
            stdout.write_all(b"\n")?;
            stdout.flush()
        })
    }

    fn print(&mut self, text: &str) -> Result<()> {
        let text = text.trim_end();
        self.write(|stdout| writeln!(stdout, "{text}"))
    }

    fn write(&mut self, write: impl FnOnce(&mut StdoutLock<'static>) -> io::Result<()>) -> Result<()> {
        if self.closed {
            return Ok(());
        }
        let mut stdout = io::stdout().lock();
        match write(&mut stdout).and_then(|()| stdout.flush()) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => self.closed = true,
            written => written.context("the answer cannot be written to standard output")?,
        }
        Ok(())
    }
}

/// Whether a person sees results as they are printed.
#[must_use]
pub fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Says something that is good to know.
pub fn note(text: &str) {
    to_stderr(&format!("note: {text}\n"));
}

/// Says why it could not be done.
pub fn error(error: &anyhow::Error) {
    to_stderr(&format!("error: {error:#}\n"));
}

/// Shows how far a job is, over what was shown before; nothing where nobody looks.
pub fn show_progress(line: &str) {
    if io::stderr().is_terminal() {
        to_stderr(&format!("\r\x1b[K{line}"));
    }
}

/// Prints what the parser had to say: help, version, or what was typed wrongly.
#[must_use]
pub fn parsed(said: &clap::Error) -> ExitCode {
    // A closed pipe, as anywhere here, is no error.
    let _ = said.print();
    if said.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS }
}

/// Asks a question that is answered by yes or no; none where nobody is there to answer.
#[must_use]
pub fn ask(question: &str) -> Option<bool> {
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return None;
    }
    to_stderr(&format!("{question} [y/n] "));
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).ok()?;
    Some(answer.trim().to_lowercase().starts_with('y'))
}

fn to_stderr(text: &str) {
    // There is nobody left to tell.
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
