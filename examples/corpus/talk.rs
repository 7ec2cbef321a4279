//! The same talk on every machine: mixed Chinese and English, in thirty conversations, as a server would send it.

use bytes::Bytes;
use manyou::domain::{Body, ChatType, Message, MessageId, Peer, ServerTime};
use manyou::wire::{message, pb};
use prost::Message as _;

/// When the first message was sent.
const START_MS: i64 = 1_600_000_000_000;
const APP_KEY: &str = "manyou#sandbox";
const ME: &str = "kefu01";

const HAN: &str = "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事\
    成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明\
    性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门\
    任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场\
    件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据\
    程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运笔猫狗饭茶咖啡晚早班楼群聊消息图片语音视频文件快递订单客户合同发票\
    预算会议周末上线测试版本回滚日志崩溃内存延迟超时谢谢辛苦收到稍等没问题哈哈嗯好吧退款";
const ENGLISH: &str = "the to and of in is it you that for on we have be this with are not can will at as but so if from or was my \
    your they just do what there all out about time no know like when how now then some good could server deploy release build ticket \
    review merge branch customer invoice meeting schedule update version crash memory timeout error please thanks order refund";
const PHRASES: [&str; 6] = ["退款", "谢谢辛苦", "饕餮盛宴", "refund", "没问题", "订单"];
const EMOJI: [&str; 8] = ["😂", "👍🏽", "🙏", "❤️", "👨‍👩‍👧‍👦", "🇨🇳", "☕", "1️⃣"];
const NAMES: [&str; 12] = [
    "alice",
    "bob",
    "carol",
    "user_1029",
    "user_88211",
    "lilei",
    "hanmeimei",
    "zhangwei",
    "liuyang",
    "grace",
    "chenchen",
    "wx_o6bmjrptlm6_2sgvt7hmzop",
];

/// Stands in one message only, where nine tenths of the talk are behind: for searches that begin at the end.
const ONCE: &str = "魑魅魍魉 zyzzyva";

struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn below(&mut self, end: usize) -> usize {
        (self.roll() * end as f64) as usize
    }

    /// Small numbers come more often, as words do.
    fn often_small(&mut self, end: usize) -> usize {
        let part = self.roll();
        (part * part * part * end as f64) as usize
    }
}

/// `count` messages, one of so many conversations after another, each from its oldest to its newest; every third one is
/// a group.
pub(crate) fn talk(count: usize, conversations: usize) -> impl Iterator<Item = (Peer, Message)> {
    let (han, english): (Vec<char>, Vec<&str>) =
        (HAN.chars().filter(|c| !c.is_whitespace()).collect(), ENGLISH.split_whitespace().collect());
    let mut dice = Dice(42);
    let each = count.div_ceil(conversations).max(1);
    (0..count).filter_map(move |n| {
        let (conversation, place) = (n / each, n % each);
        let is_group = conversation % 3 == 2;
        let id = if is_group {
            format!("2100000000{conversation:05}")
        } else {
            format!("user_{}", 1000 + conversation * 37)
        };
        let peer = Peer::new(if is_group { ChatType::Group } else { ChatType::Single }, &id).ok()?;
        let ms = START_MS + (place * 40_000 + conversation * 1_000 + dice.below(900)) as i64;
        let from = match (is_group, dice.roll() < 0.5) {
            (_, true) => ME,
            (true, false) => NAMES[dice.often_small(NAMES.len())],
            (false, false) => peer.id(),
        };
        let to = if from == ME || is_group { peer.id() } else { ME };
        let message_id = MessageId(MessageId::at(ServerTime(ms)).0 | ((n as u64 & 0xf_ffff) << 2));
        let mut text = text(&mut dice, &han, &english, n);
        if n == count / 10 * 9 {
            text.push_str(ONCE);
        }
        Some((peer.clone(), sent(&peer, message_id, ms, from, to, body(&mut dice, text, n))?))
    })
}

fn text(dice: &mut Dice, han: &[char], english: &[&str], n: usize) -> String {
    let mut text = String::new();
    let is_chinese = dice.roll() < 0.67;
    for clause in 0..=dice.often_small(5) {
        if clause > 0 {
            text.push_str(if is_chinese { "，" } else { ", " });
        }
        for _ in 0..3 + dice.below(12) {
            if is_chinese {
                text.push(han[dice.often_small(han.len())]);
            } else {
                text.extend([english[dice.often_small(english.len())], " "]);
            }
        }
    }
    if dice.roll() < 0.02 {
        text.push_str(PHRASES[dice.below(PHRASES.len())]);
    }
    if dice.roll() < 0.15 {
        text.push_str(EMOJI[dice.below(EMOJI.len())]);
    }
    if dice.roll() < 0.03 {
        text.push_str(&format!(" https://x.example/t/{n:x}"));
    }
    text
}

fn body(dice: &mut Dice, text: String, n: usize) -> pb::Content {
    let bytes = |text: String| Some(Bytes::from(text));
    match dice.below(100) {
        0..92 => pb::Content { r#type: Some(0), text: bytes(text), ..Default::default() },
        kind => pb::Content {
            r#type: Some(if kind < 97 { 1 } else { 5 }),
            display_name: bytes(format!("IMG_2024_{n:07}.jpg")),
            remote_path: bytes(format!(
                "https://a1.easemob.com/easemob-demo/support/chatfiles/{:032x}",
                n * 0x9e37_79b9
            )),
            secret_key: bytes(format!("S{:015x}tw", n * 0x5851_f42d)),
            file_length: Some((n * 37 % 5_000_000) as i32),
            ..Default::default()
        },
    }
}

fn jid(name: &str, domain: &str, resource: &str) -> pb::Jid {
    let bytes = |text: &str| Some(Bytes::copy_from_slice(text.as_bytes())).filter(|text| !text.is_empty());
    pb::Jid { app_key: bytes(APP_KEY), name: bytes(name), domain: bytes(domain), client_resource: bytes(resource) }
}

fn sent(peer: &Peer, id: MessageId, ms: i64, from: &str, to: &str, content: pb::Content) -> Option<Message> {
    let is_group = peer.chat_type == ChatType::Group;
    let name = |name: &str| Some(pb::Jid { name: Some(Bytes::copy_from_slice(name.as_bytes())), ..Default::default() });
    let nick = pb::KeyValue {
        key: Some(Bytes::from_static(b"em_nick")),
        r#type: Some(7),
        string_value: Some(Bytes::copy_from_slice(from.as_bytes())),
        ..Default::default()
    };
    let body = pb::MessageBody {
        r#type: Some(if is_group { 2 } else { 1 }),
        from: name(from),
        to: name(to),
        contents: vec![content],
        ext: if id.0.is_multiple_of(3) { vec![nick] } else { Vec::new() },
        ..Default::default()
    };
    let meta = pb::Meta {
        id: Some(id.0),
        from: Some(jid(from, "easemob.com", "webim_random_1700000000000")),
        to: Some(jid(to, if is_group { "conference.easemob.com" } else { "easemob.com" }, "")),
        timestamp: Some(ms as u64),
        ns: Some(1),
        payload: Some(body.encode_to_vec().into()),
        ..Default::default()
    };
    let read = message::decode_meta(&meta.encode_to_vec().into())?;
    debug_assert!(!matches!(read.body, Body::Damaged { .. }));
    Some(read)
}
