//! Clips that lie over others: the seams that show it, and what is left to see of those below.
//!
//! Start at [`Layers::of`].

use egui::{Mesh, Rangef, Rect, Shape, Stroke, pos2};

use super::canvas::Sheet;
use super::clips::Parts;
use super::index::Span;
use crate::look::Tokens;

/// Least width of a part of a clip in which its name is put.
const ROOM: f32 = 24.0;

/// Width of the shade that a clip throws on what lies below it.
const SHADE: f32 = 5.0;

/// Where the clips of a row are on screen, in stacking order. Empty when none lies over another.
#[derive(Debug, Default)]
pub struct Layers(Vec<Rangef>);

impl Layers {
    /// Those of a row.
    #[must_use]
    pub fn of(sheet: &Sheet<'_>, spans: &[&Span]) -> Self {
        let mut by_start: Vec<(i64, i64)> = spans.iter().map(|span| (span.from, span.to)).collect();
        by_start.sort_unstable();
        let mut reach = i64::MIN;
        let over = by_start.into_iter().any(|(from, to)| {
            let hidden = from < reach;
            reach = reach.max(to);
            hidden
        });
        if !over {
            return Self::default();
        }
        Self(spans.iter().map(|span| Rangef::new(sheet.x(span.from), sheet.x(span.to))).collect())
    }

    /// The first part of a clip that no other covers and that has room for a name; else all of it that there is.
    #[must_use]
    pub fn seen(&self, stacked: usize, all: Rangef) -> Rangef {
        let above = self.0.get(stacked + 1..).unwrap_or_default();
        let mut from = all.min;
        while from < all.max {
            if let Some(cover) = above.iter().find(|cover| cover.min <= from && from < cover.max) {
                from = cover.max;
                continue;
            }
            let next = above.iter().map(|cover| cover.min).filter(|x| *x > from).fold(all.max, f32::min);
            if next - from >= ROOM || (from <= all.min && next >= all.max) {
                return Rangef::new(from, next);
            }
            from = next;
        }
        Rangef::new(all.max, all.max)
    }

    /// The edges of a clip that lie upon others: a line in the room's colour, and beside it a slight shade.
    pub fn seams(&self, sheet: &Sheet<'_>, stacked: usize, parts: Parts, out: &mut Vec<Shape>) {
        let below = self.0.get(..stacked).unwrap_or_default();
        let Some(own) = self.0.get(stacked) else { return };
        for (edge, outwards) in [(own.min, -1.0), (own.max, 1.0)] {
            if !below.iter().any(|other| other.min < edge && edge < other.max) {
                continue;
            }
            // The end of a clip leaves a hairline of room already: the seam stands outside both edges.
            let at = if outwards < 0.0 { edge } else { parts.all.right() };
            out.push(shade(parts.all, at, outwards, sheet.tokens));
            let x = sheet.sharp(at + if outwards < 0.0 { -1.0 } else { 0.0 });
            out.push(Shape::vline(x, parts.all.y_range(), Stroke::new(1.0, sheet.tokens.room)));
        }
    }
}

/// Dark at the edge, nothing a few points further.
fn shade(all: Rect, at: f32, outwards: f32, tokens: Tokens) -> Shape {
    let (dark, clear) = (tokens.room.gamma_multiply(0.6), tokens.room.gamma_multiply(0.0));
    let far = at + outwards * SHADE;
    let mut mesh = Mesh::default();
    for (x, colour) in [(at, dark), (far, clear)] {
        mesh.colored_vertex(pos2(x, all.top()), colour);
        mesh.colored_vertex(pos2(x, all.bottom()), colour);
    }
    mesh.add_triangle(0, 1, 2);
    mesh.add_triangle(1, 2, 3);
    Shape::mesh(mesh)
}
