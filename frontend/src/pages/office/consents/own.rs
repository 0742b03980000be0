//! A copy of what is kept about oneself.

use crate::api::consents;
use crate::i18n::{t, texts};
use crate::ui::{Button, Form, FormFault, Icon, save_as};
use leptos::prelude::*;

texts! {
    COPY: "Dữ liệu về chính tôi", "My own data";
    COPY_TEXT: "Mọi thông tin hệ thống giữ về bạn (tài khoản, hồ sơ, tin nhắn đã gửi), trong một tệp ZIP gồm các tệp JSON. Lần tải được ghi vào nhật ký.", "Everything that is kept about you (account, record, messages sent), as a ZIP of JSON files. The log notes that it was handed out.";
    TAKE: "Tải bản sao của tôi", "Take my copy";
}

#[component]
pub fn OwnCopy() -> impl IntoView {
    let form = Form::new();
    let take = Callback::new(move |()| form.send(consents::own_export(), |blob| save_as(&blob, "du-lieu-cua-toi.zip")));
    view! {
        <section class="panel">
            <header><h2>{t(COPY)}</h2></header>
            <div class="body stack">
                <p>{t(COPY_TEXT)}</p>
                <div class="row"><Button label=t(TAKE) glyph=Icon::File busy=form.busy on_press=take /></div>
                <FormFault form=form />
            </div>
        </section>
    }
    .into_any()
}
