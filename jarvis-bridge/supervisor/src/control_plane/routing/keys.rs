//! Idempotency keys: what was asked under a key, and what was answered, so that asking again does nothing again.
//!
//! In memory, for a while, and at most so many: a new owner knows none. Keys are of one client each; another's are others.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::reply::Reply;
use crate::clock::Moment;

/// At most so many keys ...
const MOST: usize = 1000;
/// ... and so many bytes of answers are kept; the oldest go first.
const LARGEST: usize = 32_000_000;

/// The keys that are known.
#[derive(Debug, Clone)]
pub(super) struct Keys {
    known: Arc<Mutex<BTreeMap<Name, Entry>>>,
    keep: Duration,
}

/// Whose, and which.
type Name = (String, String);

#[derive(Debug)]
struct Entry {
    /// What was asked under it.
    asked: [u8; 32],
    /// When it was last asked or answered.
    at: Moment,
    state: State,
}

#[derive(Debug)]
enum State {
    UnderWay,
    /// It was asked, and no answer came: it may be asked again.
    Unanswered,
    Answered(Reply),
}

/// What is known of a key.
#[derive(Debug)]
pub(super) enum Known {
    /// Nothing: go on, and tell with this how it went.
    New(Claim),
    /// It is being done.
    UnderWay,
    /// Something else was asked under it.
    Other,
    /// It was done.
    Answered(Reply),
    /// Too much is under way to remember one more.
    Full,
}

/// A key that is under way. Dropped without an answer, it may be asked again.
#[derive(Debug)]
pub(super) struct Claim {
    keys: Keys,
    name: Name,
    answered: bool,
}

impl Keys {
    pub(super) fn new(keep: Duration) -> Self {
        Self { known: Arc::default(), keep }
    }

    /// What is known of `key` of the client `who`, who asks for `asked` now.
    pub(super) fn claim(&self, who: &str, key: &str, asked: &Value, now: Moment) -> Known {
        let digest = Sha256::digest(asked.to_string()).into();
        let name = (who.to_owned(), key.to_owned());
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, entry| entry.is_under_way() || now.since(entry.at) < self.keep);
        match known.get_mut(&name) {
            Some(entry) if entry.asked != digest => return Known::Other,
            Some(Entry { state: State::UnderWay, .. }) => return Known::UnderWay,
            Some(Entry { state: State::Answered(reply), .. }) => return Known::Answered(reply.clone()),
            Some(entry) => (entry.state, entry.at) = (State::UnderWay, now),
            None => {
                while known.len() >= MOST {
                    if !drop_oldest(&mut known) {
                        return Known::Full;
                    }
                }
                known.insert(name.clone(), Entry { asked: digest, at: now, state: State::UnderWay });
            }
        }
        Known::New(Claim { keys: self.clone(), name, answered: false })
    }

    fn end(&self, name: &Name, state: State, now: Option<Moment>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = known.get_mut(name) {
            (entry.state, entry.at) = (state, now.unwrap_or(entry.at));
        }
        while known.values().map(Entry::bytes).sum::<usize>() > LARGEST && drop_oldest(&mut known) {}
    }
}

impl Entry {
    fn is_under_way(&self) -> bool {
        matches!(self.state, State::UnderWay)
    }

    fn bytes(&self) -> usize {
        if let State::Answered(reply) = &self.state { reply.bytes() } else { 0 }
    }
}

/// False if all are under way.
fn drop_oldest(known: &mut BTreeMap<Name, Entry>) -> bool {
    let over = known.iter().filter(|(_, entry)| !entry.is_under_way());
    let oldest = over.min_by_key(|(_, entry)| entry.at).map(|(name, _)| name.clone());
    oldest.is_some_and(|name| known.remove(&name).is_some())
}

impl Claim {
    /// It was done, and this is what is said of it from now on.
    pub(super) fn answered(mut self, reply: Reply, now: Moment) {
        self.keys.end(&self.name, State::Answered(reply), Some(now));
        self.answered = true;
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if !self.answered {
            self.keys.end(&self.name, State::Unanswered, None);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const KEEP: Duration = Duration::from_secs(60);

    fn reply(text: &str) -> Reply {
        Reply::answer(&json!(text))
    }

    #[test]
    fn the_same_is_answered_once_and_something_else_refused() {
        // Seen red: with digests not compared, and with keys of all clients in one.
        let keys = Keys::new(KEEP);
        let now = Moment::ORIGIN;
        let ask = |who: &str, params: Value| keys.claim(who, "k", &json!({ "params": params }), now);
        let Known::New(claim) = ask("cli", json!({"a": 1, "b": 2})) else { panic!("it is new") };
        assert!(matches!(ask("cli", json!({"a": 1, "b": 2})), Known::UnderWay));
        claim.answered(reply("done"), now);
        let Known::Answered(again) = ask("cli", json!({"b": 2, "a": 1})) else { panic!("it was answered") };
        assert_eq!(again, reply("done"));
        assert!(matches!(ask("cli", json!({"a": 1})), Known::Other));
        assert!(matches!(ask("panel", json!({"a": 1})), Known::New(_)));
    }

    #[test]
    fn what_was_not_answered_may_be_asked_again_and_only_that() {
        // Seen red: with the key forgotten when no answer came.
        let keys = Keys::new(KEEP);
        drop(keys.claim("cli", "k", &json!(1), Moment::ORIGIN));
        assert!(matches!(keys.claim("cli", "k", &json!(2), Moment::ORIGIN), Known::Other));
        assert!(matches!(keys.claim("cli", "k", &json!(1), Moment::ORIGIN), Known::New(_)));
    }

    #[test]
    fn it_forgets_what_is_old_and_never_grows() {
        // Seen red: without `retain`, and without a bound of the bytes.
        let keys = Keys::new(KEEP);
        let answer = |key: &str, text: &str, now| {
            let Known::New(claim) = keys.claim("cli", key, &json!(1), now) else { panic!("{key} is new") };
            claim.answered(reply(text), now);
        };
        answer("k", "done", Moment::ORIGIN);
        answer("k", "done", Moment::ORIGIN.after(KEEP));
        let later = Moment::ORIGIN.after(KEEP * 3);
        for number in 0..3 * MOST {
            answer(&number.to_string(), "done", later);
        }
        assert_eq!(keys.known.lock().unwrap().len(), MOST);
        for number in 0..20 {
            let now = later.after(Duration::from_secs(1));
            let Known::New(claim) = keys.claim("cli", &format!("large {number}"), &json!(1), now) else {
                panic!("it is new")
            };
            claim.answered(Reply::of(vec![b'x'; 4_000_000]), now);
        }
        let bytes: usize = keys.known.lock().unwrap().values().map(Entry::bytes).sum();
        assert!(bytes <= LARGEST, "{bytes}");
        let claims: Vec<_> =
            (0..=MOST).map(|one| keys.claim("b", &one.to_string(), &json!(1), later)).collect();
        assert!(matches!(claims.last(), Some(Known::Full)));
    }
}
