//! Dialogs of the system, through the desktop's portal.
//!
//! A dialog may stay open for as long as a person likes, or never answer: it has a worker of its own, which nobody
//! waits for. Every place that asks by a dialog also has a field for the path.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::anyhow;
use rfd::FileDialog;

use super::Outcome;
use super::listing::AUDIO_ENDINGS;
use crate::studio::action::Pick;

/// No person closes a dialog as quickly as this: then there was none.
const NO_PERSON: Duration = Duration::from_millis(250);

/// Opens a dialog of the system, and waits for its answer.
#[must_use]
pub fn pick(pick: Pick, start: Option<PathBuf>) -> Outcome {
    let begun = Instant::now();
    let paths = match ask(pick, start) {
        Some(paths) => Some(paths),
        // Saving answers the same for a dialog that was closed and for one that never was.
        None if matches!(pick, Pick::ExportTo | Pick::TableTo) && begun.elapsed() > NO_PERSON => {
            Some(Vec::new())
        }
        None => None,
    };
    match paths {
        Some(paths) => Outcome::Picked { pick, paths },
        None => Outcome::Failed {
            title: "The system's file dialog did not open".to_owned(),
            error: anyhow!(
                "This desktop offers none to programs. Type the path instead, or install xdg-desktop-portal or zenity."
            ),
            path: None,
        },
    }
}

/// What was chosen; empty when the dialog was closed, none when nobody showed one.
fn ask(pick: Pick, start: Option<PathBuf>) -> Option<Vec<PathBuf>> {
    let mut dialog = FileDialog::new().set_title(title(pick));
    // A dialog that is told to start in a folder that is not there may refuse to open.
    if let Some(start) = start.filter(|start| start.is_dir()) {
        dialog = dialog.set_directory(start);
    }
    match pick {
        Pick::Audio => dialog.add_filter("Audio", &AUDIO_ENDINGS).pick_files(),
        Pick::ExportTo | Pick::TableTo => dialog.save_file().map(|file| vec![file]),
        // Asked for several, since only then “closed” and “not there” are different answers; one is taken.
        Pick::Song | Pick::NewSongFolder | Pick::CopyTo | Pick::BrowserFolder => {
            dialog.pick_folders().map(|mut folders| {
                folders.truncate(1);
                folders
            })
        }
    }
}

const fn title(pick: Pick) -> &'static str {
    match pick {
        Pick::Song => "Open a song",
        Pick::Audio => "Import audio",
        Pick::NewSongFolder => "Where the new song goes",
        Pick::CopyTo => "Where the copy goes",
        Pick::ExportTo => "Export",
        Pick::BrowserFolder => "Choose a folder",
        Pick::TableTo => "Save the table",
    }
}
