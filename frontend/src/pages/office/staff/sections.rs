//! A person's records by kind, and all of it in time.

use super::describe::{details, headline, span};
use crate::api::staff::{self, Whose};
use crate::format;
use crate::i18n::{lang, t, texts, tf};
use crate::ui::file::open as open_file;
use crate::ui::{Button, Icon, Look, Pill, Tone, icon, toast};
use dto::UnitId;
use dto::staff::Post;
use dto::staff_records::{RecordKind, StaffFacts, StaffRecord};
use leptos::prelude::*;
use leptos::task::spawn_local;

texts! {
    CHANGE: "Sửa", "Change";
    PROPOSE: "Đề nghị sửa", "Propose a change";
    TAKE_BACK: "Rút", "Take back";
    TAKEN_BACK: "Đã rút: {what}", "Taken back: {what}";
    PUT_BACK: "Đã đưa lại: {what}", "Put back: {what}";
    RESTORE: "Đưa lại", "Put back";
    GONE: "đã rút", "taken back";
    HISTORY: "Lịch sử", "History";
    OPEN: "Giấy chứng nhận", "Certificate";
    ATTACH: "Đính kèm", "Attach";
    ATTACHED: "Đã đính kèm {name}", "{name} is attached";
    REMOVE: "Bỏ tệp {name}", "Remove {name}";
    REMOVED: "Đã bỏ tệp", "The file is removed";
    PRIVATE: "Chỉ người giữ hồ sơ và chính người này thấy", "Seen by who keeps the record and the person";
    SINCE: "từ {day}", "since {day}";
    OPEN_FILE: "Mở tệp {name}", "Open {name}";
}

/// What can be done with records here.
#[derive(Clone, Copy)]
pub struct Acts {
    pub whose: Whose,
    /// The caller keeps the record: files, taking back.
    pub keeps: bool,
    /// Where files are kept.
    pub school: Option<UnitId>,
    pub change: Option<Callback<StaffRecord>>,
    pub history: Option<Callback<StaffRecord>>,
    /// Something has changed: read anew.
    pub changed: Callback<()>,
}

/// One panel a kind that has something.
pub fn sections(records: &[StaffRecord], acts: Acts) -> AnyView {
    RecordKind::ALL
        .iter()
        .filter_map(|kind| {
            let of_kind: Vec<_> = records.iter().filter(|record| record.facts.kind() == *kind).cloned().collect();
            (!of_kind.is_empty()).then(|| {
                let private = kind.is_private().then(|| view! { <span class="muted" title=t(PRIVATE)>{icon(Icon::Lock)}<span class="sr">{t(PRIVATE)}</span></span> });
                let lines = of_kind.into_iter().map(|record| line(record, acts)).collect_view();
                view! {
                    <section class="panel">
                        <header><h2 class="grow">{kind.label(lang())}</h2>{private}</header>
                        <ul class="body lines long">{lines}</ul>
                    </section>
                }
            })
        })
        .collect_view()
        .into_any()
}

fn certified(record: &StaffRecord) -> bool {
    matches!(record.facts, StaffFacts::Training { training_id: Some(_), .. })
}

/// Says what failed.
fn failed(error: crate::api::ApiError) {
    toast::say(error.text());
}

fn set_withdrawn(record: StaffRecord, withdrawn: bool, changed: Callback<()>) {
    spawn_local(async move {
        match staff::set_withdrawn(&record, withdrawn).await {
            Ok(now) => {
                let what = headline(&now.facts);
                changed.run(());
                if withdrawn {
                    toast::with_undo(tf(TAKEN_BACK, &[("what", &what)]), move || set_withdrawn(now.clone(), false, changed));
                } else {
                    toast::say(tf(PUT_BACK, &[("what", &what)]));
                }
            }
            Err(error) => failed(error),
        }
    });
}

fn line(record: StaffRecord, acts: Acts) -> AnyView {
    let stored = StoredValue::new(record.clone());
    let by_hand = !certified(&record);
    let gone = record.withdrawn;
    let press = |act: Callback<StaffRecord>| Callback::new(move |()| act.run(stored.get_value()));
    let change = acts.change.filter(|_| by_hand && !gone).map(|act| {
        let label = t(if acts.keeps { CHANGE } else { PROPOSE });
        view! { <Button small=true look=Look::Plain label=label on_press=press(act) /> }
    });
    let history = acts
        .history
        .filter(|_| record.version > 1)
        .map(|act| view! { <Button small=true look=Look::Plain label=t(HISTORY) on_press=press(act) /> });
    let take = (acts.keeps && by_hand).then(|| {
        let act = Callback::new(move |()| set_withdrawn(stored.get_value(), !gone, acts.changed));
        view! { <Button small=true look=Look::Plain label=t(if gone { RESTORE } else { TAKE_BACK }) on_press=act /> }
    });
    let paper = (!by_hand && !gone).then(|| {
        let act = Callback::new(move |()| {
            let id = stored.with_value(|record| record.id);
            spawn_local(async move {
                match staff::certificate(acts.whose, id).await {
                    Ok(blob) => open_file(&blob, "chung-nhan.pdf"),
                    Err(error) => failed(error),
                }
            });
        });
        view! { <Button small=true look=Look::Plain label=t(OPEN) glyph=Icon::File on_press=act /> }
    });
    let files = record.files.iter().map(|file| attached(stored, file.id, file.name.clone(), acts)).collect_view();
    let more = details(&record).join(" · ");
    view! {
        <li class:gone=gone>
            <span class="grow">
                <b>{headline(&record.facts)}</b>
                {gone.then(|| view! { " "<Pill label=t(GONE) tone=Tone::Quiet /> })}
                {(!more.is_empty()).then(|| view! { <br /><small class="muted">{more}</small> })}
                {(!record.files.is_empty()).then(|| view! { <span class="row tight">{files}</span> })}
            </span>
            <span class="quiet num">{span(&record)}</span>
            <span class="row tight no-print">{paper}{attach(stored, acts, by_hand && !gone)}{change}{history}{take}</span>
        </li>
    }
    .into_any()
}

fn attached(record: StoredValue<StaffRecord>, file: dto::FileId, name: String, acts: Acts) -> AnyView {
    let label = tf(REMOVE, &[("name", &name)]);
    let opening = tf(OPEN_FILE, &[("name", &name)]);
    let saved = name.clone();
    let open = Callback::new(move |()| {
        let (id, name) = (record.with_value(|record| record.id), saved.clone());
        spawn_local(async move {
            match staff::file(acts.whose, id, file).await {
                Ok(blob) => open_file(&blob, &name),
                Err(error) => failed(error),
            }
        });
    });
    let remove = move |_| {
        let record = record.get_value();
        spawn_local(async move {
            match staff::detach(record.staff_id, record.id, file).await {
                Ok(_) => {
                    acts.changed.run(());
                    toast::say(t(REMOVED));
                }
                Err(error) => failed(error),
            }
        });
    };
    view! {
        <span class="chip">
            <button type="button" class="btn plain small" aria-label=opening on:click=move |_| open.run(())>{icon(Icon::File)}{name}</button>
            {acts.keeps.then(|| view! { <button type="button" class="btn plain icon-only small" aria-label=label on:click=remove>{icon(Icon::Cross)}</button> })}
        </span>
    }
    .into_any()
}

fn attach(record: StoredValue<StaffRecord>, acts: Acts, open: bool) -> Option<AnyView> {
    let school = acts.school.filter(|_| acts.keeps && open)?;
    let chosen = move |event: leptos::ev::Event| {
        let input = event_target::<web_sys::HtmlInputElement>(&event);
        let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
        input.set_value("");
        let (staff, id, name) = record.with_value(|record| (record.staff_id, record.id, file.name()));
        spawn_local(async move {
            match staff::attach(staff, id, school, file).await {
                Ok(_) => {
                    acts.changed.run(());
                    toast::say(tf(ATTACHED, &[("name", &name)]));
                }
                Err(error) => failed(error),
            }
        });
    };
    Some(
        view! { <label class="btn plain small">{t(ATTACH)}<input type="file" class="sr" accept=".pdf,image/*,.doc,.docx" on:change=chosen /></label> }
            .into_any(),
    )
}

/// Posts and records in time, the latest first.
pub fn timeline(posts: &[Post], records: &[StaffRecord]) -> AnyView {
    let mut moments: Vec<(chrono::NaiveDate, String, String)> = posts
        .iter()
        .map(|post| {
            let what = format!("{}, {}", post.position.label(lang()), post.unit_name);
            (post.valid_from, what, tf(SINCE, &[("day", &format::date(post.valid_from))]))
        })
        .collect();
    for record in records.iter().filter(|record| !record.withdrawn && !record.facts.kind().is_private()) {
        if let Some(day) = record.first_on.or(record.decided_on) {
            let what = format!("{}: {}", record.facts.kind().label(lang()), headline(&record.facts));
            let time = span(record);
            moments.push((day, what, if time.is_empty() { format::date(day) } else { time }));
        }
    }
    moments.sort_by_key(|(day, ..)| std::cmp::Reverse(*day));
    let items = moments
        .into_iter()
        .map(|(_, what, time)| view! { <li><span class="quiet num">{time}</span><span>{what}</span></li> })
        .collect_view();
    view! { <ol class="timeline">{items}</ol> }.into_any()
}
