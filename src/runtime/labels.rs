//! The words of the formats for people.

use crate::export::Labels;
use crate::i18n::Texts;

/// The words of the formats for people, in the language of `texts`.
#[must_use]
pub fn labels(texts: &Texts) -> Labels {
    let t = |key: &str| texts.t(key);
    let lang: &str = texts.lang().into();
    let days = t("export-weekdays");
    let mut days = days.split(' ').map(str::to_owned);
    Labels {
        lang: lang.to_owned(),
        account: t("row-account"),
        app: t("export-app"),
        server: t("export-server"),
        profile: t("export-profile"),
        exported: t("export-exported"),
        zone: t("export-zone"),
        program: t("export-program"),
        messages: t("row-messages"),
        first: t("row-first"),
        last: t("row-last"),
        extent: t("export-extent"),
        whole: t("export-whole"),
        part: t("export-part"),
        image: t("kind-image"),
        gif: t("kind-gif"),
        voice: t("kind-voice"),
        video: t("kind-video"),
        file: t("kind-file"),
        place: t("kind-place"),
        command: t("kind-command"),
        custom: t("kind-custom"),
        record: t("kind-record"),
        thread: t("kind-thread"),
        unknown: t("kind-unknown"),
        damaged: t("kind-damaged"),
        empty: t("text-empty"),
        recalled: t("export-recalled"),
        edited: t("badge-edited"),
        replaced: t("badge-replaced"),
        unfinished: t("badge-stream-running"),
        hidden: t("export-hidden"),
        bad_time: t("export-bad-time"),
        saved: t("export-saved"),
        weekdays: std::array::from_fn(|_| days.next().unwrap_or_default()),
    }
}
