//! Raw bytes made small: deflate, with a dictionary of what messages have in common.
//!
//! A message alone is too short to hold much that repeats. The dictionary is our own demo talk as the service frames
//! it, and then the frame with the app's key, which stands twice in every message.

use std::cell::RefCell;

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

use crate::domain::AppKey;

/// Words and attributes. Never changes: what was packed with it is read with it.
const COMMON: &[u8] = include_bytes!("../../assets/archive/dictionary.bin");

/// What is longer stays as it is, and nothing unpacks to more.
pub(super) const MAX: usize = 64 * 1024;

/// The window reaches over the dictionary and the usual message.
const WINDOW_BITS: u8 = 13;

/// Between speed and size; any level unpacks alike.
const LEVEL: u32 = 3;

thread_local! {
    static TOOLS: RefCell<Option<Tools>> = const { RefCell::new(None) };
}

/// What packs and unpacks for one app; made once in a thread, since making it costs more than a message.
struct Tools {
    app: AppKey,
    dictionary: Vec<u8>,
    pack: Compress,
    unpack: Decompress,
}

/// The bytes packed; `None` where they would not be fewer.
pub(super) fn pack(app: &AppKey, raw: &[u8]) -> Option<Vec<u8>> {
    if raw.len() > MAX {
        return None;
    }
    with(app, |tools| {
        // Room for whatever comes: a stream that was not ended cannot be begun anew.
        let mut out = vec![0; raw.len() + raw.len() / 4 + 64];
        tools.pack.reset();
        tools.pack.set_dictionary(&tools.dictionary).ok()?;
        let end = tools.pack.compress(raw, &mut out, FlushCompress::Finish);
        if !matches!(end, Ok(Status::StreamEnd)) {
            tools.pack = packer();
            return None;
        }
        out.truncate(usize::try_from(tools.pack.total_out()).ok()?);
        (out.len() < raw.len()).then_some(out)
    })
}

fn packer() -> Compress {
    Compress::new_with_window_bits(Compression::new(LEVEL), false, WINDOW_BITS)
}

/// The bytes that were packed; `None` where these are none, or would be more than is ever packed.
pub(super) fn unpack(app: &AppKey, packed: &[u8]) -> Option<Vec<u8>> {
    with(app, |tools| {
        tools.unpack.reset(false);
        tools.unpack.set_dictionary(&tools.dictionary).ok()?;
        let mut out = vec![0; (packed.len() * 4 + 64).min(MAX)];
        loop {
            let (read, written) = (tools.unpack.total_in() as usize, tools.unpack.total_out() as usize);
            if written == out.len() && out.len() < MAX {
                out.resize((out.len() * 2).min(MAX), 0);
            }
            let (rest, room) = (packed.get(read..)?, out.get_mut(written..)?);
            let end = tools.unpack.decompress(rest, room, FlushDecompress::None).ok()?;
            let (now_read, now_written) = (tools.unpack.total_in() as usize, tools.unpack.total_out() as usize);
            if end == Status::StreamEnd {
                out.truncate(now_written);
                return (now_read == packed.len()).then_some(out);
            }
            if (now_read, now_written) == (read, written) {
                return None;
            }
        }
    })
}

fn with<T>(app: &AppKey, work: impl FnOnce(&mut Tools) -> Option<T>) -> Option<T> {
    TOOLS.with_borrow_mut(|kept| {
        if kept.as_ref().is_none_or(|tools| tools.app != *app) {
            *kept = Some(Tools {
                app: app.clone(),
                dictionary: dictionary(app),
                pack: packer(),
                // The widest window reads every other, and is the one that is not made anew for each message.
                unpack: Decompress::new(false),
            });
        }
        kept.as_mut().and_then(work)
    })
}

/// What is nearest to the end costs least: single chats stand there. Must never change.
fn dictionary(app: &AppKey) -> Vec<u8> {
    let app = app.to_string();
    let field = |number: u8, bytes: &[u8]| [&[(number << 3) | 2, bytes.len() as u8][..], bytes].concat();
    let who = |number: u8, name: &str, domain: &str, device: &[u8]| {
        let device = if device.is_empty() { Vec::new() } else { field(4, device) };
        let inner = [field(1, app.as_bytes()), field(2, name.as_bytes()), field(3, domain.as_bytes()), device].concat();
        field(number, &inner)
    };
    let middle = |kind: u8| [&b" \xf6\xd5\xa4\xc8\x8c4(\x012K\x08"[..], &[kind], b"\x12\x08\x12\x06"].concat();
    [
        COMMON.to_vec(),
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
        assert_eq!(print[..8], [0x5d, 0x22, 0x79, 0x6a, 0x91, 0xc9, 0xc9, 0xaa]);
    }

    #[test]
    fn a_bomb_and_what_is_torn_unpack_to_nothing() {
        let mut bomb = vec![0; 100_000];
        let mut maker = Compress::new(Compression::best(), false);
        maker.compress(&vec![b'a'; 10 * MAX], &mut bomb, FlushCompress::Finish).expect("packed");
        bomb.truncate(maker.total_out() as usize);
        assert_eq!(unpack(&app(), &bomb), None);
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
