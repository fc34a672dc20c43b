//! What the console says of the way out.

use crate::harness::Console;

const BANNER: &str = "TLS NOT VERIFIED (--no-verify-ssl)";

#[test]
fn unverified_tls_is_said_in_every_frame() {
    let console = || Console::configured(|settings| settings.unverified = true);
    for keys in ["", "?", ":", "<enter>", "/x", "0z", "c", "y", "t", "2e", "q", "w0"] {
        let console = console().keys(keys).shows(BANNER);
        let screen = console.screen();
        let last = screen.lines().last().unwrap();
        assert!(last.contains(BANNER), "{keys}:\n{screen}");
    }
    for (width, height) in [(140, 40), (40, 10), (40, 11), (200, 12), (30, 5)] {
        let console = console().resize(width, height);
        let screen = console.screen();
        let told = screen.lines().last().unwrap();
        assert!(told.contains(&BANNER[..30.min(usize::from(width)) - 1]), "{width}x{height}:\n{screen}");
    }
    let verified = Console::demo().screen();
    assert!(!verified.contains("VERIFIED"), "{verified}");
}
