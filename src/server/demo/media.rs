//! The other file formats, written byte by byte: sound, moving pictures, documents, forwarded records.

/// A dial tone of `seconds`, rising and falling, as WAV (8 kHz, 8 bit, mono).
pub(super) fn wav(seconds: u32) -> Vec<u8> {
    const RATE: u32 = 8000;
    let length = seconds * RATE;
    let mut out = Vec::with_capacity(44 + length as usize);
    out.extend(b"RIFF");
    out.extend((36 + length).to_le_bytes());
    out.extend(b"WAVEfmt ");
    out.extend(16_u32.to_le_bytes());
    for half in [1_u16, 1] {
        out.extend(half.to_le_bytes());
    }
    for word in [RATE, RATE] {
        out.extend(word.to_le_bytes());
    }
    for half in [1_u16, 8] {
        out.extend(half.to_le_bytes());
    }
    out.extend(b"data");
    out.extend(length.to_le_bytes());
    // A triangle wave: no floating point, so that every machine writes the same bytes.
    out.extend((0..length).map(|n| {
        let period = 18 + (n / 2000) % 5 * 2;
        let swing = (n % period).abs_diff(period / 2) * 2 * 96 / period;
        (80 + swing) as u8
    }));
    out
}

/// A blinking lamp, 32 by 32 pixels, four frames, as GIF with uncompressed LZW codes.
pub(super) fn gif() -> Vec<u8> {
    const SIDE: u16 = 32;
    let mut out = b"GIF89a".to_vec();
    out.extend(SIDE.to_le_bytes());
    out.extend(SIDE.to_le_bytes());
    out.extend([0b1000_0001, 0, 0]);
    out.extend([[20, 24, 30], [80, 88, 96], [240, 200, 80], [255, 244, 200]].concat());
    out.extend(b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0");
    for frame in 0..4_u16 {
        out.extend([0x21, 0xf9, 4, 0, 30, 0, 0, 0, 0x2c, 0, 0, 0, 0]);
        out.extend(SIDE.to_le_bytes());
        out.extend(SIDE.to_le_bytes());
        out.extend([0, 2]);
        let codes: Vec<u8> = (0..SIDE * SIDE).map(|at| lamp(at % SIDE, at / SIDE, frame)).collect();
        lzw_blocks(&codes, &mut out);
    }
    out.push(0x3b);
    out
}

fn lamp(x: u16, y: u16, frame: u16) -> u8 {
    let distance = x.abs_diff(16).pow(2) + y.abs_diff(16).pow(2);
    match distance {
        0..50 => 2 + u8::from(frame.is_multiple_of(2)),
        50..90 => u8::from(frame.is_multiple_of(2)) + 1,
        _ => 0,
    }
}

/// Three-bit codes with a clear code before every second pixel, so that the table never grows past three bits.
fn lzw_blocks(codes: &[u8], out: &mut Vec<u8>) {
    const CLEAR: u8 = 4;
    const END: u8 = 5;
    let cleared = codes.chunks(2).flat_map(|pair| std::iter::once(CLEAR).chain(pair.iter().copied()));
    let (mut packed, mut bits, mut held) = (Vec::new(), 0_u32, 0);
    for code in cleared.chain([END]) {
        bits |= u32::from(code) << held;
        held += 3;
        while held >= 8 {
            packed.push(bits as u8);
            bits >>= 8;
            held -= 8;
        }
    }
    packed.push(bits as u8);
    for block in packed.chunks(255) {
        out.push(block.len() as u8);
        out.extend(block);
    }
    out.push(0);
}

/// Size of the film in pixels.
pub(super) const FILM: (u32, u32) = (32, 24);
const FRAMES_A_SECOND: u32 = 5;

/// A square that crosses the picture: AVI with uncompressed 24-bit frames.
pub(super) fn avi(seconds: u32) -> Vec<u8> {
    let (width, height) = FILM;
    let (frames, frame_bytes) = (seconds * FRAMES_A_SECOND, width * height * 3);
    let words = |list: &[u32]| list.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<u8>>();
    let main = words(&[
        1_000_000 / FRAMES_A_SECOND,
        frame_bytes * FRAMES_A_SECOND,
        0,
        0x10,
        frames,
        0,
        1,
        frame_bytes,
        width,
        height,
        0,
        0,
        0,
        0,
    ]);
    let stream = [
        b"vidsDIB ".to_vec(),
        words(&[0, 0, 0, 1, FRAMES_A_SECOND, 0, frames, frame_bytes, u32::MAX, 0, 0, height << 16 | width]),
    ];
    let format = words(&[40, width, height, 24 << 16 | 1, 0, frame_bytes, 0, 0, 0, 0]);
    let track = list(*b"strl", &[chunk(*b"strh", &stream.concat()), chunk(*b"strf", &format)].concat());
    let header = list(*b"hdrl", &[chunk(*b"avih", &main), track].concat());
    let film: Vec<u8> = (0..frames).flat_map(|n| chunk(*b"00db", &frame(n))).collect();
    let index: Vec<u8> = (0..frames)
        .flat_map(|n| [b"00db".to_vec(), words(&[0x10, 4 + n * (frame_bytes + 8), frame_bytes])].concat())
        .collect();
    let body = [b"AVI ".to_vec(), header, list(*b"movi", &film), chunk(*b"idx1", &index)].concat();
    chunk(*b"RIFF", &body)
}

/// Rows run from the bottom; pixels are blue, green, red.
fn frame(n: u32) -> Vec<u8> {
    let (width, height) = FILM;
    let at = n % width;
    (0..width * height)
        .flat_map(|i| {
            let inside = (i % width).abs_diff(at) < 4 && (i / width).abs_diff(height / 2) < 4;
            if inside { [80, 190, 250] } else { [70, 50 + (i / width) as u8 * 2, 30] }
        })
        .collect()
}

fn chunk(name: [u8; 4], bytes: &[u8]) -> Vec<u8> {
    let mut out = name.to_vec();
    out.extend((bytes.len() as u32).to_le_bytes());
    out.extend(bytes);
    out
}

fn list(name: [u8; 4], bytes: &[u8]) -> Vec<u8> {
    chunk(*b"LIST", &[&name[..], bytes].concat())
}

/// One page with `lines` of ASCII text, as PDF with a correct cross-reference table.
pub(super) fn pdf(lines: &[&str]) -> Vec<u8> {
    let words: String = lines.iter().flat_map(|line| ["(", line, ") Tj T* "]).collect();
    let content = format!("BT /F1 14 Tf 18 TL 60 760 Td {words}ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut out = "%PDF-1.4\n".to_owned();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (number, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", out.len()));
        out.push_str(&format!("{} 0 obj\n{object}\nendobj\n", number + 1));
    }
    let start = out.len();
    let size = objects.len() + 1;
    out.push_str(&format!("{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"));
    out.into_bytes()
}

/// A forwarded record (`protocol` 6.2): `cm`, then each `Meta` after its length, then the XOR of every odd byte
/// from the third on.
pub(super) fn record(metas: &[Vec<u8>]) -> Vec<u8> {
    let mut out = b"cm".to_vec();
    for meta in metas {
        out.extend((meta.len() as u32).to_be_bytes());
        out.extend(meta);
    }
    let check = out.iter().skip(3).step_by(2).fold(0, |sum, byte| sum ^ byte);
    out.push(check);
    out
}
