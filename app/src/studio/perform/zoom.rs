//! Zooming and scrolling by command.

use super::super::Studio;
use super::super::view::{Panels, Snap, Timeline, View};

/// Closest zoom: so many points a frame.
const CLOSEST: f64 = 1.0 / 32.0;

/// Zooms by a factor of frames a point, around the playhead if it is in sight, else around the middle.
pub(in crate::studio) fn by(studio: &Studio, view: &mut View, factor: f64) {
    let playhead = view.timeline.x(studio.readout().playhead.position);
    let width = view.timeline.width;
    let x = if (0.0..=width).contains(&playhead) { playhead } else { width / 2.0 };
    around(&mut view.timeline, x, factor, widest(studio));
}

/// Zooms by a factor, keeping the frame at point `x` where it is.
pub fn around(timeline: &mut Timeline, x: f32, factor: f64, widest: f64) {
    let frame = timeline.left + f64::from(x) * timeline.frames_per_point;
    timeline.frames_per_point = (timeline.frames_per_point * factor).clamp(CLOSEST, widest);
    timeline.left = frame - f64::from(x) * timeline.frames_per_point;
}

/// Farthest zoom that makes sense: a day over a thousand points.
pub fn widest(studio: &Studio) -> f64 {
    studio.session().map_or(1e6, |session| f64::from(session.sample_rate) * 86.4)
}

/// Shows the selected clips, or the loop, or all.
pub(super) fn to_selection(studio: &Studio, view: &mut View) {
    let Some(session) = studio.session() else { return };
    let at = |position| session.tempo_map.to_samples(position, session.sample_rate).0;
    let range = super::lanes::selected_span(session, view);
    let looped = (at(session.loop_range.start), at(session.loop_range.end));
    match range.or((looped.1 > looped.0).then_some(looped)) {
        Some((from, to)) => show(&mut view.timeline, from, to, widest(studio)),
        None => zoom_to_all(studio, view),
    }
}

/// Shows the whole song, or 32 bars of an empty one.
pub(in crate::studio) fn zoom_to_all(studio: &Studio, view: &mut View) {
    let Some(session) = studio.session() else { return };
    let clips = session.clips().map(|(_, _, clip)| clip.span(&session.tempo_map, session.sample_rate).1);
    let end = clips.max().unwrap_or(0);
    let bar = session.tempo_map.meter_at(1).bar_ticks();
    let bars = |count: i64| session.tempo_map.ticks_to_samples(bar * count, session.sample_rate).0;
    let end = if end <= 0 { bars(32) } else { end };
    show(&mut view.timeline, 0, end, widest(studio));
}

fn show(timeline: &mut Timeline, from: i64, to: i64, widest: f64) {
    const MARGIN: f64 = 12.0;
    let width = (f64::from(timeline.width) - 2.0 * MARGIN).max(50.0);
    timeline.frames_per_point = ((to - from).max(1) as f64 / width).clamp(CLOSEST, widest);
    timeline.left = from as f64 - MARGIN * timeline.frames_per_point;
}

/// Tracks of another height.
pub(super) fn taller(panels: &mut Panels, by: f32) {
    panels.track_height = (panels.track_height * by).round().clamp(40.0, 320.0);
}

/// The next grid that things snap to.
pub(super) fn next_snap(snap: Snap) -> Snap {
    match snap {
        Snap::Auto => Snap::Bar,
        Snap::Bar => Snap::Beat,
        Snap::Beat => Snap::Sixteenth,
        Snap::Sixteenth => Snap::Off,
        Snap::Off => Snap::Auto,
    }
}
