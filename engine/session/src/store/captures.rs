//! Running captures: noted before their first sample, so that a crash leaves a take and not a riddle.

use rusqlite::{Connection, Row as SqlRow, params};
use serde::{Deserialize, Serialize};

use crate::id::{CaptureId, MediaId, TrackId};
use crate::value::Name;

/// A stretch of a capture and where it lies in the song.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// First frame of the capture.
    pub capture_frame: i64,
    /// Song sample that was playing at that frame, before latency is taken off.
    pub song_position: i64,
    /// Frames.
    pub length: i64,
}

/// A stretch of a capture that was punched in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Punched {
    /// First frame of the capture.
    pub from: i64,
    /// Frame after the last; none while it is still punched in.
    pub to: Option<i64>,
}

/// How the song went on when the log was written last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Onward {
    /// It stood still: the log is whole.
    Stopped,
    /// It rolled on from the last segment.
    #[default]
    Rolling,
    /// It rolled on, and turned at the end of this loop (first song sample, and the one after the last).
    Looping(i64, i64),
}

/// What a capture knows of the song: enough to make takes of it after a crash.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransportLog {
    /// What was captured while the song was where, in order.
    pub segments: Vec<Segment>,
    /// What of it was punched in, in order. None if nobody had to: then all is wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub punches: Option<Vec<Punched>>,
    /// How it went on after the last segment.
    #[serde(default)]
    pub onward: Onward,
}

/// One running or finished capture: one file per track and roll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaptureRow {
    /// Its id.
    pub id: CaptureId,
    /// The track it belongs to.
    pub track: TrackId,
    /// The id its file will have as a medium.
    pub media: MediaId,
    /// Its file inside `audio/`.
    pub file: String,
    /// What its take will be called.
    pub name: Name,
    /// Frames a second.
    pub rate: u32,
    /// Channels.
    pub channels: u16,
    /// When it began, in milliseconds since 1970 UTC.
    pub started_ms: i64,
    /// Frames by which it lies late, to be taken off when it is placed.
    pub latency: i64,
    /// First song sample that is wanted; none for all.
    pub record_from: Option<i64>,
    /// First song sample that is no longer wanted; none for all.
    pub record_to: Option<i64>,
    /// The transport log.
    pub log: TransportLog,
    /// Frames that are safe in the file. The file's length counts if it is longer.
    pub frames: i64,
}

pub(super) fn begin(connection: &Connection, row: &CaptureRow) -> rusqlite::Result<()> {
    const INSERT: &str =
        "INSERT INTO captures VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 'running')";
    let columns = params![
        row.id.to_string(),
        row.track.to_string(),
        row.media.to_string(),
        row.file,
        row.name.as_str(),
        row.rate,
        row.channels,
        row.started_ms,
        row.latency,
        row.record_from,
        row.record_to,
        log_json(&row.log)?,
        row.frames
    ];
    connection.execute(INSERT, columns).map(drop)
}

/// Notes how far a capture has come. Returns whether it is known.
pub(super) fn extend(
    connection: &Connection,
    id: CaptureId,
    frames: i64,
    log: &TransportLog,
) -> rusqlite::Result<bool> {
    let columns = params![id.to_string(), frames, log_json(log)?];
    Ok(connection.execute("UPDATE captures SET frames = ?2, log = ?3 WHERE id = ?1", columns)? == 1)
}

/// Notes that a capture has become a take, or that nothing came of it. Returns whether it is known.
pub(super) fn finish(connection: &Connection, id: CaptureId) -> rusqlite::Result<bool> {
    let columns = params![id.to_string()];
    Ok(connection.execute("UPDATE captures SET state = 'finished' WHERE id = ?1", columns)? == 1)
}

/// The captures that were running when the song was last left, and how many of them cannot be read.
pub(super) fn unfinished(connection: &Connection) -> rusqlite::Result<(Vec<CaptureRow>, usize)> {
    let mut statement =
        connection.prepare("SELECT * FROM captures WHERE state != 'finished' ORDER BY started_ms, id")?;
    let mut rows = statement.query(())?;
    let (mut readable, mut damaged) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        match read(row) {
            Some(row) => readable.push(row),
            None => damaged += 1,
        }
    }
    Ok((readable, damaged))
}

fn read(row: &SqlRow<'_>) -> Option<CaptureRow> {
    let text = |column: usize| row.get::<_, String>(column).ok();
    Some(CaptureRow {
        id: text(0)?.parse().ok()?,
        track: text(1)?.parse().ok()?,
        media: text(2)?.parse().ok()?,
        file: text(3)?,
        name: Name::new(&text(4)?).ok()?,
        rate: row.get(5).ok()?,
        channels: row.get(6).ok()?,
        started_ms: row.get(7).ok()?,
        latency: row.get(8).ok()?,
        record_from: row.get(9).ok()?,
        record_to: row.get(10).ok()?,
        log: read_log(&text(11)?)?,
        frames: row.get(12).ok()?,
    })
}

fn log_json(log: &TransportLog) -> rusqlite::Result<String> {
    serde_json::to_string(log).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

/// A log as it is written now, or as it was before there were punches: a list of segments.
fn read_log(json: &str) -> Option<TransportLog> {
    if let Ok(segments) = serde_json::from_str(json) {
        return Some(TransportLog { segments, ..TransportLog::default() });
    }
    serde_json::from_str(json).ok()
}
