//! [`Message`] → protobuf body (`protocol` 6.2); used through `message::encode_body`.

use bytes::Bytes;

use super::{body_type, content_type, pb, sub_type, values};
use crate::domain::{Attachment, Body, ChatType, Message, Size, StreamStatus};

/// The body of a chat message as the SDK writes it. Exactly one content; facts are not written.
/// [`Body::Recalled`], unknown and damaged kinds give a body without content.
#[must_use]
pub fn encode_body(message: &Message) -> pb::MessageBody {
    let kind = match message.chat_type {
        ChatType::Single => body_type::CHAT,
        ChatType::Group => body_type::GROUPCHAT,
        ChatType::Room => body_type::CHATROOM,
    };
    let name = |name: &str| Some(pb::Jid { name: bytes(name), ..Default::default() });
    let mut body = pb::MessageBody {
        r#type: Some(kind),
        from: name(&message.from),
        to: name(&message.to),
        contents: encode_content(&message.body).into_iter().collect(),
        ext: message.ext.iter().map(|(k, v)| values::write(k, v)).collect(),
        ..Default::default()
    };
    if let Body::Text { stream: Some(stream), .. } = &message.body {
        body.stream = Some(pb::Stream {
            stream_type: bytes(&stream.kind),
            stream_seq: Some(stream.seq),
            stream_status: Some(match stream.status {
                StreamStatus::Start => 0,
                StreamStatus::InProgress => 1,
                StreamStatus::Completed => 2,
                StreamStatus::Full => 3,
            }),
            ..Default::default()
        });
    }
    if let Body::Recalled { target } = &message.body {
        body.r#type = Some(body_type::RECALL);
        body.ack_message_id = Some(target.0);
    }
    body
}

pub(super) fn bytes(text: &str) -> Option<Bytes> {
    Some(Bytes::copy_from_slice(text.as_bytes()))
}

fn encode_content(body: &Body) -> Option<pb::Content> {
    let of = |kind: i32| pb::Content { r#type: Some(kind), ..Default::default() };
    let pixels = |size: &Option<Size>| size.map(|s| pb::Size { width: Some(s.width), height: Some(s.height) });
    let pairs = |pairs: &[(String, crate::domain::ExtValue)]| pairs.iter().map(|(k, v)| values::write(k, v)).collect();
    Some(match body {
        Body::Text { text, stream } => pb::Content {
            text: bytes(text),
            sub_type: stream.as_ref().map(|_| sub_type::STREAM),
            ..of(content_type::TEXT)
        },
        Body::Image { file, size, gif } => pb::Content {
            size: pixels(size),
            sub_type: gif.then_some(sub_type::GIF),
            ..with_file(of(content_type::IMAGE), file)
        },
        Body::Audio { file, seconds } => {
            pb::Content { duration: Some(*seconds), ..with_file(of(content_type::VOICE), file) }
        }
        Body::Video { file, seconds, size, thumb } => {
            let mut content = with_file(of(content_type::VIDEO), file);
            content.duration = Some(*seconds);
            content.size = pixels(size);
            if let Some(thumb) = thumb {
                content.thumbnail_remote_path = bytes(&thumb.url);
                content.thumbnail_secret_key = bytes(&thumb.secret);
                content.thumbnail_display_name = bytes(&thumb.name);
                content.thumbnail_file_length = Some(i32::try_from(thumb.bytes).unwrap_or(i32::MAX));
            }
            content
        }
        Body::File { file } => with_file(of(content_type::FILE), file),
        Body::Location { latitude, longitude, address, building } => pb::Content {
            latitude: Some(*latitude),
            longitude: Some(*longitude),
            address: bytes(address),
            building_name: bytes(building).filter(|b| !b.is_empty()),
            ..of(content_type::LOCATION)
        },
        Body::Command { action, params } => {
            pb::Content { action: bytes(action), params: pairs(params), ..of(content_type::COMMAND) }
        }
        Body::Custom { event, exts } => {
            pb::Content { custom_event: bytes(event), custom_exts: pairs(exts), ..of(content_type::CUSTOM) }
        }
        Body::Combine { fallback, title, summary, level, file } => pb::Content {
            text: bytes(fallback),
            title: bytes(title),
            summary: bytes(summary),
            combine_level: Some(*level),
            sub_type: Some(sub_type::COMBINE),
            ..with_file(of(content_type::TEXT), file)
        },
        Body::Recalled { .. } | Body::Unknown { .. } | Body::Damaged { .. } => return None,
    })
}

fn with_file(content: pb::Content, file: &Attachment) -> pb::Content {
    pb::Content {
        display_name: bytes(&file.name),
        remote_path: bytes(&file.url),
        secret_key: bytes(&file.secret),
        file_length: Some(i32::try_from(file.bytes).unwrap_or(i32::MAX)),
        ..content
    }
}
