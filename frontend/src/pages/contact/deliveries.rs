//! Messages that could not leave, for administrators: no content, no recipient.

use super::{titled, when};
use crate::api::contact;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::ui::{Button, Empty, Form, FormFault, Header, Icon, pages, toast};
use dto::contact::{Channel, Delivery};
use leptos::prelude::*;

texts! {
    UNDER: "Tin không gửi được sau nhiều lần thử. Sổ liên lạc trong Khuê vẫn có đủ.", "Messages given up after several tries. The contact book itself has them all.";
    NOTHING: "Không có tin nào bị dừng", "Nothing was given up";
    NOTHING_TEXT: "Tin gửi qua thư, SMS, Zalo hay thiết bị mà không tới được thì hiện ở đây.", "What cannot reach people by mail, SMS, Zalo or push shows here.";
    TRIES: "{n} lần thử, lần cuối: {why}", "{n} tries, the last: {why}";
    AGAIN: "Gửi lại", "Try again";
    WAITING: "Đã đưa vào hàng chờ", "Waiting again";
    UNKNOWN: "không rõ", "unknown";
    CHANNEL: "Đường gửi", "Channel";
    AT: "Lúc", "At";
    WHY: "Lí do", "Why";
}

#[component]
pub fn DeliveriesPage() -> impl IntoView {
    titled(t(tx::DELIVERIES));
    let dead = pages(contact::dead_deliveries);
    view! {
        <Header title=t(tx::DELIVERIES) under=t(UNDER)>{dead.export("tin-khong-gui-duoc")}</Header>
        {dead.show(move |items| {
            if items.is_empty() {
                return view! { <div class="panel"><Empty title=t(NOTHING) text=t(NOTHING_TEXT) glyph=Icon::Check /></div> }.into_any();
            }
            let again = Callback::new(move |()| dead.reload());
            view! { <ul class="panel body lines contact">{items.into_iter().map(|d| line(d, again)).collect_view()}</ul> }.into_any()
        })}
    }
}

fn line(delivery: Delivery, done: Callback<()>) -> impl IntoView {
    let channel = delivery.channel.parse::<Channel>().map_or(delivery.channel.clone(), |c| c.label(lang()).to_owned());
    let why = delivery.last_error.unwrap_or_else(|| t(UNKNOWN).to_owned());
    let tries = tf(TRIES, &[("n", &delivery.attempts.to_string()), ("why", &why)]);
    let form = Form::new();
    let id = delivery.id;
    let retry = Callback::new(move |()| {
        form.send(contact::retry_delivery(id), move |()| {
            toast::say(t(WAITING));
            done.run(());
        });
    });
    view! {
        <li>
            <span class="grow"><b data-col=t(CHANNEL)>{channel}</b>" "<small class="quiet" data-col=t(AT)>{when(delivery.created_at)}</small><br /><small class="muted" data-col=t(WHY)>{tries}</small><FormFault form=form /></span>
            <Button label=t(AGAIN) small=true busy=form.busy on_press=retry />
        </li>
    }
}
