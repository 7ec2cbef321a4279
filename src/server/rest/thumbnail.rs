//! Small pictures of uploaded ones. Only PNG is read: the one format the program decodes itself.

use std::io::Cursor;

use png::{BitDepth, Decoder, Encoder, Limits, Transformations};

/// Longer side of a thumbnail in pixels.
const SIDE: u32 = 170;
/// A picture of more pixels is not decoded.
const MOST_PIXELS: u64 = 16_000_000;
/// Memory the decoder may take beside the pixels.
const MOST_BYTES: usize = 64 << 20;

/// A thumbnail of a PNG file, as PNG; `None` when it is none, is damaged, too large, or small already.
pub(super) fn of_png(file: &[u8]) -> Option<Vec<u8>> {
    let mut decoder = Decoder::new_with_limits(Cursor::new(file), Limits { bytes: MOST_BYTES });
    decoder.set_transformations(Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().ok()?;
    let (width, height) = reader.info().size();
    if u64::from(width) * u64::from(height) > MOST_PIXELS || width.max(height) <= SIDE {
        return None;
    }
    let mut pixels = vec![0; reader.output_buffer_size()?];
    let frame = reader.next_frame(&mut pixels).ok()?;
    let (small, across, down) = shrink(&pixels, (width, height), frame.color_type.samples());
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, across, down);
    encoder.set_color(frame.color_type);
    encoder.set_depth(BitDepth::Eight);
    encoder.write_header().ok()?.write_image_data(&small).ok()?;
    Some(out)
}

/// The pixel in the middle of each block, with the width and height they make.
fn shrink(pixels: &[u8], (width, height): (u32, u32), samples: usize) -> (Vec<u8>, u32, u32) {
    let longer = width.max(height);
    let scaled = |side: u32| (side * SIDE / longer).max(1);
    let (across, down) = (scaled(width), scaled(height));
    let middle = |n: u32, of: u32, side: u32| (u64::from(2 * n + 1) * u64::from(side) / u64::from(2 * of)) as usize;
    let mut out = Vec::with_capacity(across as usize * down as usize * samples);
    for y in 0..down {
        let row = middle(y, down, height) * width as usize;
        for x in 0..across {
            let at = (row + middle(x, across, width)) * samples;
            out.extend_from_slice(&pixels[at..at + samples]);
        }
    }
    (out, across, down)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width: u32, height: u32) -> Vec<u8> {
        let mut out = Vec::new();
        let mut encoder = Encoder::new(&mut out, width, height);
        encoder.set_color(png::ColorType::Grayscale);
        let row: Vec<u8> = (0..width).map(|x| if x < width / 2 { 0 } else { 255 }).collect();
        let pixels = row.repeat(height as usize);
        encoder.write_header().and_then(|mut writer| writer.write_image_data(&pixels)).expect("a picture");
        out
    }

    fn size(file: &[u8]) -> (u32, u32) {
        Decoder::new(Cursor::new(file)).read_info().expect("a picture").info().size()
    }

    #[test]
    fn a_large_picture_keeps_its_form_at_170_pixels() {
        let small = of_png(&picture(1000, 300)).expect("a thumbnail");
        assert_eq!(size(&small), (170, 51));
        assert_eq!(size(&of_png(&picture(3, 4000)).expect("a thumbnail")), (1, 170));
    }

    #[test]
    fn what_is_small_damaged_huge_or_no_picture_gets_none() {
        let whole = picture(400, 400);
        let mut bomb = whole.clone();
        bomb[16..24].copy_from_slice(&[0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff]);
        for odd in [&picture(170, 90)[..], &whole[..whole.len() / 2], &bomb, b"GIF89a", b""] {
            assert_eq!(of_png(odd), None);
        }
    }
}
