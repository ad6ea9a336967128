//! The song on disk: `NAME.dawg/` with `song.db` (SQLite), `audio/`, `peaks/` and `exports/`.
//!
//! Start at [`Store`]. The journal only ever grows; snapshots spare a replay from the first row and replace
//! nothing. One thread, named `store`, owns the connection that writes; the [`Store`] sends it work and hands out
//! [`Pending`] tickets. An Edit is finished when its ticket says so, which is when SQLite's COMMIT returned.

mod backup;
mod captures;
mod checksum;
mod error;
mod folder;
mod handle;
mod journal;
mod recover;
mod report;
mod schema;
mod snapshot;
mod worker;

#[cfg(test)]
mod tests;

pub use captures::{CaptureRow, Onward, Punched, Segment, TransportLog};
pub use error::StoreError;
pub use folder::{AUDIO_FOLDER, DATABASE_FILE, EXPORTS_FOLDER, PEAKS_FOLDER};
pub use handle::{Access, Opened, Pending, Store};
pub use report::{OpenReport, SetAside};
pub use schema::SCHEMA;
