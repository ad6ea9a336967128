//! What others ask of the loop, and what they tell it.

use super::watched::Watched;
use super::{ControlLoop, Refusal, Request, Target};
use crate::by::By;
use crate::control_plane::trace::{Kind, Span};
use crate::event::Action;
use crate::gauge::Gauge;
use crate::latency::Sample;
use crate::running::End;
use crate::stream::News;
use crate::usage::{Refused, Told, Usage};

impl ControlLoop {
    pub(super) fn hear_requests(&mut self) {
        let requests: Vec<Request> = self.requests.try_iter().collect();
        for request in requests {
            // Whoever asked may not wait for the answer.
            match request {
                Request::Status(answer) => {
                    let now = self.parts.clock.now();
                    let _ = answer.send(self.sidecars.iter().map(|sidecar| sidecar.status(now)).collect());
                }
                Request::Rounds(answer) => _ = answer.send(self.rounds()),
                Request::Act(target, action, by, answer) => _ = answer.send(self.act(&target, action, &by)),
                Request::Autonomy(on, by, answer) => {
                    if let Some(on) = on {
                        self.flip(on, by);
                    }
                    let _ = answer.send(self.switch.clone());
                }
                Request::Gauges(gauges) => self.gauged(gauges),
                Request::ReadGauges(answer) => _ = answer.send(self.gauges.all().cloned().collect()),
                Request::Usage(used, answer) => _ = answer.send(self.used(used)),
                Request::Alerts(answer) => _ = answer.send(self.alerts.open()),
                Request::Acknowledge(id, by, answer) => _ = answer.send(self.acknowledge(id, by)),
                Request::Checks(answer) => _ = answer.send(self.checks()),
                Request::Routed(service, sample) => self.routed(&service, sample),
                Request::Audit(record) => self.parts.audit.append(record),
                Request::Address(name, answer) => {
                    let found = self.sidecars.iter().find(|sidecar| sidecar.name() == name);
                    let _ = answer.send(found.and_then(Watched::address));
                }
                Request::Shutdown => self.closing = Some(End::Asked),
                Request::Leave => _ = self.closing.get_or_insert(End::Left),
            }
        }
    }

    /// Does what a human asked for.
    fn act(&mut self, target: &Target, action: Action, by: &By) -> Result<(), Refusal> {
        let mut span = Span::begin("act", Kind::Internal, by.parent);
        span.note("dawg.action", || format!("{action:?}").to_lowercase());
        span.note("dawg.target", || target.name().to_owned());
        span.note("dawg.who", || by.who.clone());
        if self.closing.is_some() {
            return Err(Refusal::Ending);
        }
        let name = match target {
            Target::All => {
                let held = action != Action::Start;
                self.each(|sidecar, turn| {
                    // One that runs already is what was asked for; who is needed by others is stopped after them.
                    sidecar.wish(turn, action, by, held);
                });
                return Ok(());
            }
            Target::One(name) => name,
        };
        let Some(at) = self.sidecars.iter().position(|sidecar| sidecar.name() == name) else {
            let known = self.sidecars.iter().map(|sidecar| sidecar.name().to_owned()).collect();
            return Err(Refusal::Unknown { name: name.clone(), known });
        };
        let done = self.nth(at, |sidecar, turn| sidecar.wish(turn, action, by, false)).unwrap_or(false);
        if done { Ok(()) } else { Err(Refusal::Runs { name: name.clone() }) }
    }

    /// The newest values count; who has not said anything new keeps the old.
    pub(super) fn gauged(&mut self, gauges: Vec<Gauge>) {
        let (now, wall) = (self.parts.clock.now(), self.parts.clock.wall());
        for unfit in self.gauges.report(now, wall, gauges) {
            tracing::warn!(%unfit, "a gauge is refused");
        }
        self.publish_gauges();
    }

    fn used(&mut self, used: Vec<Usage>) -> Told {
        let (mut fit, mut refused) = (Vec::with_capacity(used.len()), Vec::new());
        for one in used {
            match one.fit() {
                Ok(()) => fit.push(one),
                Err(why) => refused.push(Refused { id: one.id, why }),
            }
        }
        let kept = self.parts.store.usage(&fit);
        for one in kept.new {
            self.parts.hub.publish(&News::Usage(one));
        }
        Told { kept: kept.ids, refused }
    }

    fn routed(&mut self, service: &str, sample: Sample) {
        let wall = self.parts.clock.wall();
        self.parts.store.sample(wall, service, sample);
    }
}
