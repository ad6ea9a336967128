//! Notices: what happened, what is safe, what to do.

use super::action::Action;

/// How grave a notice is. Told by shape and word as well as colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gravity {
    /// Good to know; goes by itself.
    Told,
    /// Look here; stays.
    Attention,
    /// Something failed; stays.
    Failed,
}

/// One notice.
#[derive(Debug, Clone)]
pub struct Notice {
    /// Its number.
    pub id: u64,
    /// How grave.
    pub gravity: Gravity,
    /// What happened, in a few words.
    pub title: String,
    /// What is safe and what to do.
    pub detail: String,
    /// What can be done about it, as buttons.
    pub offers: Vec<(String, Action)>,
    /// When it was first told.
    pub at: std::time::Instant,
}

/// Those in sight.
#[derive(Debug, Default)]
pub struct Notices {
    list: Vec<Notice>,
    next: u64,
    /// Failures that nobody has reported yet: title and detail.
    failed: Vec<(String, String)>,
}

impl Notices {
    /// What is in sight, oldest first.
    #[must_use]
    pub fn list(&self) -> &[Notice] {
        &self.list
    }

    /// Tells something. The same title and detail is not told twice.
    pub fn tell(&mut self, gravity: Gravity, title: impl Into<String>, detail: impl Into<String>) {
        self.offer(gravity, title, detail, Vec::new());
    }

    /// Tells something that can be acted on.
    pub fn offer(
        &mut self,
        gravity: Gravity,
        title: impl Into<String>,
        detail: impl Into<String>,
        offers: Vec<(String, Action)>,
    ) {
        let (title, detail) = (title.into(), detail.into());
        if self.list.iter().any(|notice| notice.title == title && notice.detail == detail) {
            return;
        }
        if gravity == Gravity::Failed {
            self.failed.push((title.clone(), detail.clone()));
        }
        self.next += 1;
        let at = std::time::Instant::now();
        self.list.push(Notice { id: self.next, gravity, title, detail, offers, at });
    }

    /// What failed since this was last asked: title and detail.
    pub fn failures(&mut self) -> Vec<(String, String)> {
        std::mem::take(&mut self.failed)
    }

    /// Lets go what was told under titles that begin so: something newer is to be told in its place.
    pub fn forget_told(&mut self, title: &str) {
        self.list.retain(|notice| notice.gravity != Gravity::Told || !notice.title.starts_with(title));
    }

    /// Lets go what was told under this title, whatever its gravity: it has been settled.
    pub fn settle(&mut self, title: &str) {
        self.list.retain(|notice| notice.title != title);
    }

    /// Takes one out of sight.
    pub fn dismiss(&mut self, id: u64) {
        self.list.retain(|notice| notice.id != id);
    }

    /// Lets those go that go by themselves. Returns when the next one will.
    pub fn age(&mut self) -> Option<std::time::Duration> {
        const SHOWN: std::time::Duration = std::time::Duration::from_secs(6);
        self.list.retain(|notice| notice.gravity != Gravity::Told || notice.at.elapsed() < SHOWN);
        let told = self.list.iter().filter(|notice| notice.gravity == Gravity::Told);
        told.map(|notice| SHOWN.saturating_sub(notice.at.elapsed())).min()
    }
}
