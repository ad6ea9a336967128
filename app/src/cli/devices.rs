//! `ai-dawg devices`

use std::fmt::{self, Display, Formatter};

use anyhow::Result;
use dawg_engine::device::{self, DeviceListing};
use serde::Serialize;

use super::output::Output;

#[derive(Serialize)]
#[serde(transparent)]
struct Report(Vec<DeviceListing>);

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for device in &self.0 {
            let DeviceListing { host, name, default, inputs, outputs, rates, error } = device;
            write!(f, "{:<6} {name}", host.name())?;
            if *default {
                write!(f, "  (default)")?;
            }
            match error {
                Some(error) => writeln!(f, "\n         not available: {error}")?,
                None => {
                    let rates: Vec<String> = rates.iter().map(ToString::to_string).collect();
                    writeln!(f, "\n         {inputs} in, {outputs} out, {} Hz", rates.join(" "))?;
                }
            }
        }
        Ok(())
    }
}

pub(super) fn run(output: &mut Output) -> Result<()> {
    output.say(&Report(device::list()))
}
