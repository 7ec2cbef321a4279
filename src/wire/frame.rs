//! MSync frames and JIDs: only the bytes. The two state machines that use them are written apart, in client and
//! server, so that a mistake cannot cancel itself out.

use bytes::Bytes;
use prost::Message;

use super::pb;
use super::words::{GROUP_DOMAIN, USER_DOMAIN};
use crate::domain::{AppKey, ChatType};

/// What an MSync frame carries (field 8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Messages and their acknowledgements.
    Sync,
    /// Heartbeat and queues with something in them.
    Unread,
    /// A queue has something new.
    Notice,
    /// Sign-in.
    Provision,
    /// Goodbye.
    Logout,
}

impl Command {
    /// The command of its number; an absent one is [`Command::Sync`], the schema's default.
    #[must_use]
    pub fn read(number: Option<i32>) -> Option<Self> {
        match number.unwrap_or_default() {
            0 => Some(Self::Sync),
            1 => Some(Self::Unread),
            2 => Some(Self::Notice),
            3 => Some(Self::Provision),
            4 => Some(Self::Logout),
            _ => None,
        }
    }

    /// The number on the wire.
    #[must_use]
    pub const fn number(self) -> i32 {
        self as i32
    }
}

/// `Status.errorCode` values with a meaning of their own (`protocol` 5).
pub mod status {
    /// Done.
    pub const OK: i32 = 0;
    /// Refused; the reason tells why.
    pub const FAIL: i32 = 1;
    /// A required field is absent.
    pub const MISSING_PARAMETER: i32 = 3;
    /// A field has a value that cannot be.
    pub const WRONG_PARAMETER: i32 = 4;
    /// Not allowed; the reason tells why.
    pub const PERMISSION_DENIED: i32 = 7;
    /// Nobody knows that kind of request.
    pub const UNKNOWN_COMMAND: i32 = 9;
}

/// A frame from the server: version 0, command, payload.
#[must_use]
pub fn down(command: Command, payload: &impl Message) -> Vec<u8> {
    let frame = pb::MSync {
        version: Some(0),
        command: Some(command.number()),
        payload: Some(payload.encode_to_vec().into()),
        ..Default::default()
    };
    frame.encode_to_vec()
}

/// A JID of the app; `device` may be empty.
#[must_use]
pub fn jid(app: &AppKey, name: &str, chat_type: ChatType, device: &str) -> pb::Jid {
    pb::Jid {
        app_key: bytes(&app.to_string()),
        name: bytes(name),
        domain: bytes(super::words::domain(chat_type)),
        client_resource: bytes(device).filter(|d| !d.is_empty()),
    }
}

/// The name of a JID as text, without a `/device` at its end; empty when there is none.
#[must_use]
pub fn name(jid: Option<&pb::Jid>) -> String {
    let name = super::checked(jid.and_then(|j| j.name.as_deref()).unwrap_or_default());
    name.split('/').next().unwrap_or_default().to_owned()
}

/// Whether the JID names a group or room rather than a user.
#[must_use]
pub fn is_group(jid: &pb::Jid) -> bool {
    jid.domain.as_deref().unwrap_or(USER_DOMAIN.as_bytes()) == GROUP_DOMAIN.as_bytes()
}

/// A text as the wire carries it.
#[must_use]
pub fn bytes(text: &str) -> Option<Bytes> {
    Some(Bytes::copy_from_slice(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().fold(String::new(), |hex, b| hex + &format!("{b:02x}"))
    }

    fn app() -> AppKey {
        "easemob-demo#roam".parse().expect("an app key")
    }

    #[test]
    fn a_heartbeat_is_read() {
        let frame = pb::MSync::decode(&[0x08, 0, 0x40, 1, 0x58, 0][..]).expect("the published heartbeat");
        assert_eq!((frame.version, Command::read(frame.command)), (Some(0), Some(Command::Unread)));
        assert_eq!(frame.encrypt_type, [0]);
    }

    #[test]
    fn the_answer_to_a_sign_in_has_the_published_bytes() {
        let answer = pb::Provision {
            status: Some(pb::Status { error_code: Some(0), ..Default::default() }),
            resource: bytes("webim_1"),
            ..Default::default()
        };
        assert_eq!(hex(&down(Command::Provision, &answer)), "080040034a0d420208006a07776562696d5f31");
    }

    #[test]
    fn a_send_ack_has_the_published_bytes() {
        let ack = pb::CommSyncDl {
            status: Some(pb::Status { error_code: Some(status::OK), ..Default::default() }),
            meta_id: Some(1_700_000_000_001),
            server_id: Some(1_134_567_890_123_456_789),
            timestamp: Some(1_700_000_000_000),
            ..Default::default()
        };
        let published = "080040004a1c0a0208001081d095ffbc31189582fe82c2efb2df0f4080d095ffbc31";
        assert_eq!(hex(&down(Command::Sync, &ack)), published);
    }

    #[test]
    fn a_notice_has_the_published_bytes() {
        let notice = pb::CommNotice { queue: Some(jid(&app(), "alice", ChatType::Single, "")) };
        let published =
            "080040024a290a270a11656173656d6f622d64656d6f23726f616d1205616c6963651a0b656173656d6f622e636f6d";
        assert_eq!(hex(&down(Command::Notice, &notice)), published);
    }

    #[test]
    fn a_device_at_the_end_of_a_name_is_cut() {
        let jid = pb::Jid { name: bytes("alice/webim_2"), ..jid(&app(), "", ChatType::Group, "") };
        assert_eq!(name(Some(&jid)), "alice");
        assert!(is_group(&jid));
        assert!(!is_group(&pb::Jid::default()));
    }
}
