//! How everything looks: size of text, colours.

use crate::studio::Studio;
use crate::studio::command::Command;
use crate::studio::preferences::Theme;

impl Studio {
    pub(super) fn look(&mut self, command: Command) {
        let (scale, theme) = (&mut self.preferences.text_scale, &mut self.preferences.theme);
        let mut size = |by: f32| scale.0 = (scale.get() * by).clamp(0.75, 2.0);
        match command {
            Command::TextLarger => size(1.1),
            Command::TextSmaller => size(1.0 / 1.1),
            Command::ThemeDark => *theme = Theme::Dark,
            Command::ThemeLight => *theme = Theme::Light,
            Command::ThemeHighContrast => *theme = Theme::HighContrast,
            _ => return,
        }
        self.save_preferences();
    }
}
