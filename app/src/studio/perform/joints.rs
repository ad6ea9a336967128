//! Swipes on their way: how their joints are to fade is found out by a worker, since it reads files; then they are
//! done, in the order in which they were made.
//!
//! Start at `Studio::swipe`. What is shown meanwhile is the gesture's preview.

use std::collections::VecDeque;
use std::sync::Arc;

use dawg_engine::joints::joint_shape;
use dawg_session::{FadeShape, Joint};

use super::super::Studio;
use super::super::notice::Gravity;
use super::super::view::Swipe;
use super::comps;
use crate::jobs::{Listed, Outcome};

/// Song frames of new boundaries, with the shape of each joint.
pub(crate) type Shapes = Vec<(i64, FadeShape)>;

/// Swipes whose joints are being looked at, oldest first.
#[derive(Debug, Default)]
pub(in crate::studio) struct Swiping {
    count: u64,
    queue: VecDeque<Waiting>,
}

#[derive(Debug)]
struct Waiting {
    number: u64,
    swipe: Swipe,
    shapes: Option<Shapes>,
}

impl Swiping {
    /// The newest.
    pub(super) fn last(&self) -> Option<&Swipe> {
        self.queue.back().map(|waiting| &waiting.swipe)
    }
}

impl Studio {
    /// Whether a swipe waits for its joints.
    #[must_use]
    pub fn is_swiping(&self) -> bool {
        !self.swiping.queue.is_empty()
    }

    /// Makes a swipe, once it is known how it is to be joined: one step of history.
    pub(super) fn swipe(&mut self, swipe: &Swipe) {
        let Some(work) = self.work() else { return };
        let (session, audio) = (Arc::clone(work.committed()), work.audio_folder());
        if comps::swiped(&session, swipe, FadeShape::EqualPower).is_none() && !self.is_swiping() {
            return self.cancel_preview();
        }
        self.swiping.count += 1;
        let number = self.swiping.count;
        self.swiping.queue.push_back(Waiting { number, swipe: *swipe, shapes: None });
        let seams = comps::seams(&session, swipe);
        let track = swipe.track;
        self.jobs.start("Join takes", Listed::Hidden, move |_| {
            let length = Joint::usual(session.sample_rate, FadeShape::EqualPower).length;
            let shape = |(lanes, at): &((_, _), dawg_session::Samples)| {
                let track = session.track(track)?;
                // A file that cannot be read is told of where it is drawn and played.
                let shape = joint_shape(&session, &audio, track, *lanes, *at, length).ok()?;
                Some((at.0, shape))
            };
            Outcome::Jointed { number, shapes: seams.iter().filter_map(shape).collect() }
        });
    }

    /// The joints of a swipe are known.
    pub(in crate::studio) fn jointed(&mut self, number: u64, shapes: Shapes) {
        if let Some(waiting) = self.swiping.queue.iter_mut().find(|waiting| waiting.number == number) {
            waiting.shapes = Some(shapes);
        }
        while let Some(waiting) = self.swiping.queue.pop_front_if(|waiting| waiting.shapes.is_some()) {
            self.make_swipe(&waiting.swipe, &waiting.shapes.unwrap_or_default());
        }
    }

    /// Nobody waits any longer for joints: what is swiped is done as takes are usually joined.
    pub(in crate::studio) fn finish_swipes(&mut self) {
        while let Some(waiting) = self.swiping.queue.pop_front() {
            self.make_swipe(&waiting.swipe, &waiting.shapes.unwrap_or_default());
        }
    }

    fn make_swipe(&mut self, swipe: &Swipe, shapes: &[(i64, FadeShape)]) {
        let Some(session) = self.work().map(|work| Arc::clone(work.committed())) else { return };
        let Some((label, edits)) = comps::swiped(&session, swipe, FadeShape::EqualPower) else {
            return self.cancel_preview();
        };
        if !self.edit(&label, comps::with_shapes(edits, shapes)) {
            return;
        }
        let Some((_, lane)) = comps::lane_of(&session, swipe.lane) else { return };
        if !swipe.erase && !comps::sounds(&session, lane, swipe.from, swipe.to) {
            let range = comps::range_words(&session, swipe.from, swipe.to);
            self.notices.forget_told("There is nothing");
            self.notices.tell(
                Gravity::Told,
                format!("There is nothing on “{}” at {range}", lane.name),
                "The comp is silent there. Undo, or swipe another take.",
            );
        }
    }
}
