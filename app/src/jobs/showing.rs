//! Showing a file in the system's file manager.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, anyhow};

use super::Outcome;

/// What opens a folder here.
const OPENER: &str = if cfg!(target_os = "macos") {
    "open"
} else if cfg!(windows) {
    "explorer"
} else {
    "xdg-open"
};

/// Shows a file in the system's file manager. Ends when the opener does, so that no process is left unreaped.
#[must_use]
pub fn show_in_folder(path: &Path) -> Outcome {
    let folder = path.parent().unwrap_or(path);
    match open(OPENER, folder) {
        Ok(()) => Outcome::Nothing,
        Err(error) => {
            Outcome::Failed { title: "The file manager did not open".to_owned(), error, path: None }
        }
    }
}

fn open(opener: &str, folder: &Path) -> anyhow::Result<()> {
    let mut command = Command::new(opener);
    command.arg(folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let place = || format!("the folder is {}: open it by hand", folder.display());
    let status = command.status().with_context(place)?;
    // Explorer answers 1 when all went well.
    if status.success() || cfg!(windows) {
        return Ok(());
    }
    Err(anyhow!("{opener} found nothing that shows folders").context(place()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seen red: with the status passed over, a system without a file manager says nothing.
    #[test]
    fn a_failure_names_the_folder() {
        let folder = Path::new("/some where");
        assert!(open("true", folder).is_ok());
        for opener in ["false", "no-such-opener"] {
            let said = format!("{:#}", open(opener, folder).unwrap_err());
            assert!(said.contains("/some where") && said.contains("by hand"), "{said}");
        }
    }
}
