//! The bar on top, the same in every view: song, transport, position, what a worried person looks for.
//!
//! Start at [`show`]. What is shown at which width stands in `fit`, the pieces everything is painted from in `part`;
//! each group has a room of its own. Every width is fixed, so that nothing moves while numbers change.

mod fit;
mod part;
mod position;
mod recording;
pub mod reference;
mod signature;
mod song;
mod status;
mod supervisor;
mod transport;
mod typed;

use egui::{Rect, Ui, pos2};

use super::Scene;
use crate::look::Tokens;
use fit::Fit;

pub use signature::{key_menu, key_name, meter_menu};

/// Its height.
pub const HEIGHT: f32 = 56.0;

/// Draws it.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let bar = ui.max_rect();
    let fit = Fit::to(bar.width());
    let mut row = Row { rect: bar.shrink2(egui::vec2(Tokens::SPACE[2], 0.0)) };
    let left = row.take_left(fit.left());
    let right = row.take_right(fit.right());
    song::show(ui, left, &fit, scene);
    if scene.studio.work().is_some() {
        let middle = row.centred(fit.middle());
        transport::show(ui, middle, &fit, scene);
    }
    status::show(ui, right, &fit, scene);
}

/// What is left of a row while its parts take their share.
#[derive(Debug, Clone, Copy)]
struct Row {
    rect: Rect,
}

impl Row {
    fn take_left(&mut self, width: f32) -> Self {
        let rect = self.rect.with_max_x(self.rect.left() + width);
        self.rect.min.x = rect.right();
        Self { rect }
    }

    fn take_right(&mut self, width: f32) -> Self {
        let rect = self.rect.with_min_x(self.rect.right() - width);
        self.rect.max.x = rect.left();
        Self { rect }
    }

    fn centred(&self, width: f32) -> Self {
        let spare = ((self.rect.width() - width) / 2.0).max(0.0).round();
        let rect = self.rect.with_min_x(self.rect.left() + spare);
        Self { rect: rect.with_max_x(rect.left() + width) }
    }

    /// The next part, of this width and height, centred upright.
    fn part(&mut self, width: f32, height: f32) -> Rect {
        let top = (self.rect.center().y - height / 2.0).round();
        let rect =
            Rect::from_min_max(pos2(self.rect.left(), top), pos2(self.rect.left() + width, top + height));
        self.rect.min.x = rect.right();
        rect
    }

    fn space(&mut self, width: f32) {
        self.rect.min.x += width;
    }
}
