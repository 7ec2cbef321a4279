//! One thing, several spellings: the chat-type words of each place, domains and JID texts (`protocol` 1).

use crate::domain::{AppKey, ChatType, Peer};

/// Domain of users.
pub const USER_DOMAIN: &str = "easemob.com";
/// Domain of groups and rooms.
pub const GROUP_DOMAIN: &str = "conference.easemob.com";

/// The domain a peer's name lives in.
#[must_use]
pub const fn domain(chat_type: ChatType) -> &'static str {
    match chat_type {
        ChatType::Single => USER_DOMAIN,
        ChatType::Group | ChatType::Room => GROUP_DOMAIN,
    }
}

/// `chat`, `groupchat`, `chatroom`: payloads, marks, message pins, notifications.
#[must_use]
pub const fn payload_word(chat_type: ChatType) -> &'static str {
    match chat_type {
        ChatType::Single => "chat",
        ChatType::Group => "groupchat",
        ChatType::Room => "chatroom",
    }
}

/// `chat`, `groupChat`: bodies of "delete conversation" and "pin conversation". Rooms have none and use the group's.
#[must_use]
pub const fn conversation_word(chat_type: ChatType) -> &'static str {
    match chat_type {
        ChatType::Single => "chat",
        ChatType::Group | ChatType::Room => "groupChat",
    }
}

/// `chat` or `group`: the path of one-way deletion; rooms use the group's.
#[must_use]
pub const fn roaming_word(chat_type: ChatType) -> &'static str {
    match chat_type {
        ChatType::Single => "chat",
        ChatType::Group | ChatType::Room => "group",
    }
}

/// Reads any spelling of any place, whatever its case.
#[must_use]
pub fn read_chat_type(word: &str) -> Option<ChatType> {
    match word.to_ascii_lowercase().as_str() {
        "chat" | "singlechat" | "chat:user" | "single" => Some(ChatType::Single),
        "group" | "groupchat" | "chat:group" => Some(ChatType::Group),
        "room" | "chatroom" | "chat:room" => Some(ChatType::Room),
        _ => None,
    }
}

/// The history queue of a peer: `ID@easemob.com` or `ID@conference.easemob.com`, without app key.
#[must_use]
pub fn queue(peer: &Peer) -> String {
    format!("{}@{}", peer.id(), domain(peer.chat_type))
}

/// The JID text `org#app_NAME@DOMAIN`.
#[must_use]
pub fn jid(app: &AppKey, name: &str, chat_type: ChatType) -> String {
    format!("{app}_{name}@{}", domain(chat_type))
}

/// Cuts a JID text into name and "is a group or room". The app prefix is cut only where it is exactly ours
/// (names hold `_` themselves); domain and `/resource` may be missing.
#[must_use]
pub fn read_jid<'a>(app: &AppKey, text: &'a str) -> (&'a str, bool) {
    let (local, domain) = text.split_once('@').unwrap_or((text, ""));
    let domain = domain.split('/').next().unwrap_or("");
    let name = local.strip_prefix(&format!("{app}_")).unwrap_or(local);
    (name.split('/').next().unwrap_or(name), domain == GROUP_DOMAIN)
}
