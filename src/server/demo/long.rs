//! The conversation that goes on and on: any message can be written without the others.

use super::AGENT;
use super::draft::{Draft, Facts};
use super::rng::Rng;
use super::timeline::{DAY, HOUR, worked_before};
use crate::domain::{Peer, ServerTime};
use crate::server::db::seed::SeedMessage;

/// How many messages it has in the demo.
pub(super) const COUNT: usize = 20_000;
/// Opening hours of 85 days.
const WORKED: i64 = 85 * (DAY / 24) * 12;

/// An exchange: what the customer says, what the shop answers.
const EXCHANGES: [[&str; 2]; 24] = [
    ["今天要补{d}箱{p}，老规矩", "好的，{d}箱{p}，订单 {o} 已建"],
    ["上一批{p}到了吗", "到了，运单 {t}，今早签收的"],
    ["{p}的进价有变化吗", "这周没变，还是 {n} 元一件"],
    ["有 {d} 件破损，怎么处理", "拍照发我，直接从货款里扣 {n} 元"],
    ["月底对账单发我一下", "发您了，合计 {n} 元，有疑问随时说"],
    ["门口那批货什么时候来拉", "司机 {d} 点左右到，我让他先打电话"],
    ["Could you add two {p} to {o}?", "Added. The new total is {n}"],
    ["Is {t} out for delivery?", "Yes, it should reach you within {d} hours"],
    ["顾客说{p}的盒子太大了", "收到，下一批换小盒，{d} 天后到"],
    ["发票还没收到，金额 {n} 那张", "昨天寄出了，运单 {t}"],
    ["今天雨大，晚点送没关系", "谢谢理解 🙏 预计晚 {d} 小时"],
    ["{o} 少发了一件", "核对过了，漏了一件{p}，明天补上"],
    ["Please hold {o} until next week", "On hold. I'll ask again in {d} days"],
    ["新品{p}卖得不错，再来{d}箱", "恭喜 🎉 马上安排"],
    ["退货的{p}入库了没", "入库了，{n} 元已记到您的余额"],
    ["今天打烊早，{d} 点前送到行吗", "我跟司机说一声，尽量"],
    ["价签打错了，应该是 {n}", "已经改好，您刷新看看"],
    ["What's the lead time for {p} now?", "About {d} days, a bit faster than last month"],
    ["下周放假怎么发货", "{d} 号停一天，其余照常"],
    ["{t} 显示签收，但我没拿到", "我问了站点，放在隔壁茶馆了"],
    ["找到了，谢谢", "不客气"],
    ["ok", "👌"],
    ["帮我看看余额", "余额 {n} 元，够付 {o}"],
    ["辛苦了，早点休息", "您也是，明天见"],
];

/// Message `n` of `count`, counted from the newest (0), which is said at `newest`.
pub(super) fn draft(newest: ServerTime, customer: &str, n: usize, count: usize) -> Draft {
    let step = (WORKED / count.max(1) as i64).max(2);
    let jitter = Rng::new(n as u64).within(0, step / 2);
    let time = if n == 0 { newest } else { worked_before(newest, n as i64 * step - jitter) };
    let theirs = n.is_multiple_of(2);
    let from = if theirs { customer } else { AGENT };
    Draft::text(time, from, words(n, count, newest))
}

fn words(n: usize, count: usize, newest: ServerTime) -> String {
    match (n, count.checked_sub(n + 1)) {
        (0, _) => "在吗？还有一件事".to_owned(),
        (_, Some(0)) => format!("first message of this conversation · 这段对话的第一条消息（共 {count} 条）"),
        _ => {
            let exchange = n.div_ceil(2) as u64;
            let mut rng = Rng::new(0x10_0000 + exchange);
            let lines = EXCHANGES[rng.within(0, EXCHANGES.len() as i64) as usize];
            let english = lines[0].is_ascii();
            let facts = Facts::new(&mut rng, newest.plus_ms(-(exchange as i64) * HOUR / 10), english);
            facts.fill(lines[usize::from(n % 2 == 1)])
        }
    }
}

/// `count` messages between the shop's account and `peer`, oldest first, for benches: the same text and rhythm as
/// the demo's long conversation. `number` (below 128) keeps the ids of several such conversations apart.
pub fn long_conversation(count: usize, number: u64, peer: &Peer, now: ServerTime) -> impl Iterator<Item = SeedMessage> {
    (0..count).rev().map(move |n| draft(now, peer.id(), n, count).seed(AGENT, peer, low_bits(number, n)))
}

/// What an id carries below its millisecond: conversation and place in it.
pub(super) const fn low_bits(conversation: u64, n: usize) -> u64 {
    (conversation & 0x7f) << 15 | (n as u64 & 0x7fff)
}
