//! What the terminal can show, as its environment says; nothing is asked of the terminal itself.

use crate::cells::Colors;

/// What the terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// Colour depth; `None` if `NO_COLOR` is set to anything.
    pub colors: Colors,
    /// The locale's character set is UTF-8.
    pub utf8: bool,
}

/// Reads the capabilities through `var`, which gives an environment variable's value. Empty values count as unset.
pub fn capabilities(var: impl Fn(&str) -> Option<String>) -> Capabilities {
    let get = |name: &str| var(name).filter(|value| !value.is_empty());
    Capabilities { colors: colors(&get), utf8: utf8(&get) }
}

fn colors(get: &impl Fn(&str) -> Option<String>) -> Colors {
    let term = get("TERM").unwrap_or_default();
    match get("COLORTERM").as_deref() {
        _ if get("NO_COLOR").is_some() => Colors::None,
        Some("truecolor" | "24bit") => Colors::True,
        _ if term.ends_with("-direct") => Colors::True,
        _ if term.contains("256color") => Colors::Ansi256,
        _ if term.starts_with("vt") || term.ends_with("-mono") => Colors::None,
        _ => Colors::Ansi16,
    }
}

/// The first of the three that is set decides, as for the C library; none set means the locale `C`.
fn utf8(get: &impl Fn(&str) -> Option<String>) -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(get).unwrap_or_default();
    let charset = locale.split('@').next().and_then(|name| name.split_once('.')).map(|(_, charset)| charset);
    charset.is_some_and(|charset| charset.replace('-', "").eq_ignore_ascii_case("utf8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(vars: &[(&str, &str)]) -> Capabilities {
        capabilities(|name| vars.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn the_first_locale_variable_that_is_set_decides() {
        assert!(with(&[("LANG", "zh_CN.UTF-8")]).utf8);
        assert!(with(&[("LC_ALL", "xx_YY.utf8"), ("LANG", "C")]).utf8);
        assert!(with(&[("LC_ALL", ""), ("LC_CTYPE", "C.UTF-8")]).utf8);
        for other in ["C", "POSIX", "zh_CN.GBK", "zh_CN", ""] {
            assert!(!with(&[("LC_ALL", other)]).utf8, "{other}");
        }
    }

    #[test]
    fn no_color_wins_over_every_promise_of_colour() {
        let vars = [("NO_COLOR", "1"), ("COLORTERM", "truecolor"), ("TERM", "xterm-256color")];
        assert_eq!(with(&vars).colors, Colors::None);
        assert_eq!(with(&vars[1..]).colors, Colors::True);
        assert_eq!(with(&vars[2..]).colors, Colors::Ansi256);
        assert_eq!(with(&[("NO_COLOR", ""), ("TERM", "xterm")]).colors, Colors::Ansi16);
    }
}
