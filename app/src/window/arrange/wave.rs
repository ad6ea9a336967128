//! Waveforms as triangles: an envelope while a column holds many frames, a line with dots down at the samples.

use dawg_media::peaks::{Peak, file_for};
use dawg_session::{ClipChannels, Media, MediaId, Track};
use egui::{Color32, Mesh, Rect, Shape, Stroke, pos2};

use super::canvas::Sheet;
use super::index::Span;
use crate::waves::{Unseen, Wanted};

/// Lower than this a body shows one wave for all channels.
const TWO_WAVES: f32 = 40.0;

/// Draws the waveform of a clip; says why not, where there is none.
pub fn draw(
    sheet: &Sheet<'_>,
    track: &Track,
    span: &Span,
    body: Rect,
    colour: Color32,
    out: &mut Vec<Shape>,
) -> Option<Unseen> {
    let media = sheet.session.media.get(&span.clip.media)?;
    let work = sheet.studio.work()?;
    let file = work.audio_folder().join(&media.file);
    let seen = body.intersect(sheet.rect);
    if seen.width() < 1.0 || body.height() < 6.0 {
        return sheet.studio.waves().unseen(media.id, &file);
    }
    let from = sheet.timeline.left
        + f64::from(seen.left() - sheet.rect.left()) * sheet.timeline.frames_per_point
        - span.from as f64
        + span.clip.offset.0 as f64;
    let wanted = Wanted {
        media: media.id,
        file,
        peaks: file_for(&work.peaks_folder(), &media.id.to_string()),
        channels: media.channels,
        frames: media.frames.0.max(0) as u64,
        channel: 0,
        from,
        frames_per_column: 0.0,
        columns: 0,
    };
    let source = Source { origin: sheet.x(span.from), offset: span.clip.offset.0, first: from };
    let mut groups = channels(&span.clip.channels, track.layout.channels(), media);
    if body.height() < TWO_WAVES {
        groups = vec![groups.concat()];
    }
    let height = body.height() / groups.len().max(1) as f32;
    let before = out.len();
    for (at, group) in groups.iter().enumerate() {
        let top = body.top() + at as f32 * height;
        let part = Rect::from_min_max(pos2(seen.left(), top), pos2(seen.right(), top + height));
        wave(
            sheet,
            &wanted,
            &source,
            group,
            part.shrink2(egui::vec2(0.0, 2.0)),
            (span.clip.gain.get(), colour),
            out,
        );
    }
    let unseen = sheet.studio.waves().unseen(media.id, &wanted.file);
    if unseen.is_some() {
        // Silence would be a lie.
        out.truncate(before);
    }
    unseen
}

/// Where the file's frames are on the screen.
struct Source {
    /// The point of the clip's start.
    origin: f32,
    /// The file's frame there.
    offset: i64,
    /// The file's frame at the left edge of what is seen.
    first: f64,
}

/// The file's channels, from 0, in groups that are drawn as one wave each.
fn channels(picked: &ClipChannels, layout: u16, media: &Media) -> Vec<Vec<u16>> {
    let all: Vec<u16> = (0..media.channels).collect();
    match picked {
        ClipChannels::Pick(picked) => picked.iter().map(|channel| vec![channel.saturating_sub(1)]).collect(),
        ClipChannels::AsIs if layout > 1 && media.channels > 1 => {
            all.into_iter().take(usize::from(layout)).map(|channel| vec![channel]).collect()
        }
        ClipChannels::AsIs | ClipChannels::FoldDown => vec![all],
    }
}

fn wave(
    sheet: &Sheet<'_>,
    wanted: &Wanted,
    source: &Source,
    group: &[u16],
    place: Rect,
    (gain, colour): (f32, Color32),
    out: &mut Vec<Shape>,
) {
    let frames_per_point = sheet.timeline.frames_per_point;
    // Columns stand on a grid of the file's own, so that a wave does not shimmer while it scrolls.
    let column = if frames_per_point < 1.0 { 1.0 } else { frames_per_point / f64::from(sheet.pixels) };
    let first = (source.first / column).floor() - 1.0;
    let columns = (f64::from(place.width()) * frames_per_point / column).ceil() as usize + 3;
    let mut wanted = Wanted { from: first * column, frames_per_column: column, columns, ..wanted.clone() };
    let mut mixed: Vec<Peak> = Vec::new();
    let mut peaks = Vec::new();
    for channel in group {
        wanted.channel = *channel;
        sheet.studio.waves().columns(&wanted, &mut peaks);
        if mixed.is_empty() {
            std::mem::swap(&mut mixed, &mut peaks);
        } else {
            for (mixed, peak) in mixed.iter_mut().zip(&peaks) {
                *mixed = Peak { min: mixed.min.min(peak.min), max: mixed.max.max(peak.max) };
            }
        }
    }
    let x = |at: f64| source.origin + ((at - source.offset as f64) / frames_per_point) as f32;
    if frames_per_point < 1.0 {
        return samples(&mixed, |n| x(wanted.from + n as f64), place, (gain, colour), frames_per_point, out);
    }
    let middle = |n: usize| x(wanted.from + (n as f64 + 0.5) * column);
    out.push(Shape::mesh(envelope(&mixed, middle, place, gain, colour, 1.0 / sheet.pixels)));
}

/// The lowest and highest of each column, joined to its neighbour, at least a pixel thick.
fn envelope(
    peaks: &[Peak],
    x: impl Fn(usize) -> f32,
    place: Rect,
    gain: f32,
    colour: Color32,
    pixel: f32,
) -> Mesh {
    let (middle, half) = (place.center().y, place.height() / 2.0);
    let y = |value: f32| middle - (value * gain).clamp(-1.0, 1.0) * half;
    let mut mesh = Mesh::default();
    mesh.reserve_vertices(peaks.len() * 2);
    mesh.reserve_triangles(peaks.len() * 2);
    let mut joined = false;
    for (n, peak) in peaks.iter().enumerate() {
        let at = x(n);
        if at < place.left() - pixel || at > place.right() + pixel {
            continue;
        }
        let at = at.clamp(place.left(), place.right());
        let (mut top, mut bottom) = (y(peak.max), y(peak.min));
        if bottom - top < pixel {
            let middle = (top + bottom) / 2.0;
            (top, bottom) = (middle - pixel / 2.0, middle + pixel / 2.0);
        }
        mesh.colored_vertex(pos2(at, top), colour);
        mesh.colored_vertex(pos2(at, bottom), colour);
        if joined {
            let last = mesh.vertices.len() as u32 - 1;
            mesh.add_triangle(last - 3, last - 2, last - 1);
            mesh.add_triangle(last - 2, last - 1, last);
        }
        joined = true;
    }
    mesh
}

/// Single samples: a line, and dots where there is room for them.
fn samples(
    peaks: &[Peak],
    x: impl Fn(usize) -> f32,
    place: Rect,
    (gain, colour): (f32, Color32),
    frames_per_point: f64,
    out: &mut Vec<Shape>,
) {
    let (middle, half) = (place.center().y, place.height() / 2.0);
    let points: Vec<_> = peaks
        .iter()
        .enumerate()
        .map(|(n, peak)| pos2(x(n), middle - (peak.max * gain).clamp(-1.0, 1.0) * half))
        .filter(|point| place.x_range().expand(40.0).contains(point.x))
        .collect();
    if frames_per_point < 0.2 {
        let dots = points.iter().filter(|point| place.x_range().contains(point.x));
        out.extend(dots.map(|point| Shape::circle_filled(*point, 2.5, colour)));
    }
    // What lies outside of the clip is cut off at its edges.
    let cut: Vec<_> = points
        .windows(2)
        .filter_map(|pair| {
            let (a, b) = (pair[0], pair[1]);
            let at = |edge: f32| pos2(edge, a.y + (b.y - a.y) * (edge - a.x) / (b.x - a.x).max(1e-6));
            let (left, right) = (place.left(), place.right());
            let a = if a.x < left { at(left) } else { a };
            let b = if b.x > right { at(right) } else { b };
            (a.x < b.x).then_some([a, b])
        })
        .collect();
    if let Some([first, _]) = cut.first() {
        let line = std::iter::once(*first).chain(cut.iter().map(|[_, b]| *b)).collect();
        out.push(Shape::line(line, Stroke::new(1.2, colour)));
    }
}

/// A recording as it grows: its wave from a frame of its file on, over this place.
pub fn growing(
    sheet: &Sheet<'_>,
    (media, channels): (MediaId, u16),
    from: f64,
    place: Rect,
    colour: Color32,
    out: &mut Vec<Shape>,
) {
    let Some(work) = sheet.studio.work() else { return };
    let column = sheet.timeline.frames_per_point / f64::from(sheet.pixels);
    let wanted = Wanted {
        media,
        file: work.audio_folder(),
        peaks: file_for(&work.peaks_folder(), &media.to_string()),
        channels,
        frames: 0,
        channel: 0,
        from,
        frames_per_column: column,
        columns: (place.width() * sheet.pixels).ceil() as usize + 1,
    };
    let mut mixed: Vec<Peak> = Vec::new();
    for channel in 0..channels {
        let mut peaks = Vec::new();
        sheet.studio.waves().columns(&Wanted { channel, ..wanted.clone() }, &mut peaks);
        if mixed.is_empty() {
            mixed = peaks;
        } else {
            for (mixed, peak) in mixed.iter_mut().zip(peaks) {
                *mixed = Peak { min: mixed.min.min(peak.min), max: mixed.max.max(peak.max) };
            }
        }
    }
    let pixel = 1.0 / sheet.pixels;
    let x = |n: usize| place.left() + n as f32 * pixel;
    out.push(Shape::mesh(envelope(&mixed, x, place.shrink2(egui::vec2(0.0, 2.0)), 1.0, colour, pixel)));
}
