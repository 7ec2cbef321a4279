//! Chinese characters that differ only in script: traditional ones and the simplified one that stands for them.
//!
//! One character at a time: 后 and 後 are one, and so are 發 and 髮 because 发 stands for both. A search that merges the
//! scripts therefore finds more, never less.

use std::sync::LazyLock;

const FIRST: u32 = 0x3400;
const LAST: u32 = 0x9FFF;

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::read(include_str!("../../../assets/search/hanzi.txt")));

/// The simplified character that stands for a traditional one, else the character itself.
pub(super) fn simplified(c: char) -> char {
    let entry = u32::from(c).checked_sub(FIRST).and_then(|at| TABLE.simplified.get(at as usize));
    entry.and_then(|&c| char::from_u32(c.into())).unwrap_or(c)
}

struct Table {
    /// From `FIRST` on; 16 bits each, so that it stays in the processor's cache.
    simplified: Vec<u16>,
}

impl Table {
    fn read(groups: &str) -> Self {
        let mut table = Self { simplified: (FIRST..=LAST).map(|c| c as u16).collect() };
        for group in groups.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace) {
            let simplified = group.chars().next().map_or(0, u32::from) as u16;
            for c in group.chars() {
                if let Some(entry) =
                    u32::from(c).checked_sub(FIRST).and_then(|at| table.simplified.get_mut(at as usize))
                {
                    *entry = simplified;
                }
            }
        }
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_scripts_meet_in_the_simplified_one() {
        let meet = |text: &str| text.chars().map(simplified).collect::<String>();
        assert_eq!(meet("退款訂單發貨後頭髮裏裡臺灣麼餘著"), "退款订单发货后头发里里台湾么余着");
        assert_eq!(meet("退款a한ア𠮷"), "退款a한ア𠮷");
    }

    #[test]
    fn a_character_is_in_one_group_only() {
        let text = include_str!("../../../assets/search/hanzi.txt");
        let groups = text.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace);
        let mut all: Vec<char> = groups.flat_map(str::chars).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
        assert!(count > 5_000 && all.iter().all(|&c| (FIRST..=LAST).contains(&u32::from(c))));
    }
}
