//! A line whose weight and colour change along it, as triangles with soft edges.
//!
//! Start at [`Ribbon::add`]; [`Ribbon::end`] breaks the line.

use egui::{Color32, Mesh, Pos2, Shape, Vec2, vec2};

/// A piece of the line: one moment, or all those in a column of the screen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    pub(super) at: Pos2,
    /// Half of its height.
    pub(super) half: f32,
    pub(super) colour: Color32,
}

/// How the edges of a line are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edges {
    /// Soft, across the line: its pieces are points.
    Line,
    /// Soft, above and below: its pieces are columns.
    Columns,
    /// Hard: so many columns that nobody sees the difference.
    Hard,
}

/// The triangles so far.
#[derive(Debug)]
pub(super) struct Ribbon {
    mesh: Mesh,
    run: Vec<Piece>,
    // Width of the soft edge.
    feather: f32,
    edges: Edges,
}

impl Ribbon {
    pub(super) fn new(edges: Edges, pixels: f32) -> Self {
        Self { mesh: Mesh::default(), run: Vec::with_capacity(256), feather: 1.0 / pixels, edges }
    }

    pub(super) fn add(&mut self, piece: Piece) {
        self.run.push(piece);
    }

    /// The last piece since the line began.
    pub(super) fn last(&self) -> Option<&Piece> {
        self.run.last()
    }

    /// Ends a line.
    pub(super) fn end(&mut self) {
        if let [one] = self.run[..] {
            // What is alone is a dot.
            self.run.push(Piece { at: one.at + vec2(self.feather, 0.0), ..one });
        }
        for n in 0..self.run.len() {
            let across = if self.edges == Edges::Line { self.across(n) } else { Vec2::DOWN };
            self.cut(self.run[n], across, n > 0);
        }
        self.run.clear();
    }

    pub(super) fn shape(mut self) -> Shape {
        self.end();
        Shape::mesh(self.mesh)
    }

    /// Across the line at a piece.
    fn across(&self, n: usize) -> Vec2 {
        let before = self.run[n.saturating_sub(1)].at;
        let after = self.run[(n + 1).min(self.run.len() - 1)].at;
        let along = (after - before).normalized();
        if along == Vec2::ZERO { Vec2::DOWN } else { along.rot90() }
    }

    /// Points across the line, joined to those before.
    fn cut(&mut self, piece: Piece, across: Vec2, joined: bool) {
        let first = self.mesh.vertices.len() as u32;
        let clear = Color32::TRANSPARENT;
        let (inner, outer) = ((piece.half - self.feather / 2.0).max(0.0), piece.half + self.feather / 2.0);
        let soft = [(-outer, clear), (-inner, piece.colour), (inner, piece.colour), (outer, clear)];
        let hard = [(-piece.half, piece.colour), (piece.half, piece.colour)];
        let points: &[(f32, Color32)] = if self.edges == Edges::Hard { &hard } else { &soft };
        for (side, colour) in points {
            self.mesh.colored_vertex(piece.at + across * *side, *colour);
        }
        if !joined {
            return;
        }
        let count = points.len() as u32;
        for side in first..first + count - 1 {
            let before = side - count;
            self.mesh.add_triangle(before, before + 1, side);
            self.mesh.add_triangle(before + 1, side + 1, side);
        }
    }
}
