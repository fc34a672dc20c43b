//! Chat tokens in the real program: files are really written, for their owner alone, and nowhere else.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::session::Start;

#[test]
fn a_token_is_written_for_its_owner_alone_and_its_request_saved_and_loaded() {
    // Without a folder of the session's own: the console's state folder, which a demo has not made yet.
    let mut console = Start::ivschat(&["--demo"]).env("XDG_RUNTIME_DIR", "").run();
    console.shows("lobby-eu").keys("/lobby-main").shows("1 Rooms 1/").keys("<enter>t").shows("Issue a chat token");
    console.keys("<tab>nadia<c-s>").shows("Save the request").keys("~/request.json<enter>").shows("saved the request");
    console.keys("<c-u>").hides("nadia").keys("<c-o>").shows("Load a request").keys("request.json<enter>");
    console.shows("request.json is loaded").shows("nadia").keys("<enter>").shows("Chat token for nadia");
    console.keys("w").shows("ivschat-token-nadia.txt").keys("<enter>").shows("for you alone (0600)");
    let path = console.home().join("ivschat/ivschat-token-nadia.txt");
    let token = fs::read_to_string(&path).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(token.trim_end().len(), 160, "a token of the simulator");
    console.keys("r").shows("This is a secret").shows(&token[..60]).keys("r").hides(&token[..60]);
    console.keys("j").shows("as nadia").shows("1 live");
    console.keys("J").until("to leave nadia", |screen| !screen.contents().contains("as nadia (reads only) "));
    console.keys("qqq");
    console.ends().cleanly(0);
}
