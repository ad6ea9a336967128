//! `ai-dawg jarvis alerts`: what is wrong now, what was, and that somebody has seen it.

use std::fmt::{self, Display, Formatter};

use anyhow::{Result, bail};
use jarvis::alert::{Alert, Severity};
use jarvis::by::By;
use jarvis::client::{Client, ClientError};
use jarvis::layout::Layout;
use jarvis::store::Reader;
use serde::Serialize;

use super::super::output::Output;
use super::plain::plain;
use super::told;

/// So many of the history, the newest.
const HISTORY: u32 = 1000;

#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Alerts {
    /// With those that are over
    #[arg(long)]
    history: bool,
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Say that you have seen an alert; it stays open as long as it holds
    Ack {
        /// Its number
        id: u64,
    },
}

/// Alerts, newest first.
#[derive(Serialize)]
#[serde(transparent)]
struct Listed(Vec<Alert>);

#[derive(Serialize)]
struct Acknowledged {
    acknowledged: u64,
}

pub(super) fn run(arguments: &Alerts, layout: &Layout, output: &mut Output) -> Result<()> {
    if let Some(What::Ack { id }) = arguments.what {
        // Only an owner writes: without one there is nobody to tell.
        let client = Client::find(layout).map_err(told)?;
        if !client.acknowledge(id, By::name("cli")).map_err(told)? {
            bail!("no alert {id} is open: `ai-dawg jarvis alerts` lists those that are");
        }
        return output.say(&Acknowledged { acknowledged: id });
    }
    let alerts = match Client::find(layout) {
        Ok(client) => client.alerts(arguments.history).map_err(told)?,
        // What an owner that is gone left open is open still, until the next one judges it.
        Err(ClientError::NoOwner) => Reader::open(&layout.events())?.alerts(arguments.history, HISTORY)?,
        Err(error) => return Err(told(error)),
    };
    output.say(&Listed(alerts))
}

impl Display for Listed {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("no alerts");
        }
        for (number, alert) in self.0.iter().enumerate() {
            let end = if number > 0 { "\n" } else { "" };
            let severity = match alert.severity {
                Severity::Info => "info",
                Severity::Warning => "warning",
                Severity::Critical => "critical",
            };
            // A sidecar's last words stand in it.
            let (message, rule) = (plain(&alert.message), plain(&alert.rule));
            write!(f, "{end}{}: {severity}, {rule}, since {}", alert.id, alert.since)?;
            match alert.until {
                Some(until) => write!(f, " until {until}")?,
                None => f.write_str(", open")?,
            }
            if let Some(seen) = alert.acknowledged {
                write!(f, ", seen {seen}")?;
            }
            write!(f, ": {message}")?;
        }
        Ok(())
    }
}

impl Display for Acknowledged {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "alert {} is acknowledged", self.acknowledged)
    }
}
