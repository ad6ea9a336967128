//! Processes and their answers.

use std::sync::Arc;

use super::{Blow, Process, World};
use crate::config::Identity;
use crate::deep::Readings;
use crate::probe::{Answer, Outcome, Probe, Question};
use crate::process::{Exit, Fate, Manner, Order, ProcessHost, RunId};

impl ProcessHost for World {
    fn start(&mut self, order: Order) {
        let mut inside = self.0.borrow_mut();
        let now = inside.now;
        let name = order.name.to_string();
        inside.seen.starts.push((name.clone(), now));
        let port = (order.identity == Identity::Process).then_some(order.port);
        inside.fates.push((order.run, Fate::Started { pid: 1000, port, instead: None }));
        if inside.broken.iter().any(|broken| *broken == name) {
            inside.soon(0.01, 0.3, Blow::Ends(order.run, Exit::Code(3)));
        } else {
            inside.soon(0.5, 3.0, Blow::Listens(order.run));
        }
        let process = Process { name, hangs: false, listens: false, instance: order.instance };
        inside.processes.insert(order.run, process);
    }

    fn end(&mut self, run: RunId, manner: Manner) {
        let mut inside = self.0.borrow_mut();
        let Some(hangs) = inside.processes.get(&run).map(|process| process.hangs) else { return };
        match manner {
            Manner::Gracefully if hangs => {}
            Manner::Gracefully => inside.soon(0.05, 1.0, Blow::Ends(run, Exit::Code(0))),
            Manner::AtOnce | Manner::Forced => inside.soon(0.001, 0.01, Blow::Ends(run, Exit::Signal(9))),
        }
    }

    fn fates(&mut self) -> Vec<(RunId, Fate)> {
        std::mem::take(&mut self.0.borrow_mut().fates)
    }

    fn measure(&mut self, _: Vec<(Arc<str>, u32)>) {
        self.0.borrow_mut().measured = true;
    }

    fn measured(&mut self) -> Option<Readings> {
        let cpu = Some(0.1);
        std::mem::take(&mut self.0.borrow_mut().measured).then(|| Readings { cpu, ..Readings::default() })
    }
}

impl Probe for World {
    fn ask(&mut self, question: Question) {
        let mut inside = self.0.borrow_mut();
        let (took, finding) = inside.answer(&question);
        let answer = Answer { outcome: Outcome::Found(finding), version: None, took };
        let at = inside.now.after(took);
        inside.plan(at, Blow::Answers(question.run, Box::new(answer)));
    }

    fn answers(&mut self) -> Vec<(RunId, Answer)> {
        std::mem::take(&mut self.0.borrow_mut().answers)
    }
}
