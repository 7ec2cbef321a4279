//! The people of the shop who are in no table: members that fill the groups. All names are invented.

/// How many they are.
pub(super) const CROWD: usize = 300;

/// Id and nickname of member `n`.
pub(super) fn crowd(n: usize) -> (String, String) {
    const FIRST: [&str; 20] = [
        "晴", "小", "阿", "大", "老", "乐", "晓", "子", "星", "云", "木", "海", "夏", "秋", "冬", "春", "江", "岚",
        "禾", "森",
    ];
    const SECOND: [&str; 15] =
        ["舟", "鹿", "米", "竹", "桃", "石", "鱼", "麦", "枫", "松", "菱", "雀", "梨", "砚", "棠"];
    let nickname = match n % 6 {
        0 => ["Robin", "Sasha", "Noa", "Elif", "Ivo", "Tess"][n / 6 % 6].to_owned() + &format!(" {}", n % 97),
        _ => format!("{}{}", FIRST[n % 20], SECOND[n / 20 % 15]),
    };
    (format!("member_{n:03}"), nickname)
}
