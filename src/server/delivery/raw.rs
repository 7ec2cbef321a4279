//! Encoded messages changed without decoding them, so that what is not understood survives.

use prost::encoding::{DecodeContext, decode_key, skip_field};

/// The fields of an encoded message but those numbered in `without`, byte for byte; `None` when it is none.
pub(super) fn fields_but(raw: &[u8], without: &[u32]) -> Option<Vec<u8>> {
    let (mut rest, mut kept) = (raw, Vec::with_capacity(raw.len()));
    while !rest.is_empty() {
        let field = rest;
        let (number, form) = decode_key(&mut rest).ok()?;
        skip_field(form, number, &mut rest, DecodeContext::default()).ok()?;
        if !without.contains(&number) {
            kept.extend_from_slice(&field[..field.len() - rest.len()]);
        }
    }
    Some(kept)
}
