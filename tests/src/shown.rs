//! What the window shows in one frame, as it describes it itself.

use serde_json::Value;

/// Something in the window that has a name.
#[derive(Debug, Clone, PartialEq)]
pub struct Control {
    /// What a screen reader calls it.
    pub name: String,
    /// What it is: `Button`, `TextInput`, `Label`…
    pub role: String,
    /// What stands in it.
    pub value: String,
    /// Left, top, width, height in pixels.
    pub rect: [f64; 4],
    /// Whether it is switched on, for what can be.
    pub on: Option<bool>,
    /// Whether it is greyed out.
    pub disabled: bool,
    /// Whether it has the keyboard.
    pub focused: bool,
}

/// One frame, as the window describes it.
#[derive(Debug, Clone)]
pub struct Shown(pub(crate) Value);

impl Control {
    /// Whether it lies behind or before the other as a whole.
    fn covers(&self, other: &Self) -> bool {
        let [x, y] = other.centre();
        let [left, top, width, height] = self.rect;
        (left..left + width).contains(&x) && (top..top + height).contains(&y)
    }

    /// Its middle.
    pub fn centre(&self) -> [f64; 2] {
        let [left, top, width, height] = self.rect;
        [left + width / 2.0, top + height / 2.0]
    }
}

impl Shown {
    /// Frames painted since the start.
    pub fn frames(&self) -> u64 {
        self.0["frames"].as_u64().unwrap()
    }

    /// What it had been told by then since its start: mouse buttons let go (`clicks`), keys pressed (`keys`), characters
    /// (`typed`).
    pub(crate) fn told(&self, what: &str) -> u64 {
        self.0["told"][what].as_u64().unwrap()
    }

    /// When it was laid out, in nanoseconds of the monotonic clock.
    pub fn at(&self) -> u64 {
        self.0["at"].as_u64().unwrap()
    }

    /// When the first frame was laid out, by the same clock.
    pub fn first(&self) -> u64 {
        self.0["first"].as_u64().unwrap()
    }

    /// How long its layout took, in milliseconds.
    pub fn took(&self) -> f64 {
        self.0["took"].as_f64().unwrap()
    }

    /// The longest that any frame but the first few has taken, in milliseconds.
    pub fn slowest(&self) -> f64 {
        self.0["slowest"].as_f64().unwrap()
    }

    /// Where the playhead was drawn, in points from the left edge.
    pub fn playhead(&self) -> Option<f64> {
        self.0["playhead"].as_f64()
    }

    /// What the program knew when it drew.
    pub fn state(&self) -> &Value {
        &self.0["state"]
    }

    /// Everything that has a name.
    pub fn controls(&self) -> Vec<Control> {
        let text = |node: &Value, key: &str| node[key].as_str().unwrap_or_default().to_owned();
        let all = self.0["nodes"].as_array().unwrap().iter().map(|node| Control {
            name: text(node, "name"),
            role: text(node, "role"),
            value: text(node, "value"),
            rect: [0, 1, 2, 3].map(|side: usize| node["rect"][side].as_f64().unwrap()),
            on: node["on"].as_bool(),
            disabled: node["disabled"].as_bool().unwrap_or(false),
            focused: node["focused"].as_bool().unwrap_or(false),
        });
        all.collect()
    }

    /// What is called exactly `name`, or else what contains it. Controls come before texts and cards of the same name,
    /// and what is in the card on top before what lies beneath.
    pub fn find(&self, name: &str) -> Option<Control> {
        let mut controls = self.controls();
        let card = controls.iter().find(|control| control.role == "Window").cloned();
        let beneath = |control: &Control| card.as_ref().is_some_and(|card| !card.covers(control));
        controls.sort_by_key(|control| {
            let text = ["Window", "Group", "Label"].contains(&control.role.as_str());
            let [left, top, ..] = control.rect.map(|edge| edge as i64);
            (control.name != name, beneath(control), text, top, left)
        });
        controls.into_iter().find(|control| control.name.contains(name))
    }
}
