use super::*;

#[test]
fn the_built_in_script_is_sound() {
    if let Err(error) = Script::parse(BUILT_IN) {
        panic!("{error}");
    }
}
