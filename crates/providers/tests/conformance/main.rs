//! What every adapter has to do alike, written once against the port. A new adapter brings a [`twin::Twin`] and one
//! line below.

mod logs;
#[path = "../rig/mod.rs"]
mod rig;
mod suite;
mod twin;
mod twin_fonial;
mod twin_tenios;
mod twin_voicenter;

suite::conformance!(nfon: crate::twin::Nfon);
suite::conformance!(fonial: crate::twin_fonial::Fonial);
suite::conformance!(swisscom: crate::twin::Swisscom);
suite::conformance!(tenios: crate::twin_tenios::Tenios);
suite::conformance!(voicenter: crate::twin_voicenter::Voicenter);
