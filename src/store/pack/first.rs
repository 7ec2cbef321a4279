//! Reading what formats 2 and 3 packed: deflate, with a dictionary of our own demo talk and then the frame with the
//! app's key.

use std::cell::RefCell;

use flate2::{Decompress, FlushDecompress, Status};

use super::{MAX, frame};
use crate::domain::AppKey;

/// Words and attributes. Never changes: what was packed with it is read with it.
const COMMON: &[u8] = include_bytes!("../../../assets/archive/dictionary-1.bin");

thread_local! {
    static TOOLS: RefCell<Option<Tools>> = const { RefCell::new(None) };
}

/// What unpacks for one app; made once in a thread, since making it costs more than a message.
struct Tools {
    app: AppKey,
    dictionary: Vec<u8>,
    unpack: Decompress,
}

/// The bytes that were packed; `None` where these are none, or would be more than is ever packed.
pub(in crate::store) fn unpack_first(app: &AppKey, packed: &[u8]) -> Option<Vec<u8>> {
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
                dictionary: [COMMON, &frame(app)].concat(),
                // The widest window reads every other, and is the one that is not made anew for each message.
                unpack: Decompress::new(false),
            });
        }
        kept.as_mut().and_then(work)
    })
}

#[cfg(test)]
mod tests {
    use flate2::{Compress, Compression, FlushCompress};
    use proptest::prelude::*;

    use super::*;

    fn app() -> AppKey {
        "org#app".parse().expect("a key")
    }

    /// As formats 2 and 3 did it.
    fn pack(raw: &[u8]) -> Vec<u8> {
        let mut pack = Compress::new_with_window_bits(Compression::new(3), false, 13);
        pack.set_dictionary(&[COMMON, &frame(&app())].concat()).expect("set");
        let mut out = vec![0; raw.len() * 2 + 64];
        pack.compress(raw, &mut out, FlushCompress::Finish).expect("packed");
        out.truncate(pack.total_out() as usize);
        out
    }

    #[test]
    fn the_dictionary_is_the_one_that_archives_were_packed_with() {
        use sha2::{Digest, Sha256};
        let print = Sha256::digest([COMMON, &frame(&app())].concat());
        assert_eq!(print[..8], [0x5d, 0x22, 0x79, 0x6a, 0x91, 0xc9, 0xc9, 0xaa]);
    }

    #[test]
    fn a_bomb_and_what_is_torn_unpack_to_nothing() {
        let packed = pack(&[b'x'; 500]);
        assert_eq!(unpack_first(&app(), &packed), Some(vec![b'x'; 500]));
        assert_eq!(unpack_first(&app(), &packed[..packed.len() - 1]), None);
        assert_eq!(unpack_first(&app(), &[&packed[..], b"more"].concat()), None);
        assert_eq!(unpack_first(&app(), b""), None);
        assert_eq!(unpack_first(&app(), &pack(&vec![b'a'; MAX])).map(|raw| raw.len()), Some(MAX));
        assert_eq!(unpack_first(&app(), &pack(&vec![b'a'; MAX + 1])), None);
    }

    proptest! {
        #[test]
        fn what_was_packed_comes_back(raw in prop::collection::vec(any::<u8>(), 0..300), times in 1_usize..9) {
            let raw = raw.repeat(times);
            prop_assert_eq!(unpack_first(&app(), &pack(&raw)), Some(raw));
        }

        #[test]
        fn any_bytes_unpack_to_something_bounded_or_to_nothing(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            prop_assert!(unpack_first(&app(), &bytes).is_none_or(|raw| raw.len() <= MAX));
        }
    }
}
