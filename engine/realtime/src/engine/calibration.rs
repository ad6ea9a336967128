//! Measuring the round trip while the engine runs on its device.

use super::Engine;
use crate::calibrate::{Calibration, CalibrationError, Measured};
use crate::processor::command::Command;

impl Engine {
    /// Begins to measure the round trip through hardware input `input` (from 1): some four seconds, in which nothing
    /// but the test signal is heard. [`tick`](Self::tick) looks after it; [`calibrated`](Self::calibrated) has the
    /// outcome. Wait for [`ready`](Self::ready) first.
    ///
    /// # Errors
    /// When the device has no such input, the song rolls, or a measurement runs.
    pub fn calibrate(&mut self, input: u16) -> Result<(), CalibrationError> {
        let has = self.device.format().inputs;
        if input == 0 || input > has {
            return Err(CalibrationError::NoInput { wanted: input, has });
        }
        if self.calibration.is_some() {
            return Err(CalibrationError::Running);
        }
        let playhead = self.playhead();
        if playhead.rolling || playhead.counting_in || playhead.recording {
            return Err(CalibrationError::Rolling);
        }
        let (calibration, run) = Calibration::begin(input, self.session.sample_rate);
        self.calibration = Some(calibration);
        self.send(Command::Measure(run));
        Ok(())
    }

    /// Share of the running measurement that is done, 0 to 1.
    #[must_use]
    pub fn calibrating(&self) -> Option<f32> {
        self.calibration.as_ref().map(Calibration::progress)
    }

    /// Ends the running measurement; its outcome is then [`CalibrationError::Cancelled`].
    pub fn cancel_calibration(&self) {
        if let Some(calibration) = &self.calibration {
            calibration.cancel();
        }
    }

    /// What the measurement came to, once; none while it runs.
    pub fn calibrated(&mut self) -> Option<Result<Measured, CalibrationError>> {
        let outcome = self.calibration.as_ref()?.outcome()?;
        self.calibration = None;
        Some(outcome)
    }
}
