//! The filter of a history's loaded part: words, `type:img`, `from:alice`.

use crate::domain::{Message, MessageKind};
use crate::text::fold;

/// What rows must be to be shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// As typed.
    pub typed: String,
    words: Vec<String>,
    kinds: Vec<MessageKind>,
    senders: Vec<String>,
}

impl Filter {
    /// Reads a filter; an unknown kind is taken as a word, so that nothing typed is lost silently.
    #[must_use]
    pub fn parse(typed: &str) -> Self {
        let mut out = Self { typed: typed.trim().to_owned(), ..Self::default() };
        for word in typed.split_whitespace() {
            match word.split_once(':') {
                Some(("type", kinds)) if kinds.split(',').all(|k| k.parse::<MessageKind>().is_ok()) => {
                    out.kinds.extend(kinds.split(',').filter_map(|k| k.parse::<MessageKind>().ok()));
                }
                Some(("from", sender)) if !sender.is_empty() => out.senders.push(fold::fold(sender)),
                _ => out.words.push(fold::fold(word)),
            }
        }
        out
    }

    /// Whether everything is shown.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.typed.is_empty()
    }

    /// Whether a message is shown; `sender` is its sender's shown name.
    #[must_use]
    pub fn keeps(&self, message: &Message, sender: &str) -> bool {
        if self.is_empty() {
            return true;
        }
        let from = [fold::fold(&message.from), fold::fold(sender)];
        let text = fold::fold(&super::words::content(message));
        (self.kinds.is_empty() || self.kinds.contains(&message.body.kind()))
            && (self.senders.is_empty() || self.senders.iter().any(|s| from.iter().any(|f| f.contains(s))))
            && self.words.iter().all(|w| text.contains(w))
    }
}
