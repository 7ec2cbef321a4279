//! Keys, chords and what they mean where. Pure: the terminal's own key type is translated before it gets here.

mod key;

use std::collections::BTreeMap;

use strum::{Display, EnumIter, EnumString, IntoEnumIterator as _, IntoStaticStr};
use thiserror::Error;

pub use key::{Code, Key, KeyError, chord_text, parse_chord};

use crate::action::Action;

const DEFAULTS: &str = include_str!("../../assets/keymap.toml");

/// Where a binding holds. The more special place is asked first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Display, EnumString, EnumIter, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Place {
    /// Conversation list.
    List,
    /// History of a conversation.
    History,
    /// Results of a search.
    Results,
    /// Any pane.
    Everywhere,
}

/// What typed keys mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// A whole chord.
    Action(Action),
    /// The beginning of chords; the possible next keys and where they lead, in key order.
    Pending(Vec<(Key, Action)>),
    /// No chord begins so.
    Nothing,
}

/// Why a keymap cannot be read.
#[derive(Debug, Error)]
pub enum KeymapError {
    /// Not TOML of the right shape.
    #[error("keymap: {0}")]
    Toml(#[from] toml::de::Error),
    /// A chord that cannot be typed.
    #[error("keymap, [{place}]: {source}")]
    Chord {
        /// The section.
        place: Place,
        /// What is wrong with it.
        source: KeyError,
    },
    /// A section or action that does not exist.
    #[error("keymap: no {what} is called `{name}`")]
    Unknown {
        /// `section` or `action`.
        what: &'static str,
        /// The word found.
        name: String,
    },
}

/// All bindings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keymap(BTreeMap<Place, Vec<Binding>>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Binding {
    keys: Vec<Key>,
    action: Action,
    /// The chord as it is written: the footer asks for it in every frame.
    text: String,
}

impl Keymap {
    /// The built-in keys.
    ///
    /// # Errors
    /// Only when the built-in file is broken, which a test excludes.
    pub fn defaults() -> Result<Self, KeymapError> {
        Self::parse(DEFAULTS)
    }

    /// Reads a keymap file.
    ///
    /// # Errors
    /// [`KeymapError`] naming the section, chord or action.
    pub fn parse(text: &str) -> Result<Self, KeymapError> {
        let file: BTreeMap<String, toml::Table> = toml::from_str(text)?;
        let mut map = BTreeMap::new();
        for (section, bindings) in file {
            let unknown = |what, name: &str| KeymapError::Unknown { what, name: name.to_owned() };
            let place: Place = section.parse().map_err(|_| unknown("section", &section))?;
            let mut list = Vec::with_capacity(bindings.len());
            for (chord, name) in bindings {
                let keys = parse_chord(&chord).map_err(|source| KeymapError::Chord { place, source })?;
                let name = name.as_str().unwrap_or_default();
                let action = name.parse().map_err(|_| unknown("action", name))?;
                list.push(Binding { text: chord_text(&keys), keys, action });
            }
            map.insert(place, list);
        }
        Ok(Self(map))
    }

    /// What `typed` means in `place`; bindings that hold everywhere come last.
    #[must_use]
    pub fn resolve(&self, typed: &[Key], place: Place) -> Resolved {
        let bindings = || self.of(place);
        if let Some(binding) = bindings().find(|binding| binding.keys == typed) {
            return Resolved::Action(binding.action);
        }
        let mut next: Vec<(Key, Action)> = bindings()
            .filter(|binding| binding.keys.starts_with(typed))
            .filter_map(|binding| binding.keys.get(typed.len()).map(|key| (*key, binding.action)))
            .collect();
        next.sort_by_key(|(key, _)| key.to_string());
        if next.is_empty() { Resolved::Nothing } else { Resolved::Pending(next) }
    }

    /// The bindings that hold in `place`, its own first.
    fn of(&self, place: Place) -> impl Iterator<Item = &Binding> {
        let everywhere = (place != Place::Everywhere).then_some(Place::Everywhere);
        [Some(place), everywhere].into_iter().flatten().filter_map(|p| self.0.get(&p)).flatten()
    }

    /// The chords of an action in `place`, shortest first, as text.
    #[must_use]
    pub fn chords(&self, action: Action, place: Place) -> Vec<String> {
        let mut out: Vec<_> = self.of(place).filter(|b| b.action == action).map(|b| b.text.clone()).collect();
        out.sort_by_key(|text| (text.chars().count(), text.clone()));
        out
    }

    /// The chord that stands for `action`: the shortest, as [`chords`](Self::chords) begins.
    #[must_use]
    pub fn chord(&self, action: Action, place: Place) -> Option<&str> {
        let texts = self.of(place).filter(|b| b.action == action).map(|b| b.text.as_str());
        texts.min_by_key(|text| (text.chars().count(), *text))
    }

    /// Every action that has a key in `place`'s own section, in the order actions are declared.
    #[must_use]
    pub fn actions(&self, place: Place) -> Vec<Action> {
        let own = self.0.get(&place).map(Vec::as_slice).unwrap_or_default();
        Action::iter().filter(|action| own.iter().any(|b| b.action == *action)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(keys: &str, place: Place) -> Resolved {
        let map = Keymap::defaults().expect("the built-in keys parse");
        map.resolve(&parse_chord(keys).expect("a chord"), place)
    }

    #[test]
    fn a_chord_waits_for_its_end() {
        assert_eq!(resolve("g g", Place::List), Resolved::Action(Action::First));
        assert!(matches!(resolve("D", Place::History), Resolved::Pending(next) if next.len() == 4));
        assert!(matches!(resolve("D", Place::List), Resolved::Pending(next) if next.len() == 2));
        assert_eq!(resolve("x", Place::List), Resolved::Nothing);
    }

    #[test]
    fn every_action_has_a_key_and_no_chord_hides_another() {
        let map = Keymap::defaults().expect("the built-in keys parse");
        for action in Action::iter() {
            assert!(Place::iter().any(|p| map.actions(p).contains(&action)), "{action} has no key");
        }
        for place in Place::iter() {
            let all: Vec<_> = map.of(place).map(|binding| binding.keys.clone()).collect();
            for (i, keys) in all.iter().enumerate() {
                let hides = all.iter().enumerate().any(|(j, other)| i != j && other.starts_with(keys));
                assert!(!hides, "{} in {place} hides another chord", chord_text(keys));
            }
        }
    }

    #[test]
    fn no_single_key_deletes() {
        let map = Keymap::defaults().expect("the built-in keys parse");
        for action in
            [Action::DeleteMessages, Action::DeleteBefore, Action::HideConversation, Action::DeleteConversation]
        {
            for chord in map.chords(action, Place::History) {
                assert!(chord.starts_with("D "), "{action} is reached by {chord}");
            }
        }
    }
}
