//! Running a Plan's steps over the scratch buffers.
//!
//! Buffers are taken out of their places while a step uses them (an empty box stands in; nothing is allocated),
//! so that a step can hold several at once without aliasing.

use dawg_dsp::level::Level;
use dawg_dsp::mix;
use dawg_plugins::{Audio, Events, Process, TransportView};

use super::Processor;
use super::source::SourceBlock;
use crate::installation::{Scratch, Slot};
use crate::plan::{Before, MAX_CHANNELS, Plan, Span, Step};

type Planes = [Box<[f32]>; MAX_CHANNELS];

impl Processor {
    pub(super) fn run_schedule(&mut self, input: &[&[f32]], from: usize, frames: usize) {
        let mut inputs: [&[f32]; 32] = [&[]; 32];
        let heard = input.len().min(inputs.len());
        for (slot, channel) in inputs.iter_mut().zip(input) {
            *slot = &channel[from..from + frames];
        }
        self.cue.begin();
        let (me, beat) = self.cue.gains();
        let block = SourceBlock {
            position: self.transport.position,
            frames,
            rolling: self.transport.rolling(),
            recording: self.punched(),
            edge: self.transport.edge(),
            input: &inputs[..heard],
            me,
            beat,
        };
        let fade = (self.retiring.as_ref().map(|(_, done)| *done), self.transport.fade_frames());
        let former = self.retiring.as_ref().map(|(installation, _)| &installation.plan);
        let mut missed = 0;
        for step in &self.current.plan.steps {
            match step {
                Step::Source { slot, timeline, before, out } => {
                    let Some(Slot::Source(source)) = slot_in(&mut self.table, slot.0) else { continue };
                    let before = match (fade.0, before) {
                        (Some(at), Before::New) => Some((None, at, fade.1)),
                        (Some(at), Before::Changed(index)) => {
                            Some((former.and_then(|plan| timeline_of(plan, *index)), at, fade.1))
                        }
                        _ => None,
                    };
                    let mut planes = take(&mut self.scratch, *out);
                    let mut spare = std::mem::take(&mut self.scratch.spare);
                    let mut out_slices = slices_mut(&mut planes, frames);
                    let outs = &mut out_slices[..usize::from(out.channels)];
                    missed += source.process(&block, timeline, before, &mut spare, outs).frames;
                    self.scratch.spare = spare;
                    give_back(&mut self.scratch, *out, planes);
                    if let Some(through) = source.heard() {
                        self.cue.follow(*out, through);
                    }
                }
                Step::Node { slot, input, output } => {
                    let Some(slot) = slot_in(&mut self.table, slot.0) else { continue };
                    run_node(
                        slot,
                        &block,
                        &mut self.scratch,
                        *input,
                        *output,
                        self.meters.then_some(self.rate),
                    );
                    self.cue.passed(*input, *output);
                }
                Step::Compensate { slot, source, input, output } => {
                    // The source's step came before.
                    let monitored = match slot_in(&mut self.table, source.0) {
                        Some(Slot::Source(source)) => {
                            source.heard().is_some_and(|through| through.target() > 0.0)
                        }
                        _ => false,
                    };
                    let Some(slot) = slot_in(&mut self.table, slot.0) else { continue };
                    compensate(slot, monitored, &mut self.scratch, (*input, *output), frames);
                    self.cue.passed(*input, *output);
                }
                Step::ClearSum { sum } => {
                    for sum in part_mut(&mut self.scratch.sums, *sum) {
                        sum[..frames].fill(0.0);
                    }
                }
                Step::Accumulate { sum, input } => {
                    let planes = part(&self.scratch.planes, *input);
                    for (sum, plane) in part_mut(&mut self.scratch.sums, *sum).iter_mut().zip(planes) {
                        mix::accumulate(&mut sum[..frames], &plane[..frames]);
                    }
                    self.cue.join(*input, planes, frames);
                }
                Step::RoundSum { sum, output } => {
                    let planes = part_mut(&mut self.scratch.planes, *output);
                    for (plane, sum) in planes.iter_mut().zip(part(&self.scratch.sums, *sum)) {
                        mix::round_into(&mut plane[..frames], &sum[..frames]);
                    }
                }
            }
        }
        if missed > 0 {
            self.vitals.missed(missed);
        }
    }
}

fn part<T>(buffers: &[T], span: Span) -> &[T] {
    &buffers[span.first as usize..][..usize::from(span.channels)]
}

fn part_mut<T>(buffers: &mut [T], span: Span) -> &mut [T] {
    &mut buffers[span.first as usize..][..usize::from(span.channels)]
}

fn slot_in(table: &mut [Option<Box<Slot>>], index: u32) -> Option<&mut Slot> {
    table.get_mut(index as usize)?.as_deref_mut()
}

fn timeline_of(plan: &Plan, index: u32) -> Option<&crate::timeline::Timeline> {
    match plan.steps.get(index as usize) {
        Some(Step::Source { timeline, .. }) => Some(timeline),
        _ => None,
    }
}

fn run_node(
    slot: &mut Slot,
    block: &SourceBlock<'_>,
    scratch: &mut Scratch,
    input: Span,
    output: Span,
    metered_at: Option<u32>,
) {
    let Slot::Node { node, events, meter } = slot else { return };
    let ins = take(scratch, input);
    let mut outs = take(scratch, output);
    let in_slices = slices(&ins, block.frames);
    let mut out_slices = slices_mut(&mut outs, block.frames);
    let process = Process {
        transport: TransportView {
            position: block.position,
            rolling: block.rolling,
            recording: block.recording,
        },
        events: events.as_slice(),
        frames: block.frames,
    };
    let mut audio = Audio {
        inputs: &in_slices[..usize::from(input.channels)],
        outputs: &mut out_slices[..usize::from(output.channels)],
    };
    // Nobody listens to nodes' own events yet; the room is empty and costs nothing.
    node.process(&process, &mut audio, &mut Events::with_capacity(0));
    events.clear();
    if let (Some(meter), Some(rate)) = (meter, metered_at) {
        for (side, plane) in outs.iter().take(usize::from(output.channels)).enumerate() {
            meter.add(side, Level::of(&plane[..block.frames]), rate);
        }
    }
    give_back(scratch, input, ins);
    give_back(scratch, output, outs);
}

fn compensate(
    slot: &mut Slot,
    monitored: bool,
    scratch: &mut Scratch,
    (input, output): (Span, Span),
    frames: usize,
) {
    let Slot::Compensation(delay) = slot else { return };
    let ins = take(scratch, input);
    let mut outs = take(scratch, output);
    let in_slices = slices(&ins, frames);
    let mut out_slices = slices_mut(&mut outs, frames);
    let channels = usize::from(output.channels);
    delay.process(monitored, &in_slices[..usize::from(input.channels)], &mut out_slices[..channels]);
    give_back(scratch, input, ins);
    give_back(scratch, output, outs);
}

fn take(scratch: &mut Scratch, span: Span) -> Planes {
    let mut taken = Planes::default();
    for (slot, place) in taken.iter_mut().zip(part_mut(&mut scratch.planes, span)) {
        *slot = std::mem::take(place);
    }
    taken
}

fn give_back(scratch: &mut Scratch, span: Span, mut taken: Planes) {
    for (slot, place) in taken.iter_mut().zip(part_mut(&mut scratch.planes, span)) {
        *place = std::mem::take(slot);
    }
}

fn slices(planes: &Planes, frames: usize) -> [&[f32]; MAX_CHANNELS] {
    planes.each_ref().map(|plane| &plane[..frames.min(plane.len())])
}

fn slices_mut(planes: &mut Planes, frames: usize) -> [&mut [f32]; MAX_CHANNELS] {
    planes.each_mut().map(|plane| {
        let frames = frames.min(plane.len());
        &mut plane[..frames]
    })
}
