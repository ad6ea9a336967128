//! Small files that are there whole, or not at all, whenever the program ends.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// Writes `bytes` to `path`, readable by its user alone (mode 0600), by way of a new file beside it that takes its name.
///
/// # Errors
/// As the disk says; what was there before is there still, then.
pub fn publish(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let fresh = path.with_file_name(name);
    let mut file = private(&fresh)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    #[expect(clippy::disallowed_methods, reason = "synced before, and the folder after")]
    std::fs::rename(&fresh, path)?;
    sync_folder(path)
}

fn private(path: &Path) -> io::Result<File> {
    // One that a killed program left may have another mode.
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

/// Other systems have no handle of a folder to sync.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn what_is_published_is_for_its_user_alone_even_over_what_a_killed_program_left() {
        // Seen red: without the `remove_file` what was left stands in the way.
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("endpoint.json");
        let stale = folder.path().join("endpoint.json.new");
        std::fs::write(&stale, "half").unwrap();
        std::fs::set_permissions(&stale, std::fs::Permissions::from_mode(0o644)).unwrap();
        publish(&path, b"whole").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"whole");
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert!(!stale.exists());
    }
}
