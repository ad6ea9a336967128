//! `ai-dawg doctor`

mod checks;

use std::fmt::{self, Display, Formatter};

use anyhow::Result;
use serde::Serialize;

use super::output::Output;

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Status {
    /// As it should be.
    Ok,
    /// It works, but not as well as it could.
    Warn,
    /// It does not work.
    Fail,
}

/// What one look found.
#[derive(Debug, Serialize)]
struct Check {
    name: &'static str,
    status: Status,
    detail: String,
    /// What to do; null where nothing has to be done.
    mend: Option<String>,
}

#[derive(Serialize)]
struct Report {
    checks: Vec<Check>,
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for Check { name, status, detail, mend } in &self.checks {
            let status = match status {
                Status::Ok => "ok  ",
                Status::Warn => "warn",
                Status::Fail => "FAIL",
            };
            writeln!(f, "{status}  {name}: {detail}")?;
            if let Some(mend) = mend {
                writeln!(f, "      to mend it: {mend}")?;
            }
        }
        Ok(())
    }
}

/// Whatever is found, the looking itself succeeds: exit code 0.
pub(super) fn run(output: &mut Output) -> Result<()> {
    output.say(&Report { checks: checks::all() })
}
