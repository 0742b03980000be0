//! A child's health as its family sees it: all of it, and who looked.

use super::{file, nowhere};
use crate::api::health;
use crate::format;
use crate::i18n::{t, texts, tf, tx};
use crate::pages::office::ways;
use crate::pages::params::param;
use crate::ui::{Button, Crumb, Form, FormFault, Header, Icon, icon, load, save_as};
use dto::LearnerId;
use leptos::prelude::*;

texts! {
    TITLE: "Sức khoẻ của {name}", "{name}'s health";
    UNDER: "Kết quả khám, tiêm chủng, điều nhà trường ghi và ai đã xem. Thấy sai, hãy yêu cầu sửa ở trang Quyền dữ liệu.", "Checks, vaccinations, what the school keeps and who looked. If something is wrong, ask for a correction on the page of data rights.";
    GROWTH: "Cân nặng, chiều cao", "Weight and height";
    CHART_PDF: "Biểu đồ PDF", "Charts as PDF";
}

#[component]
pub fn ChildHealthPage() -> impl IntoView {
    let learner = param::<LearnerId>("learner");
    let found = load(move || {
        let id = learner.get();
        async move { health::of_child(id.ok_or_else(nowhere)?).await }
    });
    let print = Callback::new(move |()| {
        let _ = window().print();
    });
    found.show(move |found| {
        let id = found.file.learner_id;
        let opened = RwSignal::new(Some(found.opened));
        let form = Form::new();
        let pdf = Callback::new(move |()| form.send(health::growth_chart(id, true), |blob| save_as(&blob, "bieu-do-tang-truong.pdf")));
        let under = format!("{} · {}", format::date(found.file.birth_date), t(UNDER));
        view! {
            <Header title=tf(TITLE, &[("name", &found.file.full_name)]) under=under crumbs=vec![Crumb(t(tx::CHILDREN).to_owned(), format!("/children/{id}"))]>
                <a class="btn" href=format!("/children/{id}/growth") rel="external">{icon(Icon::Chart)}{t(GROWTH)}</a>
                <Button label=t(CHART_PDF) glyph=Icon::File busy=form.busy on_press=pdf />
                <Button label=t(tx::PRINT) glyph=Icon::Print on_press=print />
            </Header>
            <FormFault form=form />
            {ways(id)}
            {file::whole(found.file, opened, None)}
        }
    })
}
