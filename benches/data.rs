//! Where the benches keep what is expensive to make.

use std::path::PathBuf;

/// The folder of all bench data: `bench-data` in the target folder, made if it is not there. Delete it at will.
#[must_use]
pub fn folder() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target")), PathBuf::from);
    let folder = target.join("bench-data");
    std::fs::create_dir_all(&folder).unwrap();
    folder.canonicalize().unwrap()
}
