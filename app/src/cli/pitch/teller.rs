//! Estimates in, what was asked for out: rows while they come, everything else at the end.
//!
//! Start at [`Teller::take`].

use std::fmt::Write;

use anyhow::Result;
use dawg_dsp::pitch::Estimate;
use dawg_dsp::pitch::notes::{self, SungNote};
use serde::Serialize;

use super::notes::{HEADER as NOTES_HEADER, NoteReport, Table};
use super::row::{HEADER, Row, Rows};
use super::summary::Summary;
use super::typed::A4;
use crate::cli::output::Output;

/// How it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// CSV, a row each 10 ms, while they come.
    Rows,
    /// CSV, a row for each note.
    NoteRows,
    /// A table of notes for people.
    Notes,
    /// A few lines for people, and that table.
    Summary,
    /// One JSON object.
    Json,
}

/// Tells what a tracker finds. With [`Form::Rows`] it keeps nothing, so that hours need no memory.
#[derive(Debug)]
pub(super) struct Teller<'a> {
    output: &'a mut Output,
    form: Form,
    a4: A4,
    rate: u32,
    /// Everything, for what is told at the end.
    curve: Vec<Estimate>,
    /// Rows that wait to be printed.
    rows: String,
}

/// What `--json` prints.
#[derive(Debug, Serialize)]
struct Report<'a> {
    /// Frames a second of what was listened to.
    rate: u32,
    /// Hz.
    a4: f64,
    rows: Rows<'a>,
    notes: Vec<NoteReport>,
}

impl<'a> Teller<'a> {
    /// Begins; prints the header where there is one.
    pub(super) fn begin(output: &'a mut Output, form: Form, a4: A4, rate: u32) -> Result<Self> {
        let mut teller = Self { output, form, a4, rate, curve: Vec::new(), rows: String::new() };
        if form == Form::Rows {
            teller.rows.push_str(HEADER);
            teller.flush()?;
        }
        Ok(teller)
    }

    /// Takes the next estimate.
    pub(super) fn take(&mut self, estimate: Estimate) {
        if self.form != Form::Rows {
            self.curve.push(estimate);
        } else if let Some(row) = Row::of(&estimate, self.a4.tuning()) {
            // Writing to a String cannot fail.
            let _ = writeln!(self.rows, "{row}");
        }
    }

    /// Prints the rows that have come. False once nobody reads them any more: there is nothing left to do.
    ///
    /// # Errors
    /// When standard output cannot be written.
    pub(super) fn flush(&mut self) -> Result<bool> {
        let read = self.output.rows(&self.rows)?;
        self.rows.clear();
        Ok(read)
    }

    /// Tells what is told at the end. `title` names what was listened to.
    ///
    /// # Errors
    /// When standard output cannot be written.
    pub(super) fn finish(mut self, title: &str) -> Result<()> {
        if self.form == Form::Rows {
            return self.flush().map(drop);
        }
        let tuning = self.a4.tuning();
        let notes = notes::find(&self.curve, tuning);
        let reports = || notes.iter().map(NoteReport::from);
        match self.form {
            Form::Rows => Ok(()),
            Form::NoteRows => {
                let rows: String = reports().map(|note| format!("{note}\n")).collect();
                self.output.rows(&format!("{NOTES_HEADER}{rows}")).map(drop)
            }
            Form::Notes => self.output.rows(&Table(&notes).to_string()).map(drop),
            Form::Summary => self.summary(title, &notes),
            Form::Json => {
                let rows = Rows { curve: &self.curve, tuning };
                let report = Report { rate: self.rate, a4: self.a4.0, rows, notes: reports().collect() };
                self.output.long_value(&report)
            }
        }
    }

    fn summary(&mut self, title: &str, notes: &[SungNote]) -> Result<()> {
        let summary = Summary::of(title, &self.curve, notes).to_string();
        self.output.rows(&summary).map(drop)
    }
}
