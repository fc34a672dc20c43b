//! Where the configuration file is: named by a flag or a variable, or in the usual place.

use std::path::PathBuf;

/// Who says where the file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// `--config`.
    Flag,
    /// `IVSCHAT_CONFIG`.
    Variable,
    /// Nobody: it is where such files are.
    Usual,
}

/// The file, which may not be there, and who says so; nothing without a home. `variable` looks the environment up.
pub fn place(flag: Option<PathBuf>, variable: impl Fn(&str) -> Option<String>) -> Option<(PathBuf, Named)> {
    let given = |name| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    flag.map(|path| (path, Named::Flag))
        .or_else(|| Some((given("IVSCHAT_CONFIG")?, Named::Variable)))
        .or_else(|| Some((usual(variable)?, Named::Usual)))
}

/// `$XDG_CONFIG_HOME/ivschat/config.toml`, or `~/.config/ivschat/config.toml`, on every system.
fn usual(variable: impl Fn(&str) -> Option<String>) -> Option<PathBuf> {
    let given = |name| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let base = given("XDG_CONFIG_HOME").filter(|path| path.is_absolute());
    Some(base.or_else(|| Some(given("HOME")?.join(".config")))?.join("ivschat").join("config.toml"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_place_is_the_xdg_one_everywhere_and_a_name_comes_before_it() {
        let place = |flag: Option<&str>, set: &[(&str, &str)]| {
            let variable = |name: &str| set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
            super::place(flag.map(PathBuf::from), variable)
        };
        let at = |path: &str, named| Some((PathBuf::from(path), named));
        let home = ("HOME", "/home/me");
        assert_eq!(place(None, &[home]), at("/home/me/.config/ivschat/config.toml", Named::Usual));
        let xdg = ("XDG_CONFIG_HOME", "/etc/xdg");
        assert_eq!(place(None, &[home, xdg]), at("/etc/xdg/ivschat/config.toml", Named::Usual));
        let relative = ("XDG_CONFIG_HOME", "xdg");
        assert_eq!(place(None, &[home, relative]), at("/home/me/.config/ivschat/config.toml", Named::Usual));
        let named = ("IVSCHAT_CONFIG", "/a.toml");
        assert_eq!(place(None, &[home, named]), at("/a.toml", Named::Variable));
        assert_eq!(place(Some("b.toml"), &[home, named]), at("b.toml", Named::Flag));
        assert_eq!(place(None, &[]), None);
    }
}
