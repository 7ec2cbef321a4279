//! Sentences for people in English and Chinese, kept in `assets/locales/*.ftl`.
//!
//! [`Texts`] is one language; [`Lang::choose`] finds which. Both files hold the same keys (a test compares them).

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use strum::{EnumIter, IntoStaticStr};
use unic_langid::LanguageIdentifier;

const EN: &str = include_str!("../../assets/locales/en.ftl");
const ZH_CN: &str = include_str!("../../assets/locales/zh-CN.ftl");

/// The languages the program speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, EnumIter, IntoStaticStr)]
pub enum Lang {
    /// English.
    #[default]
    #[strum(serialize = "en")]
    En,
    /// Simplified Chinese.
    #[strum(serialize = "zh-CN")]
    ZhCn,
}

impl Lang {
    /// The language a tag or locale name asks for: anything that begins with `zh` is Chinese, all else English.
    #[must_use]
    pub fn from_tag(tag: &str) -> Self {
        if tag.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("zh")) { Self::ZhCn } else { Self::En }
    }

    /// `asked` (a flag or the configuration) wins, then the first non-empty of `MANYOU_LANG`, `LC_ALL`,
    /// `LC_MESSAGES` and `LANG`, looked up with `env`.
    pub fn choose(asked: Option<&str>, env: impl Fn(&str) -> Option<String>) -> Self {
        let from_env =
            || ["MANYOU_LANG", "LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|v| env(v).filter(|t| !t.is_empty()));
        asked.map(str::to_owned).or_else(from_env).map_or(Self::En, |tag| Self::from_tag(&tag))
    }

    /// The order of all settings: the flag, `MANYOU_LANG`, the configuration, then the locale of the machine.
    pub fn prefer(flag: Option<&str>, configured: Option<&str>, env: impl Fn(&str) -> Option<String>) -> Self {
        let ours = env("MANYOU_LANG").filter(|tag| !tag.is_empty());
        Self::choose(flag.or(ours.as_deref()).or(configured), env)
    }

    const fn source(self) -> &'static str {
        match self {
            Self::En => EN,
            Self::ZhCn => ZH_CN,
        }
    }
}

/// All sentences of one language.
pub struct Texts {
    lang: Lang,
    bundle: FluentBundle<FluentResource>,
    /// Sentences without arguments, by key, as they were asked for.
    plain: RwLock<HashMap<String, String>>,
}

impl std::fmt::Debug for Texts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Texts").field(&self.lang).finish()
    }
}

impl Texts {
    /// Reads the sentences of `lang`. A line that cannot be read is left out; the tests see that none is.
    #[must_use]
    pub fn new(lang: Lang) -> Self {
        let id: LanguageIdentifier = <&str>::from(lang).parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        // Marks around arguments would be counted as text by every width rule.
        bundle.set_use_isolating(false);
        let resource = FluentResource::try_new(lang.source().to_owned()).unwrap_or_else(|(part, _)| part);
        bundle.add_resource_overriding(resource);
        Self { lang, bundle, plain: RwLock::default() }
    }

    /// Which language it is.
    #[must_use]
    pub const fn lang(&self) -> Lang {
        self.lang
    }

    /// Whether there is a sentence for `key`.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.bundle.get_message(key).is_some_and(|m| m.value().is_some())
    }

    /// The sentence for `key`; the key itself where there is none.
    #[must_use]
    pub fn t(&self, key: &str) -> String {
        if let Some(known) = self.plain.read().unwrap_or_else(PoisonError::into_inner).get(key) {
            return known.clone();
        }
        let text = self.tr(key, &[]);
        if self.has(key) {
            self.plain.write().unwrap_or_else(PoisonError::into_inner).insert(key.to_owned(), text.clone());
        }
        text
    }

    /// The sentence for `key` with its arguments. Numbers given as [`Arg::Number`] choose plural forms.
    #[must_use]
    pub fn tr(&self, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|m| m.value()) else { return key.to_owned() };
        let mut values = FluentArgs::with_capacity(args.len());
        for (name, value) in args {
            values.set(*name, value.value());
        }
        self.bundle.format_pattern(pattern, Some(&values), &mut Vec::new()).into_owned()
    }
}

/// An argument of a sentence.
#[derive(Clone, Debug)]
pub enum Arg<'a> {
    /// Words; sanitize what comes from a server before it gets here.
    Text(Cow<'a, str>),
    /// A count; shown plainly and used to choose the plural form.
    Number(i64),
}

impl Arg<'_> {
    fn value(&self) -> FluentValue<'_> {
        match self {
            Self::Text(text) => FluentValue::from(text.as_ref()),
            Self::Number(number) => FluentValue::from(*number),
        }
    }
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Arg<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<usize> for Arg<'_> {
    fn from(number: usize) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<u64> for Arg<'_> {
    fn from(number: u64) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn keys(source: &str) -> BTreeSet<&str> {
        let named = |line: &'static str| line.split_once(" =").map(|(key, _)| key);
        let lines = Box::leak(source.to_owned().into_boxed_str()).lines();
        lines.filter(|l| l.starts_with(|c: char| c.is_ascii_lowercase())).filter_map(named).collect()
    }

    #[test]
    fn both_languages_are_read_whole_and_hold_the_same_keys() {
        for source in [EN, ZH_CN] {
            let read = FluentResource::try_new(source.to_owned());
            assert!(read.is_ok(), "{:?}", read.err().map(|(_, errors)| errors));
        }
        assert_eq!(keys(EN), keys(ZH_CN));
    }

    #[test]
    fn no_key_stands_twice() {
        for source in [EN, ZH_CN] {
            let all = source.lines().filter(|l| l.starts_with(|c: char| c.is_ascii_lowercase())).count();
            assert_eq!(all, keys(source).len());
        }
    }

    #[test]
    fn arguments_are_filled_in_without_invisible_marks() {
        let texts = Texts::new(Lang::En);
        let shown = texts.tr("cli-signed-in", &[("user", "kefu01".into())]);
        assert!(shown.contains("kefu01") && !shown.contains('\u{2068}'), "{shown}");
    }

    #[test]
    fn the_flag_wins_over_the_environment_and_any_chinese_locale_is_chinese() {
        let env = |name: &str| (name == "LANG").then(|| "zh_TW.UTF-8".to_owned());
        assert_eq!(Lang::choose(None, env), Lang::ZhCn);
        assert_eq!(Lang::choose(Some("en"), env), Lang::En);
        assert_eq!(Lang::choose(None, |_| None), Lang::En);
        assert_eq!(Lang::prefer(None, Some("en"), env), Lang::En);
        let ours = |name: &str| (name == "MANYOU_LANG").then(|| "zh".to_owned());
        assert_eq!(Lang::prefer(None, Some("en"), ours), Lang::ZhCn);
        assert_eq!(Lang::prefer(Some("en"), Some("zh"), ours), Lang::En);
    }
}
