//! What a file is, by its first bytes. Names lie.

use crate::MediaError;
use crate::files::Positional;
use crate::wav;

/// Kinds that are read by our own code; all else is symphonia's to recognise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sniffed {
    Wav,
    Aiff,
    Flac,
    Other,
}

/// Looks at the first bytes.
///
/// # Errors
/// [`MediaError::Empty`], or as the disk says.
pub(crate) fn sniff(file: &Positional) -> Result<Sniffed, MediaError> {
    if file.len() == 0 {
        return Err(MediaError::Empty { path: file.path().to_owned() });
    }
    let mut start = [0; 12];
    let read = file.read(&mut start, 0)?;
    let start = &start[..read];
    Ok(if wav::is_wav(start) {
        Sniffed::Wav
    } else if start.starts_with(b"FORM") && matches!(start.get(8..12), Some(b"AIFF" | b"AIFC")) {
        Sniffed::Aiff
    } else if start.starts_with(b"fLaC") {
        Sniffed::Flac
    } else {
        Sniffed::Other
    })
}
