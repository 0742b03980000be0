//! Comments on the learners of a class in a subject and semester, with the school's phrases.

use super::around::strip;
use super::conduct::terms;
use super::marks::address;
use super::nowhere;
use super::past::{CommentHistory, OfComment};
use super::phrases::chips;
use crate::api::sheet;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::params::param;
use crate::ui::{Button, Crumb, Dialog, Empty, Form, FormFault, Header, Icon, Loader, Look, Pill, Tone, icon, load, toast};
use dto::calendar::Term;
use dto::comments::{CommentOutcome, CommentRow, CommentSheet, PutComment, PutComments, fill};
use dto::gradebook::{CellResult, TermState};
use dto::{ClassId, LearnerId};
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    TITLE: "Nhận xét {subject}", "Comments: {subject}";
    MARKS: "Sổ điểm", "Mark sheet";
    BANK: "Ngân hàng nhận xét", "Phrase bank";
    INSERT: "Chèn câu", "Insert a phrase";
    INSERT_FOR: "Chèn câu cho {name}", "Insert a phrase for {name}";
    SAVE: "Lưu {n} nhận xét", "Save {n} comments";
    NO_CHANGES: "Chưa có thay đổi", "No changes yet";
    SAVED: "Đã lưu {n} nhận xét", "{n} comments were saved";
    SOME_LEFT: "{n} nhận xét cần xem lại", "{n} comments need a look";
    CLOSED: "{term} đã chốt, nhận xét chỉ để xem.", "{term} is closed: comments are read only.";
    READ_ONLY: "Bạn xem được nhận xét; giáo viên bộ môn viết.", "You may read the comments; the subject teacher writes them.";
    LOCKED: "Đã quá hạn nhập điểm cuối kì ({day}), nhận xét cũng đã khoá.", "The deadline for final marks has passed ({day}), so comments are locked too.";
    OPENED: "Được mở đến {day}", "Open until {day}";
    DUE: "Hạn {day}", "Due {day}";
    NOBODY: "Lớp chưa có học sinh học môn này", "No learner takes this subject yet";
    LEFT: "đã rời lớp", "left the class";
    CONFLICT: "{who} đã viết: “{text}”", "{who} wrote: “{text}”";
    TAKE: "Lấy câu đó", "Take it";
    KEEP: "Giữ của tôi", "Keep mine";
    EMPTY: "(để trống)", "(empty)";
    HISTORY_OF: "Lịch sử nhận xét về {name}", "History of the comment on {name}";
    COMMENT_OF: "Nhận xét về {name}", "Comment on {name}";
    WRITTEN: "Đã viết {n}/{all}", "{n} of {all} written";
    UNSAVED: "Chưa lưu", "Not saved";
}

/// One learner's comment on the screen.
#[derive(Clone)]
struct Line {
    row: CommentRow,
    text: RwSignal<String>,
    /// What the server has, with its version.
    stands: RwSignal<(String, i64)>,
    conflict: RwSignal<Option<CommentOutcome>>,
}

impl Line {
    fn new(row: CommentRow) -> Line {
        let text = row.text.clone().unwrap_or_default();
        Line { text: RwSignal::new(text.clone()), stands: RwSignal::new((text, row.version)), conflict: RwSignal::new(None), row }
    }

    /// Tracked.
    fn changed(&self) -> bool {
        self.text.read().trim() != self.stands.read().0
    }
}

#[component]
pub fn CommentsPage() -> impl IntoView {
    let (class, subject, term) = (param::<ClassId>("class"), param::<String>("subject"), param::<Term>("term"));
    let comments = load(move || {
        let place = class.get().zip(subject.get()).zip(term.get());
        async move {
            let ((class, subject), term) = place.ok_or_else(nowhere)?;
            sheet::comments(class, &subject, term).await
        }
    });
    comments.show(move |answer| view! { <Loaded answer=answer comments=comments /> })
}

#[component]
fn Loaded(answer: CommentSheet, comments: Loader<CommentSheet>) -> impl IntoView {
    let (class, term, school) = (answer.class_id, answer.term, answer.school_id);
    let code = StoredValue::new(answer.subject_code.clone());
    let subject = lang().pick(&answer.subject_name_vi, &answer.subject_name_en).to_owned();
    let crumbs = vec![
        Crumb(t(tx::CLASSES).to_owned(), "/classes".to_owned()),
        Crumb(answer.class_name.clone(), format!("/classes/{class}")),
        Crumb(t(MARKS).to_owned(), address(class, &answer.subject_code, term)),
    ];
    let lines: Vec<Line> = answer.rows.into_iter().map(Line::new).collect();
    let all = StoredValue::new(lines.clone());
    let changed = Memo::new(move |_| all.with_value(|lines| lines.iter().filter(|line| line.changed()).count()));
    let written = move || all.with_value(|lines| lines.iter().filter(|line| !line.text.read().trim().is_empty()).count());
    let form = Form::new();
    let save = Callback::new(move |()| {
        let rows: Vec<PutComment> = all.with_value(|lines| {
            let changed = lines.iter().filter(|line| line.text.read_untracked().trim() != line.stands.read_untracked().0);
            changed
                .map(|line| PutComment {
                    learner_id: line.row.learner_id,
                    text: Some(line.text.get_untracked().trim().to_owned()).filter(|text| !text.is_empty()),
                    version: line.stands.read_untracked().1,
                })
                .collect()
        });
        if rows.is_empty() {
            return;
        }
        let body = PutComments { rows };
        form.send(async move { sheet::put_comments(class, &code.get_value(), term, &body).await }, move |answer| {
            let mut left = 0;
            for outcome in &answer.rows {
                if !all.with_value(|lines| take(lines, outcome)) {
                    left += 1;
                }
            }
            let saved = answer.rows.len() - left;
            toast::say(match left {
                0 => tf(SAVED, &[("n", &saved.to_string())]),
                n => tf(SOME_LEFT, &[("n", &n.to_string())]),
            });
        });
    });
    let bank = load(move || async move { sheet::phrases(school, Some(code.get_value())).await });
    let past: OfComment = RwSignal::new(None);
    let (picking, whose) = (RwSignal::new(false), RwSignal::new(None::<LearnerId>));
    let pick = Callback::new(move |phrase: String| {
        all.with_value(|lines| {
            if let Some(line) = lines.iter().find(|line| Some(line.row.learner_id) == whose.get_untracked()) {
                let phrase = fill(&phrase, &line.row.full_name, &line.row.given_name);
                line.text.update(|text| *text = join(text, &phrase));
            }
        });
        picking.set(false);
    });
    // While no deadline keeps them from it.
    let locked = answer.lock.as_ref().is_some_and(|lock| lock.locked);
    let writable = answer.writable && !locked;
    let lock = answer.lock.filter(|_| answer.state == TermState::Open);
    let closed = lock.as_ref().filter(|lock| lock.locked).map(|lock| {
        let day = lock.due_on.map(format::date).unwrap_or_default();
        let sheet = address(class, &code.get_value(), term);
        strip(tf(LOCKED, &[("day", &day)]), &sheet, answer.writable.then_some(lock.requested))
    });
    let due = lock.filter(|lock| !lock.locked).and_then(|lock| {
        Some(match lock.open_until {
            Some(day) => (tf(OPENED, &[("day", &format::date(day))]), Tone::Info),
            None => (tf(DUE, &[("day", &format::date(lock.due_on?))]), Tone::Quiet),
        })
    });
    let due = due.map(|(label, tone)| view! { <Pill label=label tone=tone /> });
    let notice = match (answer.state, writable) {
        (TermState::Closed, _) => Some((Icon::Lock, tf(CLOSED, &[("term", term.label(lang()))]))),
        (_, false) if !answer.writable => Some((Icon::Eye, t(READ_ONLY).to_owned())),
        _ => None,
    };
    let count = lines.len();
    let label = move || match changed.get() {
        0 => t(NO_CHANGES).to_owned(),
        n => tf(SAVE, &[("n", &n.to_string())]),
    };
    let href = move |to: Term| format!("{}/comments", address(class, &code.get_value(), to));
    let body = if lines.is_empty() {
        view! { <div class="panel"><Empty title=t(NOBODY) glyph=Icon::People /></div> }.into_any()
    } else {
        let lines = lines
            .into_iter()
            .map(|line| view! { <OneLine line=line writable=writable picking=picking whose=whose past=past /> })
            .collect_view();
        view! { <ol class="panel comments">{lines}</ol> }.into_any()
    };
    // Leaving with something unsaved is asked about by the browser.
    let guard = window_event_listener(leptos::ev::beforeunload, move |event| {
        if changed.get_untracked() > 0 {
            event.prevent_default();
        }
    });
    on_cleanup(move || guard.remove());
    view! {
        <Header title=format!("{} {}", tf(TITLE, &[("subject", &subject)]), answer.class_name) crumbs=crumbs>
            <A href="/phrases" attr:class="btn">{icon(Icon::Book)}{t(BANK)}</A>
            {writable.then_some(move || view! { <Button label=label() look=Look::Primary busy=form.busy disabled=Signal::derive(move || changed.get() == 0) on_press=save /> })}
        </Header>
        <div class="row">{terms(term, href)}<span class="muted num">{move || tf(WRITTEN, &[("n", &written().to_string()), ("all", &count.to_string())])}</span>{due}</div>
        {closed}
        {notice.map(|(glyph, text)| view! { <p class="strip info">{icon(glyph)}<span>{text}</span></p> })}
        <FormFault form=form />
        {body}
        <Dialog open=picking title=t(INSERT)>
            {bank.show(move |found| chips(found, pick))}
            <footer><Button label=t(tx::CANCEL) on_press=Callback::new(move |()| picking.set(false)) /></footer>
        </Dialog>
        <CommentHistory class=class subject=code.get_value() term=term of=past />
        {move || comments.busy().then(|| view! { <span class="sr" role="status">{t(tx::LOADING)}</span> })}
    }
    .into_any()
}

/// A sentence behind what stands already.
fn join(text: &str, phrase: &str) -> String {
    match text.trim_end() {
        "" => phrase.to_owned(),
        before => format!("{before} {phrase}"),
    }
}

/// Takes what became of a comment; whether it is as the person wants it.
fn take(lines: &[Line], outcome: &CommentOutcome) -> bool {
    let Some(line) = lines.iter().find(|line| line.row.learner_id == outcome.learner_id) else { return true };
    let stands = outcome.text.clone().unwrap_or_default();
    match outcome.outcome {
        CellResult::Saved | CellResult::Unchanged => {
            line.stands.set((stands, outcome.version));
            line.conflict.set(None);
            true
        }
        CellResult::Conflict | CellResult::Refused => {
            line.conflict.set(Some(outcome.clone()));
            false
        }
    }
}

#[component]
fn OneLine(
    line: Line,
    writable: bool,
    picking: RwSignal<bool>,
    whose: RwSignal<Option<LearnerId>>,
    past: OfComment,
) -> impl IntoView {
    let (id, left) = (line.row.learner_id, line.row.left);
    let text = line.text;
    let label = tf(COMMENT_OF, &[("name", &line.row.full_name)]);
    let insert = tf(INSERT_FOR, &[("name", &line.row.full_name)]);
    let open = move |_| {
        whose.set(Some(id));
        picking.set(true);
    };
    let may = writable && !left;
    let state = {
        let line = line.clone();
        move || line.changed().then(|| view! { <Pill label=t(UNSAVED) tone=Tone::Warn /> })
    };
    let conflict = {
        let line = line.clone();
        move || {
            let line = line.clone();
            line.conflict.get().map(|found| {
                let theirs = found.text.clone().unwrap_or_default();
                let said = if theirs.is_empty() { t(EMPTY).to_owned() } else { theirs.clone() };
                let who = found.changed_by.clone().unwrap_or_default();
                let version = found.version;
                let (keep, other) = (line.clone(), theirs.clone());
                let keep = Callback::new(move |()| {
                    keep.stands.set((other.clone(), version));
                    keep.conflict.set(None);
                });
                let take = Callback::new(move |()| {
                    line.text.set(theirs.clone());
                    line.stands.set((theirs.clone(), version));
                    line.conflict.set(None);
                });
                view! {
                    <div class="strip info" role="alert">
                        <span class="grow">{tf(CONFLICT, &[("who", &who), ("text", &said)])}</span>
                        <Button label=t(TAKE) small=true on_press=take /><Button label=t(KEEP) small=true on_press=keep />
                    </div>
                }
            })
        }
    };
    let CommentRow { ordinal, full_name, given_name, .. } = line.row;
    let stands = line.stands;
    let history = {
        let (label, who) = (tf(HISTORY_OF, &[("name", &full_name)]), (full_name.clone(), given_name.clone()));
        move || {
            let (label, who) = (label.clone(), who.clone());
            (stands.read().1 > 0).then(|| view! {
                <button type="button" class="btn plain small icon-only no-print" aria-label=label.clone() title=label on:click=move |_| past.set(Some((id, who.clone())))>{icon(Icon::Clock)}</button>
            })
        }
    };
    view! {
        <li class:gone=left>
            <div class="who"><span class="i num muted">{ordinal}</span><span class="grow">{format::name(&full_name, &given_name)}{left.then(|| view! { <small class="quiet">" "{t(LEFT)}</small> })}</span>{state}{history}</div>
            {if may {
                view! {
                    <div class="write">
                        <textarea rows="2" maxlength="1000" aria-label=label prop:value=text on:input=move |event| text.set(event_target_value(&event))></textarea>
                        <button type="button" class="btn small" aria-label=insert on:click=open>{icon(Icon::Plus)}{t(INSERT)}</button>
                    </div>
                }.into_any()
            } else {
                view! { <p class="said">{move || text.get()}</p> }.into_any()
            }}
            {conflict}
        </li>
    }
    .into_any()
}
