//! The phrase bank of a school.

use crate::api::{records, sheet};
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::records::pick::School;
use crate::state::who;
use crate::ui::{
    Button, Dialog, Empty, Form, FormFault, Header, Icon, Loader, Look, Pill, SelectField, Tone, choose_school, icon, load, toast,
};
use dto::UnitId;
use dto::access::Permission;
use dto::calendar::Subject;
use dto::comments::{Phrase, PutPhrase};
use leptos::prelude::*;
use regulations::Level;

texts! {
    TITLE: "Ngân hàng nhận xét", "Phrase bank";
    UNDER: "Câu nhận xét dùng chung của trường; chèn vào khi viết nhận xét từng học sinh.", "Phrases that the school shares, to insert when writing about a learner.";
    ADD: "Thêm câu", "Add a phrase";
    EDIT: "Sửa câu", "Change the phrase";
    REMOVE: "Xoá câu", "Remove";
    NONE: "Trường chưa có câu nào", "The school has no phrases yet";
    NONE_TEXT: "Thêm những câu hay dùng, theo mức đạt được hoặc theo môn.", "Add those you use often, by level or by subject.";
    PHRASE: "Câu nhận xét", "Phrase";
    HINT: "Viết {tên} hoặc {họ tên} ở chỗ cần tên học sinh.", "Write {tên} or {họ tên} where the learner's name belongs.";
    LEVEL: "Dành cho mức", "For the level";
    ANY_LEVEL: "Mọi mức", "Any level";
    SUBJECT: "Môn", "Subject";
    ANY_SUBJECT: "Mọi môn", "Every subject";
    SAVE: "Lưu câu", "Save";
    SAVED: "Đã lưu câu nhận xét", "The phrase is saved";
    REMOVED: "Đã xoá câu nhận xét", "The phrase is removed";
    OF: "{who}", "{who}";
}

/// The name of a level, as the circular has it.
pub fn level_name(level: Level) -> &'static str {
    match level {
        Level::Good => lang().pick("Tốt", "Good"),
        Level::Fair => lang().pick("Khá", "Fair"),
        Level::Pass => lang().pick("Đạt", "Pass"),
        Level::Fail => lang().pick("Chưa đạt", "Not yet"),
    }
}

#[component]
pub fn PhrasesPage() -> impl IntoView {
    let school = School::new();
    let bank = load(move || {
        let id = school.id();
        async move {
            match id {
                Some(id) => sheet::phrases(id, None).await.map(Some),
                None => Ok(None),
            }
        }
    });
    let (open, edited) = (RwSignal::new(false), RwSignal::new(None::<Phrase>));
    let only = RwSignal::new(String::new());
    let add = Callback::new(move |()| {
        edited.set(None);
        open.set(true);
    });
    let may = who().can(Permission::PhraseWrite);
    let catalogue = load(records::subjects);
    let names = Signal::derive(move || catalogue.get().map(|page| page.items).unwrap_or_default());
    let levels = Signal::derive(|| {
        let mut all = vec![(String::new(), t(ANY_LEVEL).to_owned())];
        all.extend(Level::ALL.iter().map(|level| (level.code().to_owned(), level_name(*level).to_owned())));
        all
    });
    view! {
        <Header title=t(TITLE) under=t(UNDER)>
            {may.then(|| view! { <Button label=t(ADD) glyph=Icon::Plus look=Look::Primary on_press=add /> })}
        </Header>
        <div class="filters">{school.field("phrase-school")}<SelectField label=t(LEVEL) name="phrase-only" value=only options=levels /></div>
        {bank.show(move |found| match found {
            None => choose_school(),
            Some(found) => list(found, only, open, edited, names),
        })}
        <Dialog open=open title=t(PHRASE)>
            {move || school.id().map(|id| view! { <Edit school=id phrase=edited.get() open=open bank=bank levels=levels /> })}
        </Dialog>
    }
    .into_any()
}

fn list(
    found: Vec<Phrase>,
    only: RwSignal<String>,
    open: RwSignal<bool>,
    edited: RwSignal<Option<Phrase>>,
    names: Signal<Vec<Subject>>,
) -> AnyView {
    let found = StoredValue::new(found);
    (move || {
        let level = Level::from_code(&only.get());
        let shown: Vec<Phrase> = found.with_value(|all| all.iter().filter(|p| level.is_none() || p.level == level).cloned().collect());
        if shown.is_empty() {
            return view! { <div class="panel"><Empty title=t(NONE) text=t(NONE_TEXT) glyph=Icon::Book /></div> }.into_any();
        }
        let lines = shown
            .into_iter()
            .map(|phrase| {
                let level = phrase.level.map(|level| view! { <Pill label=level_name(level) tone=Tone::Info /> });
                let subject = phrase.subject_code.clone().map(|code| {
                    let name = names.with(|all| all.iter().find(|s| s.code == code).map(|s| lang().pick(&s.name_vi, &s.name_en).to_owned()));
                    view! { <Pill label=name.unwrap_or(code) /> }
                });
                let writable = phrase.writable;
                let (text, by) = (phrase.text.clone(), tf(OF, &[("who", &phrase.created_by)]));
                let edit = move |_| {
                    edited.set(Some(phrase.clone()));
                    open.set(true);
                };
                view! {
                    <li>
                        <span class="grow">{text}<small class="quiet">" · "{by}</small></span>{level}{subject}
                        {writable.then(|| view! { <button type="button" class="btn plain small" on:click=edit>{t(EDIT)}</button> })}
                    </li>
                }
            })
            .collect_view();
        view! { <div class="panel"><ul class="body lines long">{lines}</ul></div> }.into_any()
    })
    .into_any()
}

#[component]
fn Edit(
    school: UnitId,
    phrase: Option<Phrase>,
    open: RwSignal<bool>,
    bank: Loader<Option<Vec<Phrase>>>,
    levels: Signal<Vec<(String, String)>>,
) -> impl IntoView {
    let form = Form::new();
    let text = RwSignal::new(phrase.as_ref().map(|p| p.text.clone()).unwrap_or_default());
    let level = RwSignal::new(phrase.as_ref().and_then(|p| p.level).map(|l| l.code().to_owned()).unwrap_or_default());
    let subject = RwSignal::new(phrase.as_ref().and_then(|p| p.subject_code.clone()).unwrap_or_default());
    let catalogue = load(records::subjects);
    let subjects = Signal::derive(move || {
        let mut all = vec![(String::new(), t(ANY_SUBJECT).to_owned())];
        let known = catalogue.get().map(|page| page.items).unwrap_or_default();
        all.extend(known.into_iter().map(|s| (s.code.clone(), lang().pick(&s.name_vi, &s.name_en).to_owned())));
        all
    });
    let own = StoredValue::new(phrase.as_ref().map(|p| (p.id, p.version)));
    let done = move |said: &'static str| {
        open.set(false);
        toast::say(said);
        bank.reload();
    };
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let some = |value: RwSignal<String>| Some(value.get_untracked()).filter(|v| !v.is_empty());
        let body = PutPhrase {
            subject_code: some(subject),
            level: some(level).and_then(|code| Level::from_code(&code)),
            text: text.get_untracked().trim().to_owned(),
        };
        form.send(
            async move {
                match own.get_value() {
                    Some((id, version)) => sheet::put_phrase(school, id, version, &body).await,
                    None => sheet::post_phrase(school, &body).await,
                }
            },
            move |_| done(t(SAVED)),
        );
    };
    let remove = Callback::new(move |()| {
        if let Some((id, _)) = own.get_value() {
            form.send(sheet::delete_phrase(school, id), move |()| done(t(REMOVED)));
        }
    });
    view! {
        <form class="stack" on:submit=send>
            <div class="field">
                <label for="phrase-text">{t(PHRASE)}<span class="need" aria-hidden="true">" *"</span></label>
                <textarea id="phrase-text" required=true maxlength="500" aria-describedby="phrase-hint" prop:value=text on:input=move |event| text.set(event_target_value(&event))></textarea>
                <p class="hint" id="phrase-hint">{t(HINT)}</p>
            </div>
            <div class="fields">
                <SelectField label=t(LEVEL) name="phrase-level" value=level options=levels />
                <SelectField label=t(SUBJECT) name="phrase-subject" value=subject options=subjects fault=form.fault("/subject_code") />
            </div>
            <FormFault form=form fields=&["/subject_code"] />
            <footer>
                {phrase.is_some().then(|| view! { <Button label=t(REMOVE) look=Look::Danger disabled=form.busy on_press=remove /> })}
                <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
                <Button label=t(SAVE) look=Look::Primary busy=form.busy />
            </footer>
        </form>
    }
    .into_any()
}

/// Phrases to choose from, each a button; what was chosen is given to `on_pick`.
pub fn chips(found: Vec<Phrase>, on_pick: Callback<String>) -> AnyView {
    if found.is_empty() {
        return view! { <p class="muted">{icon(Icon::Book)}" "{t(NONE)}</p> }.into_any();
    }
    let mut groups: Vec<(Option<Level>, Vec<Phrase>)> = Vec::new();
    for phrase in found {
        match groups.iter_mut().find(|(level, _)| *level == phrase.level) {
            Some((_, all)) => all.push(phrase),
            None => groups.push((phrase.level, vec![phrase])),
        }
    }
    groups.sort_by_key(|(level, _)| level.map_or(4, |level| Level::ALL.iter().position(|l| *l == level).unwrap_or(4)));
    groups
        .into_iter()
        .map(|(level, all)| {
            let name = level.map_or(t(ANY_LEVEL), level_name);
            let buttons = all
                .into_iter()
                .map(|phrase| {
                    let text = phrase.text.clone();
                    view! { <button type="button" class="phrase" on:click=move |_| on_pick.run(text.clone())>{phrase.text}</button> }
                })
                .collect_view();
            view! { <section class="stack"><h3>{name}</h3><div class="phrases">{buttons}</div></section> }
        })
        .collect_view()
        .into_any()
}
