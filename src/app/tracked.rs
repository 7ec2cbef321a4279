//! Parts of the state that know when they may have changed.

use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicU64, Ordering};

/// A value with a number that is another one whenever the value may be another one: two that share a number are equal.
#[derive(Clone, Debug)]
pub struct Tracked<T> {
    value: T,
    revision: u64,
}

impl<T> Tracked<T> {
    /// A value nobody has seen yet.
    pub fn new(value: T) -> Self {
        Self { value, revision: next() }
    }

    /// The number. It tells equal from perhaps different, and says nothing about order.
    pub const fn revision(&self) -> u64 {
        self.revision
    }
}

impl<T> Deref for Tracked<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// Whoever may change the value is taken to have done so.
impl<T> DerefMut for Tracked<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.revision = next();
        &mut self.value
    }
}

/// No number twice in a process, so that values of different states cannot share one by chance.
fn next() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    LAST.fetch_add(1, Ordering::Relaxed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_and_copying_keep_the_number_and_touching_does_not() {
        let mut list = Tracked::new(vec![1]);
        let (before, copy) = (list.revision(), list.clone());
        assert_eq!((list.len(), list.revision(), copy.revision()), (1, before, before));
        list.push(2);
        assert_ne!(list.revision(), before);
        assert_ne!(Tracked::new(vec![1]).revision(), before);
    }
}
