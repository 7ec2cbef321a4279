//! Small pictures painted by the program itself: a sunset, a receipt, a chart, a parcel.

use super::rng::Rng;

type Rgb = [u8; 3];

/// A picture of 8-bit RGB pixels, top row first.
pub(super) struct Canvas {
    pub(super) width: u32,
    pub(super) height: u32,
    pixels: Vec<u8>,
}

impl Canvas {
    fn new(width: u32, height: u32, color: impl Fn(u32, u32) -> Rgb) -> Self {
        let mut pixels = Vec::with_capacity((width * height * 3) as usize);
        for y in 0..height {
            for x in 0..width {
                pixels.extend(color(x, y));
            }
        }
        Self { width, height, pixels }
    }

    fn rect(&mut self, (x, y): (u32, u32), (width, height): (u32, u32), color: Rgb) {
        for row in y..(y + height).min(self.height) {
            for column in x..(x + width).min(self.width) {
                let at = ((row * self.width + column) * 3) as usize;
                self.pixels[at..at + 3].copy_from_slice(&color);
            }
        }
    }

    /// A quarter of the size, every fourth pixel.
    pub(super) fn thumbnail(&self) -> Self {
        Self::new(self.width / 4, self.height / 4, |x, y| {
            let at = ((y * 4 * self.width + x * 4) * 3) as usize;
            [self.pixels[at], self.pixels[at + 1], self.pixels[at + 2]]
        })
    }

    /// The picture as a PNG file; empty should the encoder fail, which memory never does.
    pub(super) fn png(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let mut encoder = png::Encoder::new(&mut out, self.width, self.height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::Fast);
        let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(&self.pixels));
        if written.is_err() {
            out.clear();
        }
        out
    }
}

fn mix(a: Rgb, b: Rgb, part: u32, whole: u32) -> Rgb {
    std::array::from_fn(|i| ((u32::from(a[i]) * (whole - part) + u32::from(b[i]) * part) / whole) as u8)
}

/// Evening over the water.
pub(super) fn sunset() -> Canvas {
    let (width, height, horizon) = (240, 160, 100);
    let mut picture = Canvas::new(width, height, |x, y| {
        let sun = x.abs_diff(150).pow(2) + y.abs_diff(78).pow(2);
        if y < horizon && sun < 260 {
            return [255, 244, 214];
        }
        if y < horizon {
            return mix([70, 104, 150], [232, 170, 120], y, horizon);
        }
        let glitter = x.abs_diff(150) < 14 + (y - horizon) / 3 && (x * 7 + y * 13) % 5 < 2;
        if glitter { [250, 220, 170] } else { mix([120, 110, 120], [40, 70, 100], y - horizon, height - horizon) }
    });
    picture.rect((0, 88), (56, 12), [58, 84, 92]);
    picture.rect((200, 92), (40, 8), [66, 90, 98]);
    picture
}

/// A till receipt: heads, lines of goods, a sum.
pub(super) fn receipt() -> Canvas {
    let mut rng = Rng::new(11);
    let mut paper = Canvas::new(160, 240, |_, y| if y % 2 == 0 { [252, 252, 248] } else { [248, 248, 243] });
    paper.rect((40, 14), (80, 10), [40, 40, 44]);
    paper.rect((56, 30), (48, 4), [150, 150, 150]);
    for line in 0..9 {
        let y = 48 + line * 15;
        paper.rect((14, y), (rng.within(40, 82) as u32, 5), [70, 70, 74]);
        paper.rect((124, y), (rng.within(12, 24) as u32, 5), [70, 70, 74]);
    }
    paper.rect((14, 190), (132, 1), [120, 120, 120]);
    paper.rect((14, 200), (30, 8), [20, 20, 24]);
    paper.rect((108, 200), (38, 8), [20, 20, 24]);
    for bar in 0..44 {
        paper.rect((20 + bar * 3, 218), (1 + u32::from(rng.next().is_multiple_of(2)), 14), [20, 20, 24]);
    }
    paper
}

/// Seven bars of a week.
pub(super) fn chart() -> Canvas {
    let mut rng = Rng::new(12);
    let mut sheet = Canvas::new(240, 160, |_, y| if y % 32 == 16 { [226, 230, 236] } else { [250, 251, 253] });
    for bar in 0..7 {
        let height = rng.within(24, 120) as u32;
        sheet.rect((20 + bar * 30, 144 - height), (20, height), mix([60, 140, 200], [90, 190, 140], bar, 7));
    }
    sheet.rect((14, 144), (214, 2), [70, 76, 84]);
    sheet
}

/// A parcel with a dented corner.
pub(super) fn parcel() -> Canvas {
    let mut picture = Canvas::new(240, 180, |x, y| mix([210, 212, 208], [168, 170, 168], u32::midpoint(x, y), 240));
    picture.rect((40, 44), (160, 110), [186, 140, 92]);
    picture.rect((40, 44), (160, 12), [204, 160, 112]);
    picture.rect((112, 44), (16, 110), [222, 196, 150]);
    picture.rect((56, 100), (44, 36), [244, 244, 240]);
    for step in 0..14 {
        picture.rect((200 - step * 2, 126 + step * 2), (step * 2, 2), [120, 84, 52]);
    }
    picture
}

/// Two shoes that should be the same size.
pub(super) fn shoes() -> Canvas {
    let mut picture = Canvas::new(240, 160, |_, y| mix([236, 232, 226], [206, 200, 192], y, 160));
    for (x, width) in [(24, 84), (130, 96)] {
        picture.rect((x, 92), (width, 30), [52, 84, 140]);
        picture.rect((x, 64), (width / 2, 30), [60, 96, 158]);
        picture.rect((x, 120), (width, 8), [246, 246, 246]);
        picture.rect((x + 8, 72), (width / 3, 3), [230, 230, 230]);
    }
    picture
}

/// A page of an app with an error box.
pub(super) fn screenshot() -> Canvas {
    let mut page = Canvas::new(120, 200, |_, _| [244, 246, 248]);
    page.rect((0, 0), (120, 22), [34, 120, 110]);
    for row in 0..4 {
        page.rect((10, 34 + row * 20), (100, 14), [255, 255, 255]);
    }
    page.rect((14, 116), (92, 44), [255, 238, 236]);
    page.rect((22, 126), (70, 6), [200, 60, 50]);
    page.rect((22, 140), (50, 5), [190, 130, 124]);
    page
}
