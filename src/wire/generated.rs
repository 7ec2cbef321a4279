//! MSync messages. @generated from assets/proto/easemob.proto by tests/codegen.rs; never edited.
#![allow(missing_docs, clippy::all, clippy::pedantic)]

#[derive(Clone, PartialEq, Eq, Hash, ::prost::Message)]
pub struct Jid {
    #[prost(bytes = "bytes", optional, tag = "1")]
    pub app_key: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(bytes = "bytes", optional, tag = "2")]
    pub name: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(bytes = "bytes", optional, tag = "3")]
    pub domain: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(bytes = "bytes", optional, tag = "4")]
    pub client_resource: ::core::option::Option<::prost::bytes::Bytes>,
}
#[derive(Clone, PartialEq, Eq, Hash, ::prost::Message)]
pub struct MSync {
    /// MSYNC_V1 0, MSYNC_V2 1
    #[prost(int32, optional, tag = "1")]
    pub version: ::core::option::Option<i32>,
    #[prost(message, optional, tag = "2")]
    pub guid: ::core::option::Option<Jid>,
    /// "$t$" + token
    #[prost(bytes = "bytes", optional, tag = "3")]
    pub auth: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(uint32, optional, tag = "4")]
    pub compress_algorithm: ::core::option::Option<u32>,
    #[prost(uint32, optional, tag = "5")]
    pub crypto: ::core::option::Option<u32>,
    #[prost(bytes = "bytes", optional, tag = "6")]
    pub user_agent: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(uint64, optional, tag = "7")]
    pub pov: ::core::option::Option<u64>,
    /// SYNC 0, UNREAD 1, NOTICE 2, PROVISION 3, LOGOUT 4
    #[prost(int32, optional, tag = "8")]
    pub command: ::core::option::Option<i32>,
    #[prost(bytes = "bytes", optional, tag = "9")]
    pub payload: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(uint32, optional, tag = "10")]
    pub device_id: ::core::option::Option<u32>,
    #[prost(int32, repeated, packed = "false", tag = "11")]
    pub encrypt_type: ::prost::alloc::vec::Vec<i32>,
    #[prost(bytes = "bytes", optional, tag = "12")]
    pub encrypt_key: ::core::option::Option<::prost::bytes::Bytes>,
    /// 4.21
    #[prost(uint64, optional, tag = "20")]
    pub trace_id: ::core::option::Option<u64>,
}
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct Provision {
    #[prost(int32, optional, tag = "1")]
    pub os_type: ::core::option::Option<i32>,
    #[prost(bytes = "bytes", optional, tag = "2")]
    pub version: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(int32, optional, tag = "3")]
    pub network_type: ::core::option::Option<i32>,
    #[prost(bytes = "bytes", optional, tag = "4")]
    pub app_sign: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(int32, repeated, packed = "false", tag = "5")]
    pub compress_type: ::prost::alloc::vec::Vec<i32>,
    #[prost(int32, repeated, packed = "false", tag = "6")]
    pub encrypt_type: ::prost::alloc::vec::Vec<i32>,
    #[prost(bytes = "bytes", optional, tag = "7")]
    pub encrypt_key: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(message, optional, tag = "8")]
    pub status: ::core::option::Option<Status>,
    #[prost(bytes = "bytes", optional, tag = "9")]
    pub device_uuid: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(bool, optional, tag = "10")]
    pub is_manual_login: ::core::option::Option<bool>,
    #[prost(bytes = "bytes", optional, tag = "11")]
    pub password: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(bytes = "bytes", optional, tag = "12")]
    pub device_name: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(bytes = "bytes", optional, tag = "13")]
    pub resource: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(bytes = "bytes", optional, tag = "14")]
    pub auth: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(bytes = "bytes", optional, tag = "16")]
    pub service_id: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(bytes = "bytes", optional, tag = "17")]
    pub action_version: ::core::option::Option<::prost::bytes::Bytes>,
    /// 4.21: JSON text
    #[prost(bytes = "bytes", optional, tag = "18")]
    pub auth_token: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(uint32, optional, tag = "19")]
    pub os_custom_value: ::core::option::Option<u32>,
    #[prost(bytes = "bytes", optional, tag = "20")]
    pub session_id: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(bytes = "bytes", optional, tag = "21")]
    pub reason: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(int32, repeated, packed = "false", tag = "22")]
    pub protocol_compress_type: ::prost::alloc::vec::Vec<i32>,
    #[prost(int32, optional, tag = "23")]
    pub protocol_compress_direction: ::core::option::Option<i32>,
}
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct CommSyncUl {
    #[prost(message, optional, tag = "1")]
    pub meta: ::core::option::Option<Meta>,
    #[prost(uint64, optional, tag = "2")]
    pub key: ::core::option::Option<u64>,
    #[prost(message, optional, tag = "3")]
    pub queue: ::core::option::Option<Jid>,
    #[prost(bool, optional, tag = "4")]
    pub is_roam: ::core::option::Option<bool>,
    #[prost(uint64, optional, tag = "5")]
    pub last_full_roam_key: ::core::option::Option<u64>,
}
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct CommSyncDl {
    #[prost(message, optional, tag = "1")]
    pub status: ::core::option::Option<Status>,
    #[prost(uint64, optional, tag = "2")]
    pub meta_id: ::core::option::Option<u64>,
    #[prost(uint64, optional, tag = "3")]
    pub server_id: ::core::option::Option<u64>,
    #[prost(message, repeated, tag = "4")]
    pub metas: ::prost::alloc::vec::Vec<Meta>,
    #[prost(uint64, optional, tag = "5")]
    pub next_key: ::core::option::Option<u64>,
    #[prost(message, optional, tag = "6")]
    pub queue: ::core::option::Option<Jid>,
    #[prost(bool, optional, tag = "7")]
    pub is_last: ::core::option::Option<bool>,
    /// ms
    #[prost(uint64, optional, tag = "8")]
    pub timestamp: ::core::option::Option<u64>,
    #[prost(bool, optional, tag = "9")]
    pub is_roam: ::core::option::Option<bool>,
}
#[derive(Clone, Copy, PartialEq, Eq, Hash, ::prost::Message)]
pub struct CommUnreadUl {}
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct CommUnreadDl {
    #[prost(message, optional, tag = "1")]
    pub status: ::core::option::Option<Status>,
    #[prost(message, repeated, tag = "2")]
    pub unread: ::prost::alloc::vec::Vec<MetaQueue>,
    /// ms
    #[prost(uint64, optional, tag = "3")]
    pub timestamp: ::core::option::Option<u64>,
}
#[derive(Clone, PartialEq, Eq, Hash, ::prost::Message)]
pub struct MetaQueue {
    #[prost(message, optional, tag = "1")]
    pub queue: ::core::option::Option<Jid>,
    #[prost(uint32, optional, tag = "2")]
    pub n: ::core::option::Option<u32>,
}
#[derive(Clone, PartialEq, Eq, Hash, ::prost::Message)]
pub struct CommNotice {
    #[prost(message, optional, tag = "1")]
    pub queue: ::core::option::Option<Jid>,
}
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct Logout {
    #[prost(bytes = "bytes", optional, tag = "1")]
    pub session_id: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(bytes = "bytes", optional, tag = "2")]
    pub reason: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(message, optional, tag = "3")]
    pub status: ::core::option::Option<Status>,
}
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct Meta {
    #[prost(uint64, optional, tag = "1")]
    pub id: ::core::option::Option<u64>,
    #[prost(message, optional, tag = "2")]
    pub from: ::core::option::Option<Jid>,
    #[prost(message, optional, tag = "3")]
    pub to: ::core::option::Option<Jid>,
    /// ms
    #[prost(uint64, optional, tag = "4")]
    pub timestamp: ::core::option::Option<u64>,
    /// STATISTIC 0, CHAT 1, MUC 2, ROSTER 3, CONFERENCE 4, NOTIFY 5, QUERY 6
    #[prost(int32, optional, tag = "5")]
    pub ns: ::core::option::Option<i32>,
    #[prost(bytes = "bytes", optional, tag = "6")]
    pub payload: ::core::option::Option<::prost::bytes::Bytes>,
    /// ALL 0, ONLINE 1, DIRECT 2
    #[prost(int32, optional, tag = "7")]
    pub routetype: ::core::option::Option<i32>,
    #[prost(message, repeated, tag = "8")]
    pub ext: ::prost::alloc::vec::Vec<KeyValue>,
    /// JSON text
    #[prost(bytes = "bytes", optional, tag = "9")]
    pub meta: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(bytes = "bytes", repeated, tag = "10")]
    pub directed_users: ::prost::alloc::vec::Vec<::prost::bytes::Bytes>,
}
/// Meta as a page of history is read: what no reader asks for is left out, and skipped without being kept.
#[derive(Clone, PartialEq, Eq, Hash, ::prost::Message)]
pub struct Envelope {
    #[prost(uint64, optional, tag = "1")]
    pub id: ::core::option::Option<u64>,
    #[prost(message, optional, tag = "2")]
    pub from: ::core::option::Option<Address>,
    #[prost(message, optional, tag = "3")]
    pub to: ::core::option::Option<Address>,
    /// ms
    #[prost(uint64, optional, tag = "4")]
    pub timestamp: ::core::option::Option<u64>,
    #[prost(int32, optional, tag = "5")]
    pub ns: ::core::option::Option<i32>,
    #[prost(bytes = "bytes", optional, tag = "6")]
    pub payload: ::core::option::Option<::prost::bytes::Bytes>,
    /// JSON text
    #[prost(bytes = "bytes", optional, tag = "9")]
    pub meta: ::core::option::Option<::prost::bytes::Bytes>,
}
/// The part of a JID that says who.
#[derive(Clone, PartialEq, Eq, Hash, ::prost::Message)]
pub struct Address {
    #[prost(bytes = "bytes", optional, tag = "2")]
    pub name: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(bytes = "bytes", optional, tag = "3")]
    pub domain: ::core::option::Option<::prost::bytes::Bytes>,
}
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct Status {
    #[prost(int32, optional, tag = "1")]
    pub error_code: ::core::option::Option<i32>,
    #[prost(bytes = "bytes", optional, tag = "2")]
    pub reason: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(message, repeated, tag = "3")]
    pub redirect_info: ::prost::alloc::vec::Vec<RedirectInfo>,
}
#[derive(Clone, PartialEq, Eq, Hash, ::prost::Message)]
pub struct RedirectInfo {
    #[prost(bytes = "bytes", optional, tag = "1")]
    pub host: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(uint32, optional, tag = "2")]
    pub port: ::core::option::Option<u32>,
}
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct MessageBody {
    /// NORMAL 0, CHAT 1, GROUPCHAT 2, CHATROOM 3, READ_ACK 4, DELIVER_ACK 5, RECALL 6, CHANNEL_ACK 7, EDIT 8
    #[prost(int32, optional, tag = "1")]
    pub r#type: ::core::option::Option<i32>,
    #[prost(message, optional, tag = "2")]
    pub from: ::core::option::Option<Jid>,
    #[prost(message, optional, tag = "3")]
    pub to: ::core::option::Option<Jid>,
    #[prost(message, repeated, tag = "4")]
    pub contents: ::prost::alloc::vec::Vec<Content>,
    #[prost(message, repeated, tag = "5")]
    pub ext: ::prost::alloc::vec::Vec<KeyValue>,
    #[prost(uint64, optional, tag = "6")]
    pub ack_message_id: ::core::option::Option<u64>,
    #[prost(message, optional, tag = "7")]
    pub msg_config: ::core::option::Option<MsgConfig>,
    #[prost(bytes = "bytes", optional, tag = "8")]
    pub ack_content: ::core::option::Option<::prost::bytes::Bytes>,
    /// JSON text
    #[prost(bytes = "bytes", optional, tag = "9")]
    pub meta: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(uint64, optional, tag = "11")]
    pub edit_message_id: ::core::option::Option<u64>,
    /// BODY 1, BODY_AND_EXT 2
    #[prost(int32, optional, tag = "12")]
    pub edit_scope: ::core::option::Option<i32>,
    #[prost(message, optional, tag = "13")]
    pub stream: ::core::option::Option<Stream>,
}
#[derive(Clone, Copy, PartialEq, Eq, Hash, ::prost::Message)]
pub struct MsgConfig {
    #[prost(bool, optional, tag = "1")]
    pub allow_group_ack: ::core::option::Option<bool>,
}
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct Content {
    /// TEXT 0, IMAGE 1, VIDEO 2, LOCATION 3, VOICE 4, FILE 5, COMMAND 6, CUSTOM 7, COMBINE 8
    #[prost(int32, optional, tag = "1")]
    pub r#type: ::core::option::Option<i32>,
    #[prost(bytes = "bytes", optional, tag = "2")]
    pub text: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(double, optional, tag = "3")]
    pub latitude: ::core::option::Option<f64>,
    #[prost(double, optional, tag = "4")]
    pub longitude: ::core::option::Option<f64>,
    #[prost(bytes = "bytes", optional, tag = "5")]
    pub address: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(bytes = "bytes", optional, tag = "6")]
    pub display_name: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(bytes = "bytes", optional, tag = "7")]
    pub remote_path: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(bytes = "bytes", optional, tag = "8")]
    pub secret_key: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(int32, optional, tag = "9")]
    pub file_length: ::core::option::Option<i32>,
    #[prost(bytes = "bytes", optional, tag = "10")]
    pub action: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(message, repeated, tag = "11")]
    pub params: ::prost::alloc::vec::Vec<KeyValue>,
    /// s
    #[prost(int32, optional, tag = "12")]
    pub duration: ::core::option::Option<i32>,
    #[prost(message, optional, tag = "13")]
    pub size: ::core::option::Option<Size>,
    #[prost(bytes = "bytes", optional, tag = "14")]
    pub thumbnail_remote_path: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(bytes = "bytes", optional, tag = "15")]
    pub thumbnail_secret_key: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(bytes = "bytes", optional, tag = "16")]
    pub thumbnail_display_name: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(int32, optional, tag = "17")]
    pub thumbnail_file_length: ::core::option::Option<i32>,
    #[prost(message, optional, tag = "18")]
    pub thumbnail_size: ::core::option::Option<Size>,
    #[prost(bytes = "bytes", optional, tag = "19")]
    pub custom_event: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(message, repeated, tag = "20")]
    pub custom_exts: ::prost::alloc::vec::Vec<KeyValue>,
    #[prost(bytes = "bytes", optional, tag = "21")]
    pub building_name: ::core::option::Option<::prost::bytes::Bytes>,
    /// COMBINE 0, GIF 1, SUB_STREAM 10; presence matters
    #[prost(int32, optional, tag = "22")]
    pub sub_type: ::core::option::Option<i32>,
    #[prost(bytes = "bytes", optional, tag = "23")]
    pub title: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(bytes = "bytes", optional, tag = "24")]
    pub summary: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(int32, optional, tag = "25")]
    pub combine_level: ::core::option::Option<i32>,
}
#[derive(Clone, Copy, PartialEq, ::prost::Message)]
pub struct Size {
    #[prost(double, optional, tag = "1")]
    pub width: ::core::option::Option<f64>,
    #[prost(double, optional, tag = "2")]
    pub height: ::core::option::Option<f64>,
}
#[derive(Clone, PartialEq, Eq, Hash, ::prost::Message)]
pub struct Stream {
    #[prost(bytes = "bytes", optional, tag = "1")]
    pub stream_type: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(uint64, optional, tag = "2")]
    pub stream_seq: ::core::option::Option<u64>,
    /// START 0, IN_PROGRESS 1, COMPLETED 2, FULL 3
    #[prost(int32, optional, tag = "3")]
    pub stream_status: ::core::option::Option<i32>,
    #[prost(uint32, optional, tag = "4")]
    pub stream_error: ::core::option::Option<u32>,
    #[prost(int32, optional, tag = "5")]
    pub stream_finish_reason: ::core::option::Option<i32>,
}
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct KeyValue {
    #[prost(bytes = "bytes", optional, tag = "1")]
    pub key: ::core::option::Option<::prost::bytes::Bytes>,
    /// BOOL 1, INT 2, UINT 3, LLINT 4, FLOAT 5, DOUBLE 6, STRING 7, JSON_STRING 8
    #[prost(int32, optional, tag = "2")]
    pub r#type: ::core::option::Option<i32>,
    #[prost(int64, optional, tag = "3")]
    pub varint_value: ::core::option::Option<i64>,
    #[prost(float, optional, tag = "4")]
    pub float_value: ::core::option::Option<f32>,
    #[prost(double, optional, tag = "5")]
    pub double_value: ::core::option::Option<f64>,
    #[prost(bytes = "bytes", optional, tag = "6")]
    pub string_value: ::core::option::Option<::prost::bytes::Bytes>,
}
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct MucBody {
    #[prost(message, optional, tag = "1")]
    pub muc_id: ::core::option::Option<Jid>,
    #[prost(int32, optional, tag = "2")]
    pub operation: ::core::option::Option<i32>,
    #[prost(message, optional, tag = "3")]
    pub from: ::core::option::Option<Jid>,
    #[prost(message, repeated, tag = "4")]
    pub to: ::prost::alloc::vec::Vec<Jid>,
    #[prost(message, optional, tag = "5")]
    pub setting: ::core::option::Option<MucSetting>,
    #[prost(bytes = "bytes", optional, tag = "6")]
    pub reason: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(bool, optional, tag = "7")]
    pub is_chatroom: ::core::option::Option<bool>,
    #[prost(message, optional, tag = "8")]
    pub status: ::core::option::Option<MucStatus>,
    #[prost(bool, optional, tag = "9")]
    pub is_thread: ::core::option::Option<bool>,
    #[prost(message, optional, tag = "10")]
    pub muc_parent_id: ::core::option::Option<Jid>,
    #[prost(bytes = "bytes", optional, tag = "11")]
    pub muc_name: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(message, optional, tag = "12")]
    pub event_info: ::core::option::Option<MucEventInfo>,
    #[prost(int32, optional, tag = "13")]
    pub muc_member_count: ::core::option::Option<i32>,
    #[prost(bytes = "bytes", optional, tag = "14")]
    pub ext: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(bool, optional, tag = "15")]
    pub leave_other_rooms: ::core::option::Option<bool>,
    #[prost(bytes = "bytes", repeated, tag = "16")]
    pub members: ::prost::alloc::vec::Vec<::prost::bytes::Bytes>,
}
#[derive(Clone, PartialEq, Eq, Hash, ::prost::Message)]
pub struct MucSetting {
    #[prost(bytes = "bytes", optional, tag = "1")]
    pub name: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(bytes = "bytes", optional, tag = "2")]
    pub desc: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(int32, optional, tag = "3")]
    pub r#type: ::core::option::Option<i32>,
    #[prost(int32, optional, tag = "4")]
    pub max_users: ::core::option::Option<i32>,
    #[prost(bytes = "bytes", optional, tag = "5")]
    pub owner: ::core::option::Option<::prost::bytes::Bytes>,
}
#[derive(Clone, PartialEq, Eq, Hash, ::prost::Message)]
pub struct MucStatus {
    #[prost(int32, optional, tag = "1")]
    pub error_code: ::core::option::Option<i32>,
    #[prost(bytes = "bytes", optional, tag = "2")]
    pub description: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(bytes = "bytes", optional, tag = "3")]
    pub chatroom_info: ::core::option::Option<::prost::bytes::Bytes>,
}
#[derive(Clone, PartialEq, Eq, Hash, ::prost::Message)]
pub struct MucEventInfo {
    #[prost(int32, optional, tag = "1")]
    pub event_type: ::core::option::Option<i32>,
    #[prost(bytes = "bytes", optional, tag = "2")]
    pub ext: ::core::option::Option<::prost::bytes::Bytes>,
}
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct RosterBody {
    #[prost(int32, optional, tag = "1")]
    pub operation: ::core::option::Option<i32>,
    #[prost(message, optional, tag = "2")]
    pub status: ::core::option::Option<RosterStatus>,
    #[prost(message, optional, tag = "3")]
    pub from: ::core::option::Option<Jid>,
    #[prost(message, repeated, tag = "4")]
    pub to: ::prost::alloc::vec::Vec<Jid>,
    #[prost(bytes = "bytes", optional, tag = "5")]
    pub reason: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(bytes = "bytes", optional, tag = "6")]
    pub roster_ver: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(bool, optional, tag = "7")]
    pub bi_direction: ::core::option::Option<bool>,
}
#[derive(Clone, PartialEq, Eq, Hash, ::prost::Message)]
pub struct RosterStatus {
    #[prost(int32, optional, tag = "1")]
    pub error_code: ::core::option::Option<i32>,
    #[prost(bytes = "bytes", optional, tag = "2")]
    pub description: ::core::option::Option<::prost::bytes::Bytes>,
}
#[derive(Clone, PartialEq, Eq, Hash, ::prost::Message)]
pub struct StatisticsBody {
    /// INFORMATION 0, USER_REMOVED 1, USER_LOGIN_ANOTHER_DEVICE 2, USER_KICKED_BY_CHANGE_PASSWORD 3, USER_KICKED_BY_OTHER_DEVICE 4
    #[prost(int32, optional, tag = "1")]
    pub operation: ::core::option::Option<i32>,
    #[prost(int32, optional, tag = "2")]
    pub os: ::core::option::Option<i32>,
    #[prost(bytes = "bytes", optional, tag = "3")]
    pub version: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(int32, optional, tag = "4")]
    pub network: ::core::option::Option<i32>,
    #[prost(uint32, optional, tag = "5")]
    pub im_time: ::core::option::Option<u32>,
    #[prost(uint32, optional, tag = "6")]
    pub chat_time: ::core::option::Option<u32>,
    #[prost(bytes = "bytes", optional, tag = "7")]
    pub location: ::core::option::Option<::prost::bytes::Bytes>,
    #[prost(bytes = "bytes", optional, tag = "10")]
    pub reason: ::core::option::Option<::prost::bytes::Bytes>,
}
