//! Denormals off: a decaying tail of denormal numbers costs a hundred times a normal one.
//!
//! Start at [`DenormalsOff::on_this_thread`], held by every thread that processes audio. Real-time safe.
#![allow(unsafe_code, reason = "the floating-point control register can only be set by intrinsics")]

/// While it lives, this thread rounds denormals to zero (FTZ and DAZ on x86-64, FZ on AArch64; elsewhere
/// nothing happens).
#[derive(Debug)]
pub struct DenormalsOff {
    before: u64,
    // The register belongs to the thread that set it.
    _not_send: std::marker::PhantomData<*mut ()>,
}

impl DenormalsOff {
    /// Sets the register of this thread; dropping puts it back.
    #[must_use]
    pub fn on_this_thread() -> Self {
        let before = read();
        write(before | FLUSH);
        Self { before, _not_send: std::marker::PhantomData }
    }
}

impl Drop for DenormalsOff {
    fn drop(&mut self) {
        write(self.before);
    }
}

#[cfg(target_arch = "x86_64")]
const FLUSH: u64 = 0x8040; // FTZ (bit 15) and DAZ (bit 6) of MXCSR

#[cfg(target_arch = "x86_64")]
fn read() -> u64 {
    let mut csr: u32 = 0;
    // SAFETY: stmxcsr stores 32 bits to the address given, which is a live local of that size.
    unsafe { std::arch::asm!("stmxcsr [{}]", in(reg) &raw mut csr, options(nostack, preserves_flags)) };
    u64::from(csr)
}

#[cfg(target_arch = "x86_64")]
fn write(csr: u64) {
    let csr = csr as u32;
    // SAFETY: ldmxcsr loads 32 bits from a live local; the value came from stmxcsr with defined bits added.
    unsafe { std::arch::asm!("ldmxcsr [{}]", in(reg) &raw const csr, options(nostack, preserves_flags)) };
}

#[cfg(target_arch = "aarch64")]
const FLUSH: u64 = 1 << 24; // FZ of FPCR

#[cfg(target_arch = "aarch64")]
fn read() -> u64 {
    let fpcr: u64;
    // SAFETY: reading FPCR has no side effect.
    unsafe { std::arch::asm!("mrs {}, fpcr", out(reg) fpcr) };
    fpcr
}

#[cfg(target_arch = "aarch64")]
fn write(fpcr: u64) {
    // SAFETY: the value came from FPCR with a defined bit added.
    unsafe { std::arch::asm!("msr fpcr, {}", in(reg) fpcr) };
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
const FLUSH: u64 = 0;

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn read() -> u64 {
    0
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn write(_: u64) {}

#[cfg(test)]
mod tests {
    use super::*;

    fn half_of_the_smallest_normal() -> f32 {
        std::hint::black_box(f32::MIN_POSITIVE) * std::hint::black_box(0.5)
    }

    // Seen red: with FLUSH = 0 the product stays a denormal.
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    #[test]
    fn tails_end_in_zero_and_the_register_comes_back() {
        assert!(half_of_the_smallest_normal() > 0.0);
        {
            let _off = DenormalsOff::on_this_thread();
            assert_eq!(half_of_the_smallest_normal(), 0.0);
        }
        assert!(half_of_the_smallest_normal() > 0.0);
    }
}
