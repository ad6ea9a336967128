//! The round trip measured from the window: begun here, looked after with the engine, kept when it is done.

use super::SoundEvent;
use super::device::sentence;
use super::thread::SoundThread;
use crate::calibration::Calibration;

impl SoundThread {
    /// Begins a measurement through this input, or ends the one that runs.
    pub(super) fn calibrate(&mut self, input: Option<u16>) {
        let Some(engine) = &mut self.engine else {
            let why = "There is no sound device. Open one in the audio settings and try again.".to_owned();
            return self.tell(SoundEvent::Calibrated(Err(why)));
        };
        let Some(input) = input else { return engine.cancel_calibration() };
        match engine.calibrate(input) {
            Ok(()) => self.readout.calibrating = Some(0.0),
            Err(error) => {
                let why = sentence(&error.to_string());
                self.tell(SoundEvent::Calibrated(Err(why)));
            }
        }
    }

    /// Why the song cannot roll now, if noise is being played and listened to.
    pub(super) fn measures(&self) -> Option<String> {
        let measures = self.engine.as_ref().is_some_and(|engine| engine.calibrating().is_some());
        let why = "The round trip is being measured. Wait a few seconds, or stop the measurement.";
        measures.then(|| why.to_owned())
    }

    /// The device goes in the middle of a measurement.
    pub(super) fn break_off_calibration(&mut self) {
        if self.readout.calibrating.take().is_some() {
            let why = "The device was closed before the measurement was through. Open it and try again.";
            self.tell(SoundEvent::Calibrated(Err(why.to_owned())));
        }
    }

    /// Takes in what a measurement has come to.
    pub(super) fn follow_calibration(&mut self) {
        let Some(engine) = &mut self.engine else { return };
        self.readout.calibrating = engine.calibrating();
        let Some(outcome) = engine.calibrated() else { return };
        self.readout.calibrating = None;
        let outcome = outcome.map_err(|error| sentence(&error.to_string()));
        if let Ok(measured) = &outcome {
            let rate = engine.session().sample_rate;
            let found = Calibration::new(engine.format(), rate, engine.driver_latency(), measured);
            if let Err(error) = self.figures.change(|all| all.put(found)) {
                self.tell(SoundEvent::Trouble(unkept(&error)));
            }
        }
        self.tell(SoundEvent::Calibrated(outcome));
        self.look_again();
    }

    /// Goes back to the driver's own figures for the device as it is open.
    pub(super) fn forget_calibration(&mut self) {
        let Some(engine) = &self.engine else { return };
        let format = engine.format().clone();
        if let Err(error) = self.figures.change(|all| _ = all.forget(&format)) {
            self.tell(SoundEvent::Trouble(unkept(&error)));
        }
        self.look_again();
    }
}

fn unkept(error: &anyhow::Error) -> String {
    sentence(&format!("what was measured holds until the program ends, but could not be kept ({error:#})"))
}
