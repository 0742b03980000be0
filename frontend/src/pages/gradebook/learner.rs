//! One learner's marks and results, as staff see them.

use super::nowhere;
use crate::api::gradebook;
use crate::i18n::{t, tx};
use crate::pages::family::report;
use crate::pages::params::param;
use crate::ui::{Button, Crumb, Header, Icon, load};
use dto::LearnerId;
use leptos::prelude::*;

#[component]
pub fn LearnerReportPage() -> impl IntoView {
    let id = param::<LearnerId>("learner");
    let answer = load(move || {
        let id = id.get();
        async move { gradebook::learner_report(id.ok_or_else(nowhere)?).await }
    });
    answer.show(|answer| {
        let crumbs = vec![
            Crumb(t(tx::LEARNERS).to_owned(), "/learners".to_owned()),
            Crumb(answer.full_name.clone(), format!("/learners/{}", answer.learner_id)),
        ];
        let under = format!("{} {} · {} · {}", t(tx::CLASS), answer.class_name, answer.school_name, answer.school_year);
        let print = Callback::new(move |()| {
            let _ = window().print();
        });
        view! {
            <Header title=answer.full_name.clone() crumbs=crumbs under=under>
                <Button label=t(tx::PRINT) glyph=Icon::Print on_press=print />
            </Header>
            <div class="family">{report::report(answer)}</div>
        }
    })
}
