//! One part of a longer job, with its share of the progress.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use dawg_media::Progress;

/// How often the whole looks at its part.
const STEP: Duration = Duration::from_millis(25);

/// Does work that fills `share` of `whole` after what `whole` has done. The part's own figures may be in any unit.
/// Cancelling the whole cancels the part.
pub(super) fn part<T>(whole: &Progress, share: u64, work: impl FnOnce(&Progress) -> T) -> T {
    let (before, inner) = (whole.done(), Progress::new());
    let follow = || {
        if whole.is_cancelled() {
            inner.cancel();
        }
        let fraction = f64::from(inner.fraction().unwrap_or(0.0));
        whole.set_done(before + (fraction * share as f64) as u64);
    };
    // A part that starts after the cancel must not wait for the first look.
    follow();
    let result = std::thread::scope(|scope| {
        let (done, ended) = channel::<()>();
        scope.spawn(move || {
            while ended.recv_timeout(STEP) == Err(RecvTimeoutError::Timeout) {
                follow();
            }
        });
        let result = work(&inner);
        drop(done);
        result
    });
    whole.set_done(before + share);
    result
}
