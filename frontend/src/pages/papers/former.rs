//! School years that learners spent elsewhere: a signed transcript is dropped and checked, a paper one typed; which subject is which.

mod entry;
mod year;

use super::nowhere;
use crate::api::transcripts;
use crate::format;
use crate::i18n::{t, texts, tf, tx};
use crate::pages::params::param;
use crate::ui::{Button, Crumb, Dialog, DropZone, Empty, Form, FormFault, Header, Icon, Loader, SelectField, icon, load, toast};
use dto::former_years::{FormerYear, FormerYears};
use dto::{ClassId, LearnerId};
use entry::Entry;
use leptos::prelude::*;
use year::Year;

texts! {
    TITLE: "Học bạ các năm trước, lớp {name}", "Former years of class {name}";
    UNDER: "Cho học sinh chuyển đến: học bạ số của trường cũ được kiểm tra chữ ký ngay khi thả vào; học bạ giấy thì nhập tay.", "For learners who came from elsewhere: a signed transcript is checked when it is dropped; a paper one is typed.";
    TO_CLASS: "Học bạ số lớp {name}", "Transcripts of class {name}";
    LEARNER: "Học sinh", "Learner";
    CHOOSE: "Chọn học sinh", "Choose a learner";
    DROP: "Thả tệp học bạ số vào đây, hoặc bấm để chọn", "Drop the signed transcript here, or press to choose";
    DROP_TEXT: "Tệp .xml hoặc .pdf do trường cũ ban hành. Tệp bị sửa, hết hạn, hay của em khác đều bị từ chối kèm lí do.", "The .xml or .pdf file that the former school issued. A changed, expired or other child's file is refused, with the reason.";
    CHECKING: "Đang kiểm tra chữ ký số…", "Checking the signatures…";
    FIRST: "Hãy chọn học sinh trước", "Choose the learner first";
    TAKEN: "Học bạ hợp lệ, đã lưu năm học {year}", "The transcript is genuine; the year {year} is kept";
    PAPER: "Nhập từ học bạ giấy", "Type a paper transcript";
    NONE: "Chưa có năm học nào từ trường cũ", "No years from former schools yet";
    NONE_TEXT: "Chọn học sinh rồi thả học bạ số của trường cũ, hoặc nhập từ học bạ giấy.", "Choose a learner, then drop the transcript of the former school, or type the paper one.";
    LIST: "Đã có", "What is there";
    READ_ONLY: "Bạn chỉ xem được các năm học này.", "You can only read these years.";
}

#[component]
pub fn FormerYearsPage() -> impl IntoView {
    let id = param::<ClassId>("class");
    let loader = load(move || {
        let id = id.get();
        async move { transcripts::former_years(id.ok_or_else(nowhere)?).await }
    });
    loader.show(move |answer| view! { <Loaded answer=answer loader=loader /> })
}

#[component]
fn Loaded(answer: FormerYears, loader: Loader<FormerYears>) -> impl IntoView {
    let (class, writable) = (answer.class_id, answer.writable);
    let crumbs = vec![Crumb(tf(TO_CLASS, &[("name", &answer.class_name)]), format!("/papers/classes/{class}"))];
    let title = tf(TITLE, &[("name", &answer.class_name)]);
    let learner = RwSignal::new(String::new());
    let (typing, correcting) = (RwSignal::new(false), RwSignal::new(None::<FormerYear>));
    let name = {
        let learners = answer.learners.clone();
        move |id: LearnerId| {
            let known = learners.iter().find(|one| one.learner_id == id);
            known.map(|one| format::name(&one.full_name, &one.given_name).into_any())
        }
    };
    let correct = Callback::new(move |year: FormerYear| {
        learner.set(year.learner_id.to_string());
        correcting.set(Some(year));
        typing.set(true);
    });
    let years = answer
        .items
        .iter()
        .map(|year| {
            let head = name(year.learner_id);
            view! { <Year class=class year=year.clone() writable=writable head=head loader=loader correct=correct /> }
        })
        .collect_view();
    let list = match answer.items.is_empty() {
        true => view! { <Empty title=t(NONE) text=t(NONE_TEXT) glyph=Icon::Book /> }.into_any(),
        false => view! { <div class="stack">{years}</div> }.into_any(),
    };
    let options: Vec<(String, String)> = std::iter::once((String::new(), t(CHOOSE).to_owned()))
        .chain(answer.learners.iter().map(|one| (one.learner_id.to_string(), format!("{}. {}", one.ordinal, one.full_name))))
        .collect();
    let paper = Callback::new(move |()| match learner.read_untracked().is_empty() {
        true => toast::say(t(FIRST)),
        false => {
            correcting.set(None);
            typing.set(true);
        }
    });
    let done = Callback::new(move |()| {
        typing.set(false);
        toast::say(t(tx::SAVED));
        loader.reload();
    });
    let (grade, this_year) = (answer.grade, answer.school_year.clone());
    view! {
        <Header title=title crumbs=crumbs under=t(UNDER) />
        <div class="stack wide">
            {match writable {
                true => view! {
                    <section class="stack">
                        <SelectField label=t(LEARNER) name="learner" value=learner options=Signal::stored(options) />
                        <Drop class=class learner=learner loader=loader />
                        <div><Button label=t(PAPER) glyph=Icon::Plus on_press=paper /></div>
                    </section>
                }.into_any(),
                false => view! { <p class="strip info">{icon(Icon::Lock)}<span>{t(READ_ONLY)}</span></p> }.into_any(),
            }}
            <section class="panel former-years" aria-labelledby="years-title">
                <header><h2 id="years-title">{t(LIST)}</h2></header>
                <div class="body">{list}</div>
            </section>
        </div>
        <Dialog open=typing title=t(PAPER)>
            {learner.read_untracked().parse().ok().map(|id: LearnerId| view! {
                <Entry class=class learner=id year=correcting.get_untracked() grade=grade this_year=this_year.clone() done=done />
            })}
        </Dialog>
    }
    .into_any()
}

/// Where a file is dropped.
#[component]
fn Drop(class: ClassId, learner: RwSignal<String>, loader: Loader<FormerYears>) -> impl IntoView {
    let form = Form::new();
    let take = UnsyncCallback::new(move |file: web_sys::File| {
        let Ok(id) = learner.read_untracked().parse::<LearnerId>() else {
            toast::say(t(FIRST));
            return;
        };
        form.send(transcripts::take_former_year(class, id, file), move |year| {
            toast::say(tf(TAKEN, &[("year", &year.school_year)]));
            loader.reload();
        });
    });
    view! {
        <DropZone name="former-file" title=t(DROP) text=t(DROP_TEXT) working=t(CHECKING) accept=".xml,.pdf,application/pdf,text/xml" busy=form.busy on_file=take />
        <FormFault form=form />
    }
    .into_any()
}
