//! From points to columns of the screen.

use dawg_media::peaks::Peak;

use super::tiles::{POINTS, Points, SAMPLES, join};
use super::{STEPS, Wanted};

/// The coarsest level that still has a point for every column.
pub(super) fn level_for(frames_per_column: f64) -> usize {
    STEPS.iter().rposition(|step| *step as f64 <= frames_per_column).unwrap_or(0)
}

/// Points of a tile of a level.
const fn points_of(level: usize) -> u64 {
    if level == 0 { SAMPLES } else { POINTS }
}

/// The frames `[from, to)` that a tile covers.
pub(super) fn frames_of(level: usize, tile: u32) -> (u64, u64) {
    let frames = points_of(level) * STEPS[level];
    (u64::from(tile) * frames, (u64::from(tile) + 1) * frames)
}

/// The tile in which a frame lies.
pub(super) fn tile_at(level: usize, frame: u64) -> u32 {
    u32::try_from(frame / (points_of(level) * STEPS[level])).unwrap_or(u32::MAX)
}

/// The frames `[from, to)` of the file that a column shows: at least one, and whole points are widened to.
fn frames_in(wanted: &Wanted, column: usize) -> (i64, i64) {
    let from = (wanted.from + column as f64 * wanted.frames_per_column).floor() as i64;
    let to = (wanted.from + (column + 1) as f64 * wanted.frames_per_column).ceil() as i64;
    (from, to.max(from + 1))
}

/// The first and last tile in sight; none when nothing of the file is.
pub(super) fn tiles_of(wanted: &Wanted, level: usize) -> Option<(u32, u32)> {
    let from = frames_in(wanted, 0).0.max(0) as u64;
    let to = frames_in(wanted, wanted.columns.checked_sub(1)?).1;
    let to = u64::try_from(to).ok()?.min(wanted.frames);
    (from < to).then(|| (tile_at(level, from), tile_at(level, to - 1)))
}

/// Joins a tile's points into the columns that it covers.
pub(super) fn fill(wanted: &Wanted, level: usize, tile: u32, points: &Points, out: &mut [Peak]) {
    fill_within(wanted, level, tile, points, frames_of(level, tile), out);
}

/// The same for those columns alone that lie within these frames.
pub(super) fn fill_within(
    wanted: &Wanted,
    level: usize,
    tile: u32,
    points: &Points,
    within: (u64, u64),
    out: &mut [Peak],
) {
    let step = STEPS[level] as i64;
    let (start, end) = frames_of(level, tile);
    let (start, from, to) = (start as i64, start.max(within.0) as i64, end.min(within.1) as i64);
    let column_at = |frame: i64| ((frame as f64 - wanted.from) / wanted.frames_per_column).floor();
    let first = (column_at(from) as i64 - 1).max(0) as usize;
    let last = ((column_at(to) as i64 + 1).max(0) as usize).min(out.len());
    for (column, out) in out.iter_mut().enumerate().take(last).skip(first) {
        let (a, b) = frames_in(wanted, column);
        let (a, b) = (a.max(from), b.min(to));
        if a >= b {
            continue;
        }
        let (a, b) = ((a - start) / step, (b - start + step - 1) / step);
        if let Some(peak) = points.over(a as usize, b as usize) {
            *out = if *out == Peak::default() { peak } else { join(*out, peak) };
        }
    }
}
