//! Reading and writing preferences: `preferences.json` in the data folder.
//!
//! Workers write them in any order, so each write has its [`turn`], taken where the preferences were taken: an older
//! one never replaces a newer one.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use dawg_media::MediaError;
use dawg_media::files::{publish, write_whole};
use serde_json::Value;

use super::Outcome;
use crate::studio::preferences::Preferences;

/// The file's name.
const FILE: &str = "preferences.json";

/// The last turn that was given, by folder.
static TURNS: Mutex<BTreeMap<PathBuf, u64>> = Mutex::new(BTreeMap::new());

/// Held while a file is written.
static WRITING: Mutex<()> = Mutex::new(());

/// A place in the order of writes into this folder. Costs nothing.
#[must_use]
pub fn turn(folder: &Path) -> u64 {
    let mut turns = TURNS.lock().unwrap_or_else(PoisonError::into_inner);
    let turn = turns.entry(folder.to_owned()).or_default();
    *turn += 1;
    *turn
}

fn is_newest(folder: &Path, turn: u64) -> bool {
    TURNS.lock().unwrap_or_else(PoisonError::into_inner).get(folder) == Some(&turn)
}

/// Reads preferences. Fields that cannot be read have their default; a file that cannot be read at all is kept as
/// `preferences.json.broken`.
#[must_use]
pub fn load(folder: &Path) -> Preferences {
    let path = folder.join(FILE);
    let text = match std::fs::read(&path) {
        Ok(text) => text,
        Err(error) => {
            if error.kind() != ErrorKind::NotFound {
                tracing::warn!(path = %path.display(), %error, "preferences cannot be read");
            }
            return Preferences::default();
        }
    };
    read(&text).unwrap_or_else(|| {
        let broken = folder.join(format!("{FILE}.broken"));
        if let Err(error) = publish(&path, &broken) {
            tracing::warn!(%error, "broken preferences could not be set aside");
        }
        Preferences::default()
    })
}

/// What can be read of preferences; none when this is no JSON object.
fn read(text: &[u8]) -> Option<Preferences> {
    let Value::Object(found) = serde_json::from_slice(text).ok()? else { return None };
    if let Ok(preferences) = serde_json::from_value(Value::Object(found.clone())) {
        return Some(preferences);
    }
    // One field of another version must not cost all the others.
    let fields = found.into_iter().filter(|(name, value)| {
        let alone = Value::Object([(name.clone(), value.clone())].into_iter().collect());
        serde_json::from_value::<Preferences>(alone).is_ok()
    });
    serde_json::from_value(Value::Object(fields.collect())).ok()
}

/// Writes preferences whole or not at all, unless newer ones have taken their turn meanwhile.
#[must_use]
pub fn save(folder: &Path, preferences: &Preferences, turn: u64) -> Outcome {
    let _one_at_a_time = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    if !is_newest(folder, turn) {
        return Outcome::Nothing;
    }
    match write(folder, preferences) {
        Ok(()) => Outcome::Nothing,
        Err(error) => Outcome::Failed {
            title: "The preferences were not saved".to_owned(),
            error: error.context("they hold until the window is closed"),
            path: None,
        },
    }
}

fn write(folder: &Path, preferences: &Preferences) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).map_err(|error| MediaError::io(folder, error))?;
    let text = serde_json::to_vec_pretty(preferences)?;
    Ok(write_whole(&folder.join(FILE), &text)?)
}
