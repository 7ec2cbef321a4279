//! Raw bytes made small: zstd, with a dictionary of what messages have in common.
//!
//! A message alone is too short to hold much that repeats. The dictionary was made of our own demo talk and of made-up
//! talk, as the service frames them; after it stands the frame with the app's key, which stands twice in every message.
//! What every frame of zstd begins with is left out.

mod first;

use std::cell::RefCell;

use zstd::bulk::{Compressor, Decompressor};
use zstd::zstd_safe::CParameter;

pub(super) use self::first::unpack_first;
use crate::domain::AppKey;

/// Words and attributes, and how often which signs come. Never changes: what was packed with it is read with it.
const COMMON: &[u8] = include_bytes!("../../../assets/archive/dictionary-2.bin");

/// What is longer stays as it is, and nothing unpacks to more.
pub(super) const MAX: usize = 64 * 1024;

/// Between speed and size; any level unpacks alike.
const LEVEL: i32 = 3;

/// What every frame begins with.
const MAGIC: [u8; 4] = 0xFD2F_B528_u32.to_le_bytes();

thread_local! {
    static TOOLS: RefCell<Option<Tools>> = const { RefCell::new(None) };
}

/// What packs and unpacks for one app; made once in a thread, since making it costs more than a message.
struct Tools {
    app: AppKey,
    /// Most threads only read.
    pack: Option<Compressor<'static>>,
    unpack: Decompressor<'static>,
    /// A frame on its way.
    frame: Vec<u8>,
    /// Room for what it unpacks to.
    out: Vec<u8>,
}

impl Tools {
    fn new(app: &AppKey) -> std::io::Result<Self> {
        let unpack = Decompressor::with_dictionary(&dictionary(app))?;
        Ok(Self { app: app.clone(), pack: None, unpack, frame: Vec::new(), out: Vec::with_capacity(MAX) })
    }

    fn packer(&mut self) -> std::io::Result<(&mut Compressor<'static>, &mut Vec<u8>)> {
        if self.pack.is_none() {
            let mut pack = Compressor::with_dictionary(LEVEL, &dictionary(&self.app))?;
            // How long it is says the end; which dictionary, the row.
            pack.set_parameter(CParameter::ContentSizeFlag(false))?;
            pack.set_parameter(CParameter::DictIdFlag(false))?;
            pack.set_parameter(CParameter::ChecksumFlag(false))?;
            self.pack = Some(pack);
        }
        match &mut self.pack {
            Some(pack) => Ok((pack, &mut self.frame)),
            None => Err(std::io::ErrorKind::Other.into()),
        }
    }
}

/// The bytes packed; `None` where they would not be fewer.
pub(super) fn pack(app: &AppKey, raw: &[u8]) -> Option<Vec<u8>> {
    if raw.len() > MAX {
        return None;
    }
    with(app, |tools| {
        let (pack, frame) = tools.packer().ok()?;
        frame.clear();
        frame.reserve(zstd::zstd_safe::compress_bound(raw.len()));
        pack.compress_to_buffer(raw, frame).ok()?;
        let packed = frame.strip_prefix(&MAGIC)?;
        (packed.len() < raw.len()).then(|| packed.to_vec())
    })
}

/// The bytes that were packed; `None` where these are none, or would be more than is ever packed.
pub(super) fn unpack(app: &AppKey, packed: &[u8]) -> Option<Vec<u8>> {
    with(app, |tools| {
        tools.frame.clear();
        tools.frame.extend_from_slice(&MAGIC);
        tools.frame.extend_from_slice(packed);
        tools.out.clear();
        tools.unpack.decompress_to_buffer(&tools.frame, &mut tools.out).ok()?;
        Some(tools.out.clone())
    })
}

fn with<T>(app: &AppKey, work: impl FnOnce(&mut Tools) -> Option<T>) -> Option<T> {
    TOOLS.with_borrow_mut(|kept| {
        if kept.as_ref().is_none_or(|tools| tools.app != *app) {
            *kept = Tools::new(app).ok();
        }
        kept.as_mut().and_then(work)
    })
}

fn dictionary(app: &AppKey) -> Vec<u8> {
    [COMMON, &frame(app)].concat()
}

/// What is nearest to the end costs least: single chats stand there. Must never change.
fn frame(app: &AppKey) -> Vec<u8> {
    let app = app.to_string();
    let field = |number: u8, bytes: &[u8]| [&[(number << 3) | 2, bytes.len() as u8][..], bytes].concat();
    let who = |number: u8, name: &str, domain: &str, device: &[u8]| {
        let device = if device.is_empty() { Vec::new() } else { field(4, device) };
        let inner = [field(1, app.as_bytes()), field(2, name.as_bytes()), field(3, domain.as_bytes()), device].concat();
        field(number, &inner)
    };
    let middle = |kind: u8| [&b" \xf6\xd5\xa4\xc8\x8c4(\x012K\x08"[..], &[kind], b"\x12\x08\x12\x06"].concat();
    [
        who(2, "user_1", "easemob.com", b"webim_random_1700000000000"),
        who(3, "21000000000000", "conference.easemob.com", b""),
        middle(2),
        who(2, "user_1", "easemob.com", b""),
        who(3, "user_1", "easemob.com", b""),
        middle(1),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn app() -> AppKey {
        "org#app".parse().expect("a key")
    }

    #[test]
    fn the_dictionary_is_the_one_that_archives_were_packed_with() {
        use sha2::{Digest, Sha256};
        let print = Sha256::digest(dictionary(&app()));
        assert_eq!(print[..8], [116, 112, 51, 51, 245, 11, 205, 249]);
    }

    #[test]
    fn a_message_of_the_usual_kind_becomes_a_third() {
        let app: AppKey = "kf-2031#help".parse().expect("a key");
        let raw = [frame(&app), "您好，请问我的退款什么时候能到账？谢谢".as_bytes().to_vec()].concat();
        let packed = pack(&app, &raw).expect("packed");
        assert!(packed.len() * 3 < raw.len(), "{} of {}", packed.len(), raw.len());
        assert_eq!(unpack(&app, &packed), Some(raw));
    }

    #[test]
    fn a_bomb_and_what_is_torn_unpack_to_nothing() {
        let bomb = zstd::bulk::compress(&vec![b'a'; 10 * MAX], 19).expect("packed");
        assert_eq!(unpack(&app(), &bomb[4..]), None);
        let packed = pack(&app(), &[b'x'; 500]).expect("packed");
        assert_eq!(unpack(&app(), &packed[..packed.len() - 1]), None);
        assert_eq!(unpack(&app(), &[&packed[..], b"more"].concat()), None);
        assert_eq!(unpack(&app(), b""), None);
        let most = pack(&app(), &vec![b'x'; MAX]).expect("packed");
        assert_eq!(unpack(&app(), &most).map(|raw| raw.len()), Some(MAX));
        assert_eq!((pack(&app(), &vec![b'x'; MAX + 1]), pack(&app(), b"")), (None, None));
    }

    proptest! {
        #[test]
        fn what_is_packed_comes_back_and_is_smaller(raw in prop::collection::vec(any::<u8>(), 0..300), times in 1_usize..9) {
            let raw = raw.repeat(times);
            if let Some(packed) = pack(&app(), &raw) {
                prop_assert!(packed.len() < raw.len());
                prop_assert_eq!(unpack(&app(), &packed), Some(raw));
            }
        }

        #[test]
        fn any_bytes_unpack_to_something_bounded_or_to_nothing(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            prop_assert!(unpack(&app(), &bytes).is_none_or(|raw| raw.len() <= MAX));
        }
    }
}
