//! Forms of a learner's page: own data, status, guardians.

use crate::api::query::segment;
use crate::api::records;
use crate::format;
use crate::i18n::{lang, t, texts, tx};
use crate::pages::records::pick::{Picked, School, filled};
use crate::ui::{Button, DateField, Field, Form, FormFault, Look, SelectField, effect, load, toast};
use chrono::NaiveDate;
use dto::learners::*;
use dto::{Code, LearnerId, UnitId};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

texts! {
    SINCE: "Từ ngày", "Since";
    REASON: "Lí do", "Reason";
    RELATION: "Quan hệ", "Relation";
    ID_HINT: "12 chữ số; để trống nếu chưa có", "12 digits; leave empty if there is none yet";
    WHO: "Người giám hộ", "Guardian";
    KNOWN: "Đã có hồ sơ", "With a record";
    FRESH: "Người mới", "A new person";
    SIBLING: "Anh, chị, em hoặc học sinh có cùng người giám hộ", "A sibling, or another learner with the same guardian";
    SIBLING_HINT: "Chọn học sinh đó, rồi chọn người giám hộ: một tài khoản xem được các con.", "Choose that learner, then the guardian: one account then shows all their children.";
    OF_SIBLING: "Người giám hộ của em ấy", "Their guardian";
    NO_GUARDIANS: "Học sinh này chưa có người giám hộ", "This learner has no guardian yet";
    PICK_ONE: "Hãy chọn một người giám hộ", "Choose a guardian";
    KNOWN_CHILD: "Em này đã có hồ sơ: tiếp nhận hoặc xin chuyển trường", "The child has a record: claim it, or ask for a transfer";
    PICK_SCHOOL: "Hãy chọn trường và ngày sinh", "Choose the school and the birth date";
}

const NAME: &[&str] = &[
    "/name/family",
    "/name/middle",
    "/name/given",
    "/birth_date",
    "/sex",
    "/ethnicity",
    "/personal_id",
    "/ministry_code",
    "/status",
    "/since",
    "/reason",
    "/phone",
    "/relation",
];

/// The fields that a new learner and a known one share.
#[derive(Clone, Copy)]
struct Own {
    family: RwSignal<String>,
    middle: RwSignal<String>,
    given: RwSignal<String>,
    birth: RwSignal<String>,
    sex: RwSignal<String>,
    ethnicity: RwSignal<String>,
    personal_id: RwSignal<String>,
    ministry_code: RwSignal<String>,
}

impl Own {
    fn new(learner: Option<&Learner>) -> Own {
        let text = |value: Option<String>| RwSignal::new(value.unwrap_or_default());
        Own {
            family: text(learner.map(|l| l.name.family.clone())),
            middle: text(learner.map(|l| l.name.middle.clone())),
            given: text(learner.map(|l| l.name.given.clone())),
            birth: text(learner.map(|l| l.birth_date.to_string())),
            sex: text(Some(learner.map_or(Sex::Female, |l| l.sex).to_string())),
            ethnicity: text(learner.map_or(Some("Kinh".to_owned()), |l| l.ethnicity.clone())),
            personal_id: text(learner.and_then(|l| l.personal_id.clone())),
            ministry_code: text(learner.and_then(|l| l.ministry_code.clone())),
        }
    }

    fn name(self) -> PersonName {
        name_of(self.family, self.middle, self.given)
    }

    fn sex(self) -> Sex {
        self.sex.get_untracked().parse().unwrap_or(Sex::Female)
    }

    fn fields(self, form: Form) -> AnyView {
        let sexes = Sex::ALL.iter().map(|s| (s.to_string(), s.label(lang()).to_owned())).collect::<Vec<_>>();
        view! {
            <div class="fields">
                <Field label=t(tx::FAMILY_NAME) name="family" value=self.family max=50 fault=form.fault("/name/family") />
                <Field label=t(tx::MIDDLE_NAME) name="middle" value=self.middle max=80 fault=form.fault("/name/middle") />
                <Field label=t(tx::GIVEN_NAME) name="given" value=self.given required=true max=50 fault=form.fault("/name/given") />
                <DateField label=t(tx::BIRTH_DATE) name="birth_date" value=self.birth required=true fault=form.fault("/birth_date") />
                <SelectField label=t(tx::SEX) name="sex" value=self.sex options=sexes fault=form.fault("/sex") />
                <Field label=t(tx::ETHNICITY) name="ethnicity" value=self.ethnicity max=40 fault=form.fault("/ethnicity") />
                <Field label=t(tx::PERSONAL_ID) name="personal_id" value=self.personal_id max=12 hint=t(ID_HINT) fault=form.fault("/personal_id") />
                <Field label=t(tx::MINISTRY_CODE) name="ministry_code" value=self.ministry_code max=20 fault=form.fault("/ministry_code") />
            </div>
        }
        .into_any()
    }
}

/// What was typed of a child where the province was asked for a record and had none: a new one begins with it.
#[derive(Clone, Default, PartialEq)]
pub struct Typed {
    pub full_name: String,
    pub birth_date: String,
    pub personal_id: String,
    pub ministry_code: String,
}

const TYPED: [&str; 4] = ["name", "birth_date", "personal_id", "ministry_code"];

impl Typed {
    /// What the address brings, where it asks for a new record.
    pub fn asked() -> Option<Typed> {
        use_query_map().with_untracked(|given| {
            given.get("new")?;
            let [full_name, birth_date, personal_id, ministry_code] = TYPED.map(|name| given.get(name).unwrap_or_default());
            Some(Typed { full_name, birth_date, personal_id, ministry_code })
        })
    }

    /// The list of learners with a new record open.
    pub fn address(self, school: Option<UnitId>) -> String {
        let values = [self.full_name, self.birth_date, self.personal_id, self.ministry_code];
        let typed = TYPED.iter().zip(values).filter(|(_, value)| !value.is_empty());
        let typed = typed.map(|(name, value)| format!("&{name}={}", segment(&value))).collect::<String>();
        format!("/learners?new=1{typed}{}", school.map(|id| format!("&school={id}")).unwrap_or_default())
    }

    /// Vietnamese names begin with the family's and end with the given one.
    fn put(&self, own: Own) {
        let words: Vec<&str> = self.full_name.split_whitespace().collect();
        let (family, middle, given) = match words[..] {
            [] => ("", String::new(), ""),
            [given] => ("", String::new(), given),
            [family, ref middle @ .., given] => (family, middle.join(" "), given),
        };
        own.family.set(family.to_owned());
        own.middle.set(middle);
        own.given.set(given.to_owned());
        own.birth.set(self.birth_date.clone());
        own.personal_id.set(self.personal_id.clone());
        own.ministry_code.set(self.ministry_code.clone());
    }
}

fn name_of(family: RwSignal<String>, middle: RwSignal<String>, given: RwSignal<String>) -> PersonName {
    let text = |s: RwSignal<String>| s.get_untracked().trim().to_owned();
    PersonName { family: text(family), middle: text(middle), given: text(given) }
}

/// A new record. `at`: the school where it is known already, else it is asked for. `typed`: what is known of the child. `made` gets the record and its first day.
#[component]
pub fn NewLearner(
    #[prop(optional)] at: Option<UnitId>,
    #[prop(optional)] school: Option<School>,
    #[prop(optional)] since_label: &'static str,
    #[prop(optional)] verb: &'static str,
    #[prop(optional_no_strip)] typed: Option<Typed>,
    made: Callback<(Learner, NaiveDate)>,
) -> impl IntoView {
    let own = Own::new(None);
    if let Some(typed) = typed {
        typed.put(own);
    }
    let since = RwSignal::new(format::today().to_string());
    let form = Form::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (Some(school_id), Ok(birth_date), Ok(since)) =
            (at.or_else(|| school.and_then(School::id)), own.birth.get_untracked().parse(), since.get_untracked().parse())
        else {
            toast::say(t(PICK_SCHOOL));
            return;
        };
        let body = PostLearner {
            school_id,
            name: own.name(),
            birth_date,
            sex: own.sex(),
            ethnicity: filled(own.ethnicity),
            personal_id: filled(own.personal_id),
            ministry_code: filled(own.ministry_code),
            status: LearnerStatus::Studying,
            since,
        };
        form.send(async move { records::create_learner(&body).await }, move |learner| made.run((learner, since)));
    };
    let label = if since_label.is_empty() { t(SINCE) } else { since_label };
    view! {
        <form class="stack form" on:submit=submit>
            <FormFault form=form fields=NAME />
            {move || form.error.read().as_ref().is_some_and(|e| e.is(Code::PersonalIdTaken) || e.is(Code::MinistryCodeTaken)).then(|| {
                let kept = |name: &str, value: RwSignal<String>| format!("{name}={}", segment(&value.get_untracked()));
                let href = format!("/office/claim?{}&{}", kept("personal_id", own.personal_id), kept("ministry_code", own.ministry_code));
                view! { <a href=href class="btn">{t(KNOWN_CHILD)}</a> }
            })}
            {school.filter(|_| at.is_none()).map(|school| school.field("new_school"))}
            {own.fields(form)}
            <DateField label=label name="since" value=since required=true fault=form.fault("/since") />
            <footer><Button label=if verb.is_empty() { t(tx::SAVE) } else { verb } look=Look::Primary busy=form.busy /></footer>
        </form>
    }
    .into_any()
}

#[component]
pub fn EditLearner(learner: Learner, done: Callback<()>) -> impl IntoView {
    let own = Own::new(Some(&learner));
    let form = Form::new();
    let (id, version) = (learner.id, learner.version);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Ok(birth_date) = own.birth.get_untracked().parse() else { return };
        let body = PutLearner {
            name: own.name(),
            birth_date,
            sex: own.sex(),
            ethnicity: filled(own.ethnicity),
            personal_id: filled(own.personal_id),
            ministry_code: filled(own.ministry_code),
        };
        form.send(async move { records::put_learner(id, version, &body).await }, move |_| done.run(()));
    };
    view! {
        <form class="stack form" on:submit=submit>
            <FormFault form=form fields=NAME />
            {own.fields(form)}
            <footer><Button label=t(tx::SAVE) look=Look::Primary busy=form.busy /></footer>
        </form>
    }
    .into_any()
}

#[component]
pub fn NewStatus(learner: LearnerId, now: LearnerStatus, done: Callback<LearnerDetail>) -> impl IntoView {
    let status = RwSignal::new(now.to_string());
    let since = RwSignal::new(format::today().to_string());
    let reason = RwSignal::new(String::new());
    let form = Form::new();
    let options = LearnerStatus::ALL.iter().map(|s| (s.to_string(), s.label(lang()).to_owned())).collect::<Vec<_>>();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (Ok(status), Ok(since)) = (status.get_untracked().parse(), since.get_untracked().parse()) else { return };
        let body = PostStatus { status, since, reason: filled(reason) };
        form.send(async move { records::set_status(learner, &body).await }, move |detail| done.run(detail));
    };
    view! {
        <form class="stack form" on:submit=submit>
            <FormFault form=form fields=NAME />
            <SelectField label=t(tx::STATUS) name="status" value=status options=options fault=form.fault("/status") />
            <DateField label=t(SINCE) name="status_since" value=since required=true fault=form.fault("/since") />
            <Field label=t(REASON) name="reason" value=reason max=500 fault=form.fault("/reason") />
            <footer><Button label=t(tx::SAVE) look=Look::Primary busy=form.busy /></footer>
        </form>
    }
    .into_any()
}

/// A guardian is linked: a new person, or one who looks after another child already.
#[component]
pub fn NewGuardian(learner: LearnerId, done: Callback<()>) -> impl IntoView {
    let known = RwSignal::new(false);
    view! {
        <div class="stack">
            <div class="either" role="group" aria-label=t(WHO)>
                <button type="button" aria-pressed=move || (!known.get()).to_string() on:click=move |_| known.set(false)>{t(FRESH)}</button>
                <button type="button" aria-pressed=move || known.get().to_string() on:click=move |_| known.set(true)>{t(KNOWN)}</button>
            </div>
            {move || if known.get() {
                view! { <KnownGuardian learner=learner done=done /> }.into_any()
            } else {
                view! { <FreshGuardian learner=learner done=done /> }.into_any()
            }}
        </div>
    }
}

fn relations() -> Vec<(String, String)> {
    Relation::ALL.iter().map(|r| (r.to_string(), r.label(lang()).to_owned())).collect()
}

#[component]
fn KnownGuardian(learner: LearnerId, done: Callback<()>) -> impl IntoView {
    let sibling = Picked::new();
    let chosen = RwSignal::new(String::new());
    let relation = RwSignal::new(Relation::Mother.to_string());
    let missing = RwSignal::new(false);
    let form = Form::new();
    let guardians = load(move || {
        let sibling: Option<LearnerId> = sibling.id();
        async move {
            match sibling {
                Some(id) => Ok(Some(records::learner(id).await?.guardians)),
                None => Ok(None),
            }
        }
    });
    effect(move || {
        let first = guardians.get().flatten().and_then(|all| all.into_iter().next());
        if let Some(first) = first {
            chosen.set(first.guardian_id.to_string());
            relation.set(first.relation.to_string());
        }
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let guardian_id = chosen.get_untracked().parse().ok();
        missing.set(guardian_id.is_none());
        let (Some(_), Ok(relation)) = (guardian_id, relation.get_untracked().parse()) else { return };
        let body = PostGuardian { relation, guardian_id, name: None, phone: None };
        form.send(async move { records::add_guardian(learner, &body).await }, move |_| done.run(()));
    };
    let fault = Signal::derive(move || missing.get().then(|| t(PICK_ONE).to_owned()));
    view! {
        <form class="stack form" on:submit=submit>
            <FormFault form=form fields=NAME />
            {sibling.learner_field(t(SIBLING), "g_sibling", None, t(SIBLING_HINT), fault)}
            {move || guardians.get().flatten().map(|all| if all.is_empty() {
                view! { <p class="strip">{t(NO_GUARDIANS)}</p> }.into_any()
            } else {
                let options = all.into_iter().map(|g| (g.guardian_id.to_string(), format!("{}, {}", g.full_name, g.relation.label(lang())))).collect::<Vec<_>>();
                view! {
                    <div class="fields">
                        <SelectField label=t(OF_SIBLING) name="g_known" value=chosen options=options />
                        <SelectField label=t(RELATION) name="g_relation" value=relation options=relations() fault=form.fault("/relation") />
                    </div>
                }.into_any()
            })}
            <footer><Button label=t(tx::SAVE) look=Look::Primary busy=form.busy /></footer>
        </form>
    }
    .into_any()
}

#[component]
fn FreshGuardian(learner: LearnerId, done: Callback<()>) -> impl IntoView {
    let relation = RwSignal::new(Relation::Mother.to_string());
    let (family, middle, given) = (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(String::new()));
    let phone = RwSignal::new(String::new());
    let form = Form::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Ok(relation) = relation.get_untracked().parse() else { return };
        let body = PostGuardian { relation, guardian_id: None, name: Some(name_of(family, middle, given)), phone: filled(phone) };
        form.send(async move { records::add_guardian(learner, &body).await }, move |_| done.run(()));
    };
    view! {
        <form class="stack form" on:submit=submit>
            <FormFault form=form fields=NAME />
            <SelectField label=t(RELATION) name="relation" value=relation options=relations() fault=form.fault("/relation") />
            <div class="fields">
                <Field label=t(tx::FAMILY_NAME) name="g_family" value=family max=50 fault=form.fault("/name/family") />
                <Field label=t(tx::MIDDLE_NAME) name="g_middle" value=middle max=80 fault=form.fault("/name/middle") />
                <Field label=t(tx::GIVEN_NAME) name="g_given" value=given required=true max=50 fault=form.fault("/name/given") />
                <Field label=t(tx::PHONE) name="g_phone" value=phone kind="tel" max=20 fault=form.fault("/phone") />
            </div>
            <footer><Button label=t(tx::SAVE) look=Look::Primary busy=form.busy /></footer>
        </form>
    }
    .into_any()
}
