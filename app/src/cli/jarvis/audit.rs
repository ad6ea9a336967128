//! `jarvis audit`: who did what, and whether that is as it was written; from the disk, whether a supervisor runs or not.

use std::fmt::{self, Display, Formatter};

use anyhow::{Error, Result, anyhow};
use jarvis::audit::{self, Entry, Verdict};
use jarvis::layout::Layout;
use serde::Serialize;

use super::super::output::Output;
use super::Code;
use super::plain::plain;

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
    /// Whether it is as it was written: 0 whole, 1 tampered with, 2 nobody can tell: its key is missing, or it cannot be read
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
            let (end, by) = (if number > 0 { "\n" } else { "" }, plain(&record.by.who));
            let (at, action, target) = (record.at, plain(&record.action), plain(&record.target));
            let (outcome, reason) = (plain(&record.outcome), plain(&record.reason));
            write!(f, "{end}{}. {at} {by}: {action} {target}, {outcome} ({reason})", entry.seq)?;
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
                file.as_ref().map_or(Ok(()), |file| write!(f, " of {}, which was kept aside", plain(file)))
            }
            Verdict::CannotTell { reason } => write!(f, "nobody can tell: {}", plain(reason)),
        }
    }
}

impl Arguments {
    /// Whether it is asked if the trail is whole.
    pub(super) fn verifies(&self) -> bool {
        matches!(self.what, Some(What::Verify))
    }
}

pub(super) fn run(layout: &Layout, arguments: &Arguments, output: &mut Output) -> Result<()> {
    if arguments.verifies() {
        return verify(layout, output);
    }
    let newest = audit::newest(layout, arguments.limit);
    output.say(&Entries(newest.map_err(|error| anyhow!("{error}; what was done is not shown"))?))
}

/// Says whether it is whole, in words and by its exit code, whatever happens: who asks a script asks the code alone.
fn verify(layout: &Layout, output: &mut Output) -> Result<()> {
    let verified = Verified(audit::verify(layout));
    let said = output.say(&verified);
    // That it is not whole is to be known even where the words cannot be written.
    match (code(&verified.0, layout), said) {
        (Some(code), _) => Err(Error::new(code)),
        (None, Err(error)) => Err(cannot_tell(&error)),
        (None, Ok(())) => Ok(()),
    }
}

/// Why it could not be verified; exit code 1 would mean that somebody tampered with it.
pub(super) fn cannot_tell(error: &Error) -> Error {
    let why = format!("whether the audit trail is whole cannot be told: {error:#}");
    Error::new(Code { code: 2, why })
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
            let key = layout.audit_key();
            let mend = if !layout.folder().exists() {
                "no supervisor has run here; is AI_DAWG_DATA what you mean?".to_owned()
            } else if key.exists() {
                format!("see whether {folder} can be read, and try again")
            } else {
                format!("what stands in it can be read. Put audit.key back into {folder} if you have a copy")
            };
            Some(Code { code: 2, why: format!("the audit trail cannot be verified; {mend}") })
        }
    }
}
