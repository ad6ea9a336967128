//! `jarvis audit`: who did what, and whether that is as it was written; from the disk, whether a supervisor runs or not.

use std::fmt::{self, Display, Formatter};

use anyhow::{Error, Result, anyhow};
use jarvis::audit::{self, Entry, Verdict};
use jarvis::layout::Layout;
use serde::Serialize;

use super::super::output::Output;
use super::Code;

/// What is asked of the audit trail.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: Option<What>,
    /// At most this many, the newest
    #[arg(long, default_value_t = 50)]
    limit: u32,
}

#[derive(Debug, Clone, Copy, clap::Subcommand)]
enum What {
    /// Whether it is as it was written: 0 whole, 1 tampered with, 2 nobody can tell since its key is missing
    Verify,
}

/// The newest entries, oldest first.
#[derive(Serialize)]
#[serde(transparent)]
struct Entries(Vec<Entry>);

impl Display for Entries {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("nothing was done yet");
        }
        for (number, entry) in self.0.iter().enumerate() {
            let record = &entry.record;
            let (end, by) = (if number > 0 { "\n" } else { "" }, &record.by.who);
            let (at, action, target, outcome) = (record.at, &record.action, &record.target, &record.outcome);
            write!(f, "{end}{}. {at} {by}: {action} {target}, {outcome} ({})", entry.seq, record.reason)?;
        }
        Ok(())
    }
}

#[derive(Serialize)]
#[serde(transparent)]
struct Verified(Verdict);

impl Display for Verified {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Verdict::Whole { entries: 0, .. } => f.write_str("whole: nothing was done yet"),
            Verdict::Whole { entries, head } => {
                write!(f, "whole: {entries} entries, up to {}", head.as_deref().unwrap_or_default())
            }
            Verdict::Tampered { seq, kind, file } => {
                write!(f, "tampered with: {kind} at entry {seq}")?;
                file.as_ref().map_or(Ok(()), |file| write!(f, " of {file}, which was kept aside"))
            }
            Verdict::CannotTell { reason } => write!(f, "nobody can tell: {reason}"),
        }
    }
}

pub(super) fn run(layout: &Layout, arguments: &Arguments, output: &mut Output) -> Result<()> {
    match arguments.what {
        None => {
            let newest = audit::newest(layout, arguments.limit);
            output.say(&Entries(newest.map_err(|error| anyhow!("{error}; what was done is not shown"))?))
        }
        Some(What::Verify) => {
            let verified = Verified(audit::verify(layout));
            output.say(&verified)?;
            code(&verified.0, layout).map_or(Ok(()), |code| Err(Error::new(code)))
        }
    }
}

/// None: it is whole.
fn code(verdict: &Verdict, layout: &Layout) -> Option<Code> {
    let folder = layout.folder().display();
    match verdict {
        Verdict::Whole { .. } => None,
        Verdict::Tampered { seq, .. } => {
            let why = format!(
                "from entry {seq} on the audit trail is not what the supervisor wrote; the sidecars are supervised all the same. \
                 Keep a copy of {folder}, and find out who else writes there"
            );
            Some(Code { code: 1, why })
        }
        Verdict::CannotTell { .. } => {
            let why = format!(
                "the audit trail cannot be verified; what stands in it can be read. Put audit.key back into {folder} if you \
                 have a copy"
            );
            Some(Code { code: 2, why })
        }
    }
}
