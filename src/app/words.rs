//! The words of a message for finding and filtering, whatever the language of the screen.

use crate::domain::{Body, Message};
use crate::text;

/// Everything a person could look for in a message, on several lines, sanitized.
#[must_use]
pub fn content(message: &Message) -> String {
    let raw = match &message.body {
        Body::Text { text, .. } => text.clone(),
        Body::Image { file, .. } | Body::Audio { file, .. } | Body::Video { file, .. } | Body::File { file } => {
            file.name.clone()
        }
        Body::Location { address, building, .. } => format!("{building}\n{address}"),
        Body::Command { action, .. } => action.clone(),
        Body::Custom { event, .. } => event.clone(),
        Body::Combine { title, summary, .. } => format!("{title}\n{summary}"),
        Body::Recalled { .. } | Body::Unknown { .. } | Body::Damaged { .. } => String::new(),
    };
    text::body(&raw).text
}

/// [`content`] on one line.
#[must_use]
pub fn one_line(message: &Message) -> String {
    content(message).replace('\n', " ")
}
