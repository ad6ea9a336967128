//! Names of files that are safe to make, whatever the original was called.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use crate::MediaError;
use crate::error::OnPath;

/// The most bytes a name may have before a number is added: file systems stop at 255, and temporary names
/// put something before and after.
const MAX_BYTES: usize = 180;

/// Turns any text into a file name without folder: separators, control characters and what Windows forbids
/// are dropped, dots and blanks at the front too; other Unicode stays. Never longer than 180 bytes with the
/// ending, never empty (`audio` then), never a device name of Windows.
pub fn safe_name(stem: &str, ending: &str) -> String {
    let ending: String = ending.chars().filter(char::is_ascii_alphanumeric).take(8).collect();
    let room = MAX_BYTES - ending.len() - 1;
    let kept: String = stem.chars().filter(|c| !is_forbidden(*c)).collect();
    let kept = kept.trim_start_matches(|c: char| c == '.' || c.is_whitespace());
    let kept = cut(kept, room).trim_end_matches(|c: char| c == '.' || c.is_whitespace());
    let stem = if kept.is_empty() { "audio" } else { kept };
    let guard = if is_device(stem) { "_" } else { "" };
    if ending.is_empty() { format!("{stem}{guard}") } else { format!("{stem}{guard}.{ending}") }
}

/// `wanted`, or `wanted` with `-2`, `-3` … before its ending where that name is taken in `folder`. Compared
/// without regard to case, so that a song survives a move to macOS or Windows.
///
/// # Errors
/// As the disk says while listing `folder`.
pub fn unique_name(folder: &Path, wanted: &str) -> Result<String, MediaError> {
    let mut taken = HashSet::new();
    for entry in fs::read_dir(folder).on(folder)? {
        taken.insert(entry.on(folder)?.file_name().to_string_lossy().to_lowercase());
    }
    if !taken.contains(&wanted.to_lowercase()) {
        return Ok(wanted.to_owned());
    }
    let (stem, ending) =
        wanted.rsplit_once('.').map_or((wanted, String::new()), |(s, e)| (s, format!(".{e}")));
    let mut number: u64 = 2;
    loop {
        let name = format!("{stem}-{number}{ending}");
        if !taken.contains(&name.to_lowercase()) {
            return Ok(name);
        }
        number += 1;
    }
}

fn is_forbidden(c: char) -> bool {
    // The last group turns text around or hides it: a name must read as it is.
    c.is_control()
        || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn is_device(stem: &str) -> bool {
    let first = stem.split('.').next().unwrap_or(stem).to_ascii_uppercase();
    matches!(first.as_str(), "CON" | "PRN" | "AUX" | "NUL")
        || (first.len() == 4
            && (first.starts_with("COM") || first.starts_with("LPT"))
            && first.ends_with(|c: char| c.is_ascii_digit()))
}

/// The longest start of `text` that has at most `bytes` bytes and ends between two characters.
pub(super) fn cut(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}
