//! Foreign text: what is left after cleaning cannot act on a terminal, and what is cut fits.

use manyou::text::wrap::{Span, wrap};
use manyou::text::{body, fit, label, pad, printable, to_ascii, width};

use crate::rng::Rng;

pub(crate) fn round(rng: &mut Rng) {
    let raw = rng.text(200);
    let cells = 1 + rng.below(40);
    let (many, one) = (body(&raw).text, label(&raw).text);
    assert!(many.chars().all(|c| c == '\n' || printable(c)), "{raw:?} leaves {many:?}");
    assert!(one.chars().all(printable), "{raw:?} leaves {one:?}");
    assert!(width(&fit(&one, cells)) <= cells, "{one:?} in {cells}");
    assert_eq!(width(&pad(&one, cells)), cells, "{one:?} in {cells}");
    assert!(to_ascii(&one).is_ascii(), "{one:?}");
    let cells = cells.max(4);
    let spans = [Span { text: many.clone(), style: () }];
    for row in wrap(&spans, cells) {
        let wide: usize = row.iter().map(|span| width(&span.text)).sum();
        assert!(wide <= cells, "{many:?} in {cells}");
    }
}
