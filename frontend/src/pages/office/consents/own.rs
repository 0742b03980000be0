//! A copy of what is kept about oneself, or about a child.

use crate::api::consents;
use crate::i18n::{t, texts};
use crate::ui::{Button, Form, FormFault, Icon, save_as};
use leptos::prelude::*;

texts! {
    COPY: "Dữ liệu về chính tôi", "My own data";
    COPY_TEXT: "Mọi thông tin hệ thống giữ về bạn (tài khoản, hồ sơ, tin nhắn đã gửi), trong một tệp ZIP gồm các tệp JSON và tệp của riêng bạn (giấy tờ trong hồ sơ, kế hoạch bài dạy, phiếu đồng ý). Lần tải được ghi vào nhật ký.", "Everything that is kept about you (account, record, messages sent), as a ZIP of JSON files and your own files (papers of the record, teaching plans, consent forms). The log notes that it was handed out.";
    TAKE: "Tải bản sao của tôi", "Take my copy";
}

#[component]
pub fn OwnCopy() -> impl IntoView {
    let form = Form::new();
    let take = Callback::new(move |()| form.send(consents::own_export(), |blob| save_as(&blob, "du-lieu-cua-toi.zip")));
    copy([t(COPY), t(COPY_TEXT), t(TAKE)], form, take)
}

/// The panel of a copy: its title, what is in it, and the button that takes it.
pub(super) fn copy([title, text, label]: [&'static str; 3], form: Form, take: Callback<()>) -> AnyView {
    view! {
        <section class="panel">
            <header><h2>{title}</h2></header>
            <div class="body stack">
                <p>{text}</p>
                <div class="row"><Button label=label glyph=Icon::File busy=form.busy on_press=take /></div>
                <FormFault form=form />
            </div>
        </section>
    }
    .into_any()
}
