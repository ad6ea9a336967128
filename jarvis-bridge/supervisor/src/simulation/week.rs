//! What befalls the sidecars in a week.

use std::ops::Range;
use std::time::Duration;

use super::world::{Blow, World};
use crate::clock::Moment;
use crate::event::Action;

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

/// Seven days.
pub(super) const WEEK: Duration = Duration::from_secs(7 * DAY);
/// `shaky` falls every four minutes; seconds of awake time.
pub(super) const SHAKY: (&str, Range<u64>) = ("shaky", 2 * DAY..2 * DAY + 3 * HOUR);
/// `coach` ends as soon as it starts.
pub(super) const CRASH_LOOP: (&str, Range<u64>) = ("coach", 4 * DAY..4 * DAY + HOUR);

/// On these days `producer` is ready after a restart, and ails before that is verified.
pub(super) const RELAPSES: [u64; 3] = [0, 3, 5];

fn at(seconds: f64) -> Moment {
    Moment::ORIGIN.after(Duration::from_secs_f64(seconds))
}

/// Plans it.
pub(super) fn plan(world: &World) {
    chance(world);
    humans(world);
    relapses(world);
    for blow in 0..44 {
        world.plan(at((SHAKY.1.start + blow * 240) as f64 + 60.0), Blow::Die("shaky"));
    }
    world.plan(at(SHAKY.1.end as f64 + 60.0), Blow::Human("shaky", Action::Start));
    world.plan(at(CRASH_LOOP.1.start as f64), Blow::Broken("coach", true));
    world.plan(at(CRASH_LOOP.1.start as f64 + 1.0), Blow::Die("coach"));
    world.plan(at(CRASH_LOOP.1.end as f64), Blow::Broken("coach", false));
    world.plan(at(CRASH_LOOP.1.end as f64 + 60.0), Blow::Human("coach", Action::Start));
    for day in 0..7 {
        let night = (day * DAY) as f64;
        // At three, as it always does; and then the machine sleeps.
        world.plan(at(night + 3.0 * HOUR as f64), Blow::Hang("producer"));
        world.plan(at(night + 4.0 * HOUR as f64), Blow::Sleep(Duration::from_secs(5 * HOUR)));
    }
    // Summer time begins, and somebody sets the clock back by a day.
    world.plan(at(1.3 * DAY as f64), Blow::Calendar(HOUR as i64));
    world.plan(at(5.6 * DAY as f64), Blow::Calendar(-(DAY as i64)));
}

/// A sidecar that is ready after its restart, and not well when that is to be verified.
fn relapses(world: &World) {
    for day in RELAPSES {
        let evening = (day * DAY + 22 * HOUR) as f64;
        world.plan(at(evening), Blow::Die("producer"));
        world.plan(at(evening + 5.0), Blow::Ail("producer", Duration::from_secs(60)));
    }
}

/// Deaths, hangs and ailments by chance, outside of the hours that are planned.
fn chance(world: &World) {
    let days = [0, 1, 3, 5, 6];
    for name in ["coach", "producer", "brain"] {
        for day in days {
            for hour in [6, 8, 14, 16, 18, 20] {
                let second = (day * DAY + hour * HOUR) as f64 + world.chance() * 1500.0;
                let blow = match (world.chance() * 4.0) as u32 {
                    0 => Blow::Hang(name),
                    1 => Blow::Ail(name, Duration::from_secs(90)),
                    _ => Blow::Die(name),
                };
                world.plan(at(second), blow);
            }
        }
    }
}

/// A human stops a sidecar just while its restart waits, and forbids all for two hours.
fn humans(world: &World) {
    for day in [0, 3, 5] {
        let noon = (day * DAY + 12 * HOUR) as f64;
        world.plan(at(noon), Blow::Die("brain"));
        world.plan(at(noon + 0.2), Blow::Human("brain", Action::Stop));
        world.plan(at(noon + 3000.0), Blow::Human("brain", Action::Start));
        world.plan(at(noon + 3300.0), Blow::Human("brain", Action::Restart));
    }
    let off = (DAY + 10 * HOUR) as f64;
    world.plan(at(off), Blow::Autonomy(false));
    world.plan(at(off + 600.0), Blow::Die("producer"));
    world.plan(at(off + 7200.0), Blow::Autonomy(true));
}
