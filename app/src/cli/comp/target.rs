//! Which comp of a track is meant.

use anyhow::{Result, bail};
use dawg_session::{Comp, Track};

/// The comp of this name; without one the comp that plays, or the only one there is.
///
/// # Errors
/// When there is none; it names those that are there.
pub(super) fn target<'a>(track: &'a Track, name: Option<&str>) -> Result<&'a Comp> {
    let there: Vec<String> = track.comps.iter().map(|comp| format!("“{}”", comp.name)).collect();
    let there = there.join(", ");
    if let Some(name) = name {
        return match track.comps.iter().find(|comp| comp.name.as_str() == name) {
            Some(comp) => Ok(comp),
            None if there.is_empty() => bail!("there is no comp “{name}”: “{}” has none yet", track.name),
            None => bail!("there is no comp “{name}” on “{}”: it has {there}", track.name),
        };
    }
    match (track.playing_comp(), track.comps.as_slice()) {
        (Some(comp), _) => Ok(comp),
        (None, [only]) => Ok(only),
        (None, []) => bail!("“{}” has no comp yet: make one with --pick A..B=LANE", track.name),
        (None, _) => bail!("which comp is meant? Say it by --name: “{}” has {there}", track.name),
    }
}
