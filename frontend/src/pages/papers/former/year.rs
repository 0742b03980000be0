//! One former year: its results, whose signatures it has, and what can be done with it.

use crate::api::{gradebook, transcripts};
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::ui::{Button, Dialog, Form, FormFault, Icon, Loader, Look, Pill, Tone, file, icon, toast};
use dto::ClassId;
use dto::former_years::{FormerPeriod, FormerYear, FormerYearSubject, FormerYearTerm, FormerYears};
use dto::transcripts::SigningRole;
use leptos::prelude::*;
use regulations::curriculum;

texts! {
    SIGNED: "Học bạ số, chữ ký hợp lệ", "Signed, signatures valid";
    PAPER: "Từ học bạ giấy", "From paper";
    SUBJECT: "Môn ở trường cũ", "Subject there";
    OURS: "Môn của chương trình", "Subject here";
    OURS_OF: "Môn của chương trình ứng với {name}", "The subject of the programme that {name} is";
    UNMAPPED: "chưa chọn", "not chosen";
    UNMAPPED_COUNT: "{n} môn chưa có môn tương ứng", "{n} subjects are not matched";
    AGAIN: "Đánh giá lại", "Again";
    OUTCOMES: "Rèn luyện, kết quả chung", "Conduct and results";
    SIGNERS: "Chữ ký", "Signatures";
    CHECKED: "Kiểm tra lúc {day}", "Checked {day}";
    FILE: "Tải tệp gốc", "The original file";
    EDIT: "Sửa", "Correct";
    REMOVE: "Bỏ", "Remove";
    REMOVE_ASK: "Bỏ năm học {year} của học sinh này? Nhật ký vẫn giữ nội dung; tệp có thể thả lại.", "Remove the year {year} of this learner? The log keeps what it said; the file can be dropped again.";
    REMOVED: "Đã bỏ năm học", "The year was removed";
    TAKE_TERM: "Dùng làm kết quả {term} ở lớp này", "Use as {term} in this class";
    TERM_TAKEN: "Đã ghi {n} môn cho {term}", "{n} subjects recorded for {term}";
    BY: "{name} ghi lúc {day}", "Recorded by {name}, {day}";
    GRADE: "{school} · lớp {class}, khối {grade}", "{school} · class {class}, grade {grade}";
    NO_CLASS: "{school} · khối {grade}", "{school} · grade {grade}";
    HASH: "Mã băm nội dung", "Content hash";
}

#[component]
pub(super) fn Year(
    class: ClassId,
    year: FormerYear,
    writable: bool,
    head: Option<AnyView>,
    loader: Loader<FormerYears>,
    correct: Callback<FormerYear>,
) -> impl IntoView {
    let form = Form::new();
    let asking = RwSignal::new(false);
    let (learner, school_year, version) = (year.learner_id, year.school_year.clone(), year.version);
    let signed = year.signed.clone();
    let unmapped = year.content.subjects.iter().filter(|subject| subject.subject_code.is_none()).count();
    let place = tf(
        if year.content.class_name.is_empty() { NO_CLASS } else { GRADE },
        &[("school", &year.content.from_school), ("class", &year.content.class_name), ("grade", &year.content.grade.to_string())],
    );
    let pill = match signed.is_some() {
        true => view! { <Pill label=t(SIGNED) tone=Tone::Ok /> }.into_any(),
        false => view! { <Pill label=t(PAPER) tone=Tone::Quiet /> }.into_any(),
    };
    let stands = StoredValue::new(year.clone());
    let map = Callback::new(move |(at, code): (usize, String)| {
        let year = stands.get_value();
        let mut body = year.content.clone();
        body.subjects[at].subject_code = Some(code).filter(|code| !code.is_empty());
        form.send(
            async move { transcripts::put_former_year(class, learner, &year.school_year, version, &body).await },
            move |_| {
                toast::say(t(tx::SAVED));
                loader.reload();
            },
        );
    });
    let remove = {
        let school_year = school_year.clone();
        Callback::new(move |()| {
            let school_year = school_year.clone();
            form.send(async move { transcripts::remove_former_year(class, learner, &school_year).await }, move |()| {
                asking.set(false);
                toast::say(t(REMOVED));
                loader.reload();
            });
        })
    };
    let ask = tf(REMOVE_ASK, &[("year", &school_year)]);
    let terms = year.terms.iter().map(|term| term_button(class, term, &year, form)).collect_view();
    let by = tf(BY, &[("name", &year.updated_by), ("day", &format::instant(year.updated_at))]);
    let outcomes = year.content.outcomes.iter().map(|one| {
        view! { <div><dt>{format!("{} · {}", one.name, one.period.label(lang()))}</dt><dd>{one.value.clone()}</dd></div> }
    });
    let outcomes = outcomes.collect_view();
    let download = signed.clone().map(|signed| {
        let (year, name) = (school_year.clone(), format!("hoc-ba-{school_year}.{}", signed.form));
        let press = Callback::new(move |()| {
            let (year, name) = (year.clone(), name.clone());
            form.send(async move { transcripts::former_year_file(class, learner, &year).await }, move |blob| {
                file::save_as(&blob, &name)
            });
        });
        view! { <Button label=t(FILE) small=true glyph=Icon::File busy=form.busy on_press=press /> }
    });
    let editable = writable && signed.is_none();
    view! {
        <details class="panel">
            <summary>
                <span class="grow">{head}<small>{format!("{school_year} · {place}")}</small></span>
                {(unmapped > 0).then(|| view! { <Pill label=tf(UNMAPPED_COUNT, &[("n", &unmapped.to_string())]) tone=Tone::Warn /> })}
                {pill}
            </summary>
            <div class="body stack">
                {subjects(&year, writable, map)}
                <h3>{t(OUTCOMES)}</h3>
                <dl class="check-facts">{outcomes}</dl>
                {signed.map(proof)}
                <FormFault form=form />
                <p class="quiet">{by}</p>
                <div class="row no-print">
                    {download}
                    {writable.then_some(terms)}
                    {editable.then(|| view! { <Button label=t(EDIT) small=true on_press=Callback::new(move |()| correct.run(stands.get_value())) /> })}
                    {writable.then(|| view! { <Button label=t(REMOVE) small=true look=Look::Plain on_press=Callback::new(move |()| asking.set(true)) /> })}
                </div>
            </div>
        </details>
        <Dialog open=asking title=t(REMOVE)>
            <p>{ask.clone()}</p>
            <FormFault form=form />
            <footer>
                <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| asking.set(false)) />
                <Button label=t(REMOVE) look=Look::Danger busy=form.busy on_press=remove />
            </footer>
        </Dialog>
    }
    .into_any()
}

/// Saves a term of this year as a term at the former school.
fn term_button(class: ClassId, term: &FormerYearTerm, year: &FormerYear, form: Form) -> AnyView {
    let (learner, term) = (year.learner_id, term.clone());
    let name = term.term.label(lang());
    let press = Callback::new(move |()| {
        let FormerYearTerm { term, record } = term.clone();
        let count = record.subjects.len().to_string();
        form.send(async move { gradebook::put_former_term(class, term, learner, 0, &record).await }, move |_| {
            toast::say(tf(TERM_TAKEN, &[("n", &count), ("term", term.label(lang()))]));
        });
    });
    view! { <Button label=tf(TAKE_TERM, &[("term", name)]) small=true look=Look::Primary busy=form.busy on_press=press /> }
        .into_any()
}

fn proof(signed: dto::former_years::FormerYearSigned) -> AnyView {
    let lines = signed
        .signatures
        .into_iter()
        .filter(|one| one.role != SigningRole::Subject)
        .map(|one| {
            let at = one.signed_at.map(format::instant);
            view! { <li class="done">{icon(Icon::Check)}<div><b>{one.role.label(lang())}</b><p>{one.signer}</p><small>{at}</small></div></li> }
        })
        .collect_view();
    view! {
        <h3>{t(SIGNERS)}</h3>
        <ul class="signatures">{lines}</ul>
        <p class="quiet">{tf(CHECKED, &[("day", &format::instant(signed.checked_at))])}" · "{t(HASH)}" "<code class="hash">{signed.content_hash}</code></p>
    }
    .into_any()
}

fn subjects(year: &FormerYear, writable: bool, map: Callback<(usize, String)>) -> AnyView {
    let periods: Vec<FormerPeriod> = FormerPeriod::ALL
        .iter()
        .copied()
        .filter(|period| year.content.subjects.iter().any(|subject| subject.values.iter().any(|value| value.period == *period)))
        .collect();
    let heads = periods
        .iter()
        .map(|period| view! { <th scope="col" class="num">{if *period == FormerPeriod::Again { t(AGAIN) } else { period.label(lang()) }}</th> })
        .collect_view();
    let taken: Vec<String> = year.content.subjects.iter().filter_map(|subject| subject.subject_code.clone()).collect();
    let rows = year.content.subjects.iter().enumerate().map(|(at, subject)| {
        let cells = periods
            .iter()
            .map(|period| {
                let value = subject.values.iter().find(|value| value.period == *period);
                let text = value.map(|value| match &value.test {
                    Some(test) => format!("{} ({test})", value.value),
                    None => value.value.clone(),
                });
                view! { <td class="num">{text}</td> }
            })
            .collect_view();
        view! { <tr><th scope="row">{subject.name.clone()}</th>{cells}<td>{ours(at, subject, &taken, writable, map)}</td></tr> }
    });
    view! {
        <div class="table" tabindex="0" role="region" aria-label=t(SUBJECT)>
            <table>
                <thead><tr><th scope="col">{t(SUBJECT)}</th>{heads}<th scope="col">{t(OURS)}</th></tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// Which subject of the programme it is: said by who may, one subject once.
fn ours(at: usize, subject: &FormerYearSubject, taken: &[String], writable: bool, map: Callback<(usize, String)>) -> AnyView {
    let named = |code: &str| {
        curriculum::subject(code).map_or_else(|| code.to_owned(), |found| lang().pick(found.vi, found.en).to_owned())
    };
    if !writable {
        return subject.subject_code.as_deref().map_or_else(|| t(UNMAPPED).to_owned(), named).into_any();
    }
    let chosen = subject.subject_code.clone().unwrap_or_default();
    let options = std::iter::once((String::new(), t(UNMAPPED).to_owned()))
        .chain(
            curriculum::subjects()
                .iter()
                .filter(|found| found.code == chosen || !taken.iter().any(|code| code == found.code))
                .map(|found| (found.code.to_owned(), lang().pick(found.vi, found.en).to_owned())),
        )
        .map(|(code, label)| {
            let selected = code == chosen;
            view! { <option value=code selected=selected>{label}</option> }
        })
        .collect_view();
    let label = tf(OURS_OF, &[("name", &subject.name)]);
    view! { <select class="small" aria-label=label on:change=move |event| map.run((at, event_target_value(&event)))>{options}</select> }
        .into_any()
}
