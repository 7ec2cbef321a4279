//! The files that messages point at: each made once, under an address that never changes.

use bytes::Bytes;
use prost::Message as _;

use super::rng::uuid_of;
use super::{media, paint};
use crate::domain::{AppKey, Attachment, Body, ChatType, Message, MessageId, ServerTime, Size};
use crate::wire::{message, ns, pb};

/// One stored file.
pub(super) struct Stored {
    /// The word the scripts use for it.
    pub(super) key: &'static str,
    pub(super) uuid: String,
    pub(super) secret: String,
    pub(super) name: &'static str,
    pub(super) content_type: &'static str,
    pub(super) bytes: Vec<u8>,
    pub(super) thumbnail: Option<Vec<u8>>,
    pub(super) size: Option<Size>,
}

/// All files, and where they are served.
pub(super) struct Shelf {
    base: String,
    pub(super) files: Vec<Stored>,
}

/// Length of the film in seconds.
pub(super) const FILM_SECONDS: u32 = 3;
const SOUNDS: [(&str, u32, &str); 3] =
    [("2", 2, "voice-0002.wav"), ("4", 4, "voice-0004.wav"), ("7", 7, "voice-0007.wav")];

impl Shelf {
    /// Makes every file; `now` dates the messages within the forwarded record.
    pub(super) fn new(app: &AppKey, base_url: &str, now: ServerTime) -> Self {
        let base = format!("{}/{}/{}/chatfiles", base_url.trim_end_matches('/'), app.org(), app.app());
        let mut shelf = Self { base, files: Vec::with_capacity(20) };
        shelf.pictures();
        shelf.others(app, now);
        shelf
    }

    fn pictures(&mut self) {
        for (key, name, picture) in [
            ("sunset", "IMG_0428.png", paint::sunset()),
            ("receipt", "receipt-7731.png", paint::receipt()),
            ("chart", "week-sales.png", paint::chart()),
            ("parcel", "包裹破损.png", paint::parcel()),
            ("shoes", "IMG_1187.png", paint::shoes()),
            ("screen", "Screenshot_0912.png", paint::screenshot()),
        ] {
            let size = Size { width: f64::from(picture.width), height: f64::from(picture.height) };
            let stored = self.put(key, name, "image/png", picture.png());
            (stored.size, stored.thumbnail) = (Some(size), Some(picture.thumbnail().png()));
        }
        self.put("gif", "叮.gif", "image/gif", media::gif()).size = Some(Size { width: 32.0, height: 32.0 });
    }

    fn others(&mut self, app: &AppKey, now: ServerTime) {
        for (key, seconds, name) in SOUNDS {
            self.put(key, name, "audio/wav", media::wav(seconds));
        }
        let film = self.put("film", "unboxing.avi", "video/x-msvideo", media::avi(FILM_SECONDS));
        film.size = Some(Size { width: f64::from(media::FILM.0), height: f64::from(media::FILM.1) });
        self.put("still", "unboxing.png", "image/png", paint::parcel().thumbnail().png());
        let invoice =
            media::pdf(&["INVOICE (sample)", "Goods: 2 x canvas shoes", "Total: 258.00", "Not a tax document"]);
        self.put("invoice", "发票-示例.pdf", "application/pdf", invoice);
        let refund = media::pdf(&["REFUND SLIP (sample)", "Amount: 129.00", "Back to the paying account in 3 days"]);
        self.put("refund", "refund-7731.pdf", "application/pdf", refund);
        let sheet = "order,item,count,price\nM1029,canvas shoes,2,129.00\nM1030,rain jacket,1,349.00\n".into();
        self.put("orders", "orders.csv", "text/csv", sheet);
        let manual = "安装说明\n1. 打开电池盖，放入两节 7 号电池。\n2. 长按电源键 3 秒，指示灯变绿即可使用。\n".into();
        self.put("manual", "安装说明.txt", "text/plain", manual);
        self.put("record", "chat-record.cm", "application/octet-stream", record(app, now));
    }

    fn put(
        &mut self,
        key: &'static str,
        name: &'static str,
        content_type: &'static str,
        bytes: Vec<u8>,
    ) -> &mut Stored {
        let secret = uuid_of(&format!("secret of {key}")).replace('-', "");
        let (uuid, thumbnail, size) = (uuid_of(key), None, None);
        self.files.push(Stored { key, uuid, secret, name, content_type, bytes, thumbnail, size });
        let last = self.files.len() - 1;
        &mut self.files[last]
    }

    /// What a message says of the file `key`; the first file stands in for an unknown one.
    pub(super) fn attachment(&self, key: &str) -> (Attachment, Option<Size>) {
        let file = self.files.iter().find(|file| file.key == key).unwrap_or(&self.files[0]);
        let attachment = Attachment {
            url: format!("{}/{}", self.base, file.uuid),
            secret: file.secret.clone(),
            name: file.name.to_owned(),
            bytes: file.bytes.len() as u64,
        };
        (attachment, file.size)
    }
}

fn record(app: &AppKey, now: ServerTime) -> Vec<u8> {
    let lines = [
        ("wh_02", "kefu01", "那批杯子有三箱压坏了"),
        ("kefu01", "wh_02", "补寄的都加一层泡沫"),
        ("wh_02", "kefu01", "好的，四点的车一起走 👍"),
    ];
    let metas = lines.iter().zip(0_i64..).map(|(&(from, to, words), n)| {
        let time = now.plus_ms(-86_400_000 + n * 60_000);
        let message = Message {
            from: from.to_owned(),
            to: to.to_owned(),
            chat_type: ChatType::Single,
            body: Body::Text { text: words.to_owned(), stream: None },
            ..message::damaged(Bytes::new(), String::new())
        };
        let jid = |name: &str| pb::Jid {
            app_key: Some(Bytes::from(app.to_string())),
            name: Some(Bytes::copy_from_slice(name.as_bytes())),
            domain: Some(Bytes::from_static(b"easemob.com")),
            ..Default::default()
        };
        let meta = pb::Meta {
            id: Some(MessageId::at(time).0 + n as u64),
            from: Some(jid(from)),
            to: Some(jid(to)),
            timestamp: Some(time.0 as u64),
            ns: Some(ns::CHAT),
            payload: Some(message::encode_body(&message).encode_to_vec().into()),
            ..Default::default()
        };
        meta.encode_to_vec()
    });
    media::record(&metas.collect::<Vec<_>>())
}
