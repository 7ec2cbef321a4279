//! Search. `fold.rs` says which spellings of a word are the same; [`find`] where a word stands in a text as it is shown.

mod fold;
mod highlight;

pub use fold::fold;
pub use highlight::find;
