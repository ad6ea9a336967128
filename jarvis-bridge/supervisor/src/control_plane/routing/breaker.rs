//! A circuit breaker: who failed too often in a row is left alone for a while, then tried with one request.
//!
//! Pure: it is told the time. Each [`Ticket`] is of one state, so that a call which began before the state changed decides
//! nothing about the new one.

use std::time::Duration;

use crate::clock::Moment;

/// One module's breaker.
#[derive(Debug)]
pub(super) struct Breaker {
    state: State,
    /// Failures in a row that open it.
    failures: u32,
    /// How long it stays open.
    rest: Duration,
    /// How often the state changed.
    changes: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// All may pass; so many failed in a row.
    Closed(u32),
    /// Nobody may pass before this.
    Open(Moment),
    /// One is trying it out.
    HalfOpen,
}

/// Leave to call once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ticket(u64);

impl Breaker {
    pub(super) fn new(failures: u32, rest: Duration) -> Self {
        Self { state: State::Closed(0), failures, rest, changes: 0 }
    }

    /// Leave to call, or how long there is none. Zero: another is trying it out.
    pub(super) fn enter(&mut self, now: Moment) -> Result<Ticket, Duration> {
        match self.state {
            State::Closed(_) => {}
            State::Open(until) if now < until => return Err(until.since(now)),
            State::Open(_) => self.turn(State::HalfOpen),
            State::HalfOpen => return Err(Duration::ZERO),
        }
        Ok(Ticket(self.changes))
    }

    /// It answered.
    pub(super) fn succeeded(&mut self, ticket: Ticket) {
        if ticket == Ticket(self.changes) {
            match &mut self.state {
                State::Closed(failures) => *failures = 0,
                State::Open(_) | State::HalfOpen => self.turn(State::Closed(0)),
            }
        }
    }

    /// It did not answer as it should.
    pub(super) fn failed(&mut self, ticket: Ticket, now: Moment) {
        if ticket == Ticket(self.changes) {
            match &mut self.state {
                State::Closed(failures) if *failures + 1 < self.failures => *failures += 1,
                _ => self.turn(State::Open(now.after(self.rest))),
            }
        }
    }

    /// Nobody will tell how it went: the next may try.
    pub(super) fn abandoned(&mut self, ticket: Ticket, now: Moment) {
        if ticket == Ticket(self.changes) && self.state == State::HalfOpen {
            self.turn(State::Open(now));
        }
    }

    fn turn(&mut self, state: State) {
        self.state = state;
        self.changes += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REST: Duration = Duration::from_secs(10);

    /// Opened at the origin by three failures in a row.
    fn opened() -> Breaker {
        let mut breaker = Breaker::new(3, REST);
        for _ in 0..3 {
            let ticket = breaker.enter(Moment::ORIGIN).unwrap();
            breaker.failed(ticket, Moment::ORIGIN);
        }
        breaker
    }

    #[test]
    fn failures_in_a_row_open_it_and_others_do_not() {
        // Seen red: with a success that does not set the count back, and with `<=` for the last failure.
        let mut breaker = Breaker::new(3, REST);
        for outcome in [false, false, true, false, false] {
            let ticket = breaker.enter(Moment::ORIGIN).unwrap();
            if outcome { breaker.succeeded(ticket) } else { breaker.failed(ticket, Moment::ORIGIN) }
        }
        let ticket = breaker.enter(Moment::ORIGIN).unwrap();
        breaker.failed(ticket, Moment::ORIGIN);
        assert_eq!(breaker.enter(Moment::ORIGIN), Err(REST));
        assert_eq!(breaker.enter(Moment::ORIGIN.after(REST / 4)), Err(REST / 4 * 3));
    }

    #[test]
    fn after_its_rest_exactly_one_tries_it() {
        // Seen red: with HalfOpen letting everybody pass.
        let later = Moment::ORIGIN.after(REST);
        for answered in [true, false] {
            let mut breaker = opened();
            let ticket = breaker.enter(later).unwrap();
            for _ in 0..100 {
                assert_eq!(breaker.enter(later.after(REST)), Err(Duration::ZERO));
            }
            if answered {
                breaker.succeeded(ticket);
                assert!(breaker.enter(later).is_ok() && breaker.enter(later).is_ok());
            } else {
                breaker.failed(ticket, later);
                assert_eq!(breaker.enter(later), Err(REST));
            }
        }
    }

    #[test]
    fn a_trial_that_nobody_ends_frees_its_place() {
        // Seen red: with `abandoned` doing nothing.
        let later = Moment::ORIGIN.after(REST);
        let mut breaker = opened();
        let ticket = breaker.enter(later).unwrap();
        breaker.abandoned(ticket, later);
        assert!(breaker.enter(later).is_ok() && breaker.enter(later).is_err());
    }

    #[test]
    fn what_began_earlier_decides_nothing_later() {
        // Seen red: with tickets not compared.
        let later = Moment::ORIGIN.after(REST);
        let mut breaker = Breaker::new(1, REST);
        let (slow, slower) = (breaker.enter(Moment::ORIGIN).unwrap(), breaker.enter(Moment::ORIGIN).unwrap());
        let first = breaker.enter(Moment::ORIGIN).unwrap();
        breaker.failed(first, Moment::ORIGIN);
        breaker.succeeded(slow);
        assert_eq!(breaker.enter(Moment::ORIGIN), Err(REST), "an old success does not close it");
        let trial = breaker.enter(later).unwrap();
        breaker.failed(slower, later);
        breaker.abandoned(slower, later);
        assert_eq!(breaker.enter(later), Err(Duration::ZERO), "an old failure does not end the trial");
        breaker.succeeded(trial);
        assert!(breaker.enter(later).is_ok());
    }
}
