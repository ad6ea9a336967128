//! What is read from the disk, whether a supervisor runs or not.

use std::fmt::{self, Display, Formatter};

use anyhow::Result;
use jarvis::client::EventQuery;
use jarvis::event::Event;
use jarvis::layout::Layout;
use jarvis::store::Reader;
use serde::Serialize;

use super::super::output::Output;

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
