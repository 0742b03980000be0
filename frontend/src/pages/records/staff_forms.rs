//! Forms of a member of staff: a new one, own data, posts, an account.

use crate::api::{identity, records};
use crate::format;
use crate::i18n::{lang, t, texts, tx};
use crate::pages::identity::accounts::role_options;
use crate::pages::records::pick::{Picked, School, filled, own_school};
use crate::ui::{Button, DateField, Field, Form, FormFault, Look, SelectField};
use dto::access::Role;
use dto::identity::{AccountCreated, Person, PostAccount, PostRoleGrant};
use dto::learners::{PersonName, Sex};
use dto::staff::*;
use dto::units::UnitKind;
use dto::{StaffId, UnitId};
use leptos::prelude::*;

texts! {
    POSITION: "Vị trí việc làm", "Position";
    SINCE: "Từ ngày", "From";
    UNTIL: "Đến ngày", "Until";
    UNTIL_HINT: "Ngày đầu tiên không còn giữ vị trí; để trống nếu chưa biết", "The first day out of the post; leave empty if not known";
    DECISION: "Số quyết định", "Decision no.";
    DECIDED: "Ngày quyết định", "Decided on";
    AT: "Nơi làm việc", "Where";
    AT_HINT: "Gõ tên hoặc mã, không cần dấu", "Type its name or code, without marks";
    PICK: "Hãy chọn nơi làm việc", "Choose where";
    USERNAME: "Tên đăng nhập", "User name";
    USERNAME_HINT: "3 đến 100 ký tự: a-z, 0-9, dấu chấm, gạch ngang, gạch dưới", "3 to 100 of a-z, 0-9, dot, dash, underscore";
    CREATE: "Tạo tài khoản", "Make the account";
    CODE_HINT: "Sau khi tạo, mã một lần hiện ra để bạn đưa tận tay.", "A one-time code is shown after this, to hand over in person.";
}

const FIELDS: &[&str] = &[
    "/name/family",
    "/name/middle",
    "/name/given",
    "/sex",
    "/birth_date",
    "/ministry_code",
    "/phone",
    "/unit_id",
    "/position",
    "/valid_from",
    "/valid_to",
    "/decision_no",
    "/decided_on",
];

/// The fields that a new member of staff and a known one share.
#[derive(Clone, Copy)]
struct Own {
    family: RwSignal<String>,
    middle: RwSignal<String>,
    given: RwSignal<String>,
    birth: RwSignal<String>,
    sex: RwSignal<String>,
    phone: RwSignal<String>,
    ministry_code: RwSignal<String>,
}

impl Own {
    fn new(staff: Option<&Staff>) -> Own {
        let text = |value: Option<String>| RwSignal::new(value.unwrap_or_default());
        Own {
            family: text(staff.map(|s| s.name.family.clone())),
            middle: text(staff.map(|s| s.name.middle.clone())),
            given: text(staff.map(|s| s.name.given.clone())),
            birth: text(staff.and_then(|s| s.birth_date).map(|day| day.to_string())),
            sex: text(Some(staff.map_or(Sex::Female, |s| s.sex).to_string())),
            phone: text(staff.and_then(|s| s.phone.clone())),
            ministry_code: text(staff.and_then(|s| s.ministry_code.clone())),
        }
    }

    fn body(self) -> PutStaff {
        let text = |s: RwSignal<String>| s.get_untracked().trim().to_owned();
        PutStaff {
            name: PersonName { family: text(self.family), middle: text(self.middle), given: text(self.given) },
            sex: self.sex.get_untracked().parse().unwrap_or(Sex::Female),
            birth_date: self.birth.get_untracked().parse().ok(),
            ministry_code: filled(self.ministry_code),
            phone: filled(self.phone),
        }
    }

    fn fields(self, form: Form) -> AnyView {
        let sexes = Sex::ALL.iter().map(|s| (s.to_string(), s.label(lang()).to_owned())).collect::<Vec<_>>();
        view! {
            <div class="fields">
                <Field label=t(tx::FAMILY_NAME) name="s_family" value=self.family max=50 fault=form.fault("/name/family") />
                <Field label=t(tx::MIDDLE_NAME) name="s_middle" value=self.middle max=80 fault=form.fault("/name/middle") />
                <Field label=t(tx::GIVEN_NAME) name="s_given" value=self.given required=true max=50 fault=form.fault("/name/given") />
                <SelectField label=t(tx::SEX) name="s_sex" value=self.sex options=sexes fault=form.fault("/sex") />
                <DateField label=t(tx::BIRTH_DATE) name="s_birth" value=self.birth fault=form.fault("/birth_date") />
                <Field label=t(tx::PHONE) name="s_phone" value=self.phone kind="tel" max=20 fault=form.fault("/phone") />
                <Field label=t(tx::MINISTRY_CODE) name="s_code" value=self.ministry_code max=20 fault=form.fault("/ministry_code") />
            </div>
        }
        .into_any()
    }
}

fn positions() -> Vec<(String, String)> {
    Position::ALL.iter().map(|p| (p.to_string(), p.label(lang()).to_owned())).collect()
}

#[component]
pub fn NewStaff(school: School, done: Callback<Staff>) -> impl IntoView {
    let own = Own::new(None);
    let position = RwSignal::new(Position::Teacher.to_string());
    let since = RwSignal::new(format::today().to_string());
    let missing = RwSignal::new(false);
    let form = Form::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        missing.set(school.id().is_none());
        let (Some(unit_id), Ok(position), Ok(valid_from)) =
            (school.id(), position.get_untracked().parse(), since.get_untracked().parse())
        else {
            return;
        };
        let PutStaff { name, sex, birth_date, ministry_code, phone } = own.body();
        let body = PostStaff { name, sex, birth_date, ministry_code, phone, unit_id, position, valid_from };
        form.send(async move { records::create_staff(&body).await }, move |staff| done.run(staff));
    };
    view! {
        <form class="stack form" on:submit=submit>
            <FormFault form=form fields=FIELDS />
            {move || missing.get().then(|| view! { <p class="strip bad" role="alert">{t(PICK)}</p> })}
            {school.field("new_staff_school")}
            {own.fields(form)}
            <div class="fields">
                <SelectField label=t(POSITION) name="s_position" value=position options=positions() fault=form.fault("/position") />
                <DateField label=t(SINCE) name="s_since" value=since required=true fault=form.fault("/valid_from") />
            </div>
            <footer><Button label=t(tx::SAVE) look=Look::Primary busy=form.busy /></footer>
        </form>
    }
    .into_any()
}

#[component]
pub fn EditStaff(staff: Staff, done: Callback<Staff>) -> impl IntoView {
    let own = Own::new(Some(&staff));
    let form = Form::new();
    let (id, version) = (staff.id, staff.version);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let body = own.body();
        form.send(async move { records::put_staff(id, version, &body).await }, move |staff| done.run(staff));
    };
    view! {
        <form class="stack form" on:submit=submit>
            <FormFault form=form fields=FIELDS />
            {own.fields(form)}
            <footer><Button label=t(tx::SAVE) look=Look::Primary busy=form.busy /></footer>
        </form>
    }
    .into_any()
}

/// A further post: at one's own school, or, for who reaches several units, at one of them.
#[component]
pub fn NewPost(staff: StaffId, done: Callback<Staff>) -> impl IntoView {
    let place = Picked::new();
    place.chosen.set(own_school());
    let fixed = own_school();
    let position = RwSignal::new(Position::Teacher.to_string());
    let since = RwSignal::new(format::today().to_string());
    let until = RwSignal::new(String::new());
    let (decision, decided) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let missing = RwSignal::new(false);
    let form = Form::new();
    let server = form.fault("/unit_id");
    let fault = Signal::derive(move || server.get().or_else(|| missing.get().then(|| t(PICK).to_owned())));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let unit: Option<UnitId> = place.id();
        missing.set(unit.is_none());
        let (Some(unit_id), Ok(position), Ok(valid_from)) =
            (unit, position.get_untracked().parse(), since.get_untracked().parse())
        else {
            return;
        };
        let body = PostPost {
            unit_id,
            position,
            valid_from,
            valid_to: until.get_untracked().parse().ok(),
            decision_no: filled(decision),
            decided_on: decided.get_untracked().parse().ok(),
        };
        form.send(async move { records::add_post(staff, &body).await }, move |staff| done.run(staff));
    };
    const PLACES: &[UnitKind] = &[UnitKind::School, UnitKind::Campus, UnitKind::Commune, UnitKind::Department];
    view! {
        <form class="stack form" on:submit=submit>
            <FormFault form=form fields=FIELDS />
            {match fixed {
                Some(own) => view! { <p><span class="muted">{t(AT)}": "</span><b>{own.label}</b></p> }.into_any(),
                None => place.unit_field(t(AT), "post_unit", PLACES, None, t(AT_HINT), fault),
            }}
            <SelectField label=t(POSITION) name="p_position" value=position options=positions() fault=form.fault("/position") />
            <div class="fields">
                <DateField label=t(SINCE) name="p_since" value=since required=true fault=form.fault("/valid_from") />
                <DateField label=t(UNTIL) name="p_until" value=until hint=t(UNTIL_HINT) fault=form.fault("/valid_to") />
                <Field label=t(DECISION) name="p_decision" value=decision max=60 fault=form.fault("/decision_no") />
                <DateField label=t(DECIDED) name="p_decided" value=decided fault=form.fault("/decided_on") />
            </div>
            <footer><Button label=t(tx::SAVE) look=Look::Primary busy=form.busy /></footer>
        </form>
    }
    .into_any()
}

/// The end of a post: the same one again, with the day on which it ends.
#[component]
pub fn EndPost(staff: StaffId, post: Post, done: Callback<Staff>) -> impl IntoView {
    let until = RwSignal::new(post.valid_to.unwrap_or_else(format::today).to_string());
    let form = Form::new();
    let what = format!("{}, {}", post.position.label(lang()), post.unit_name);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let body = PostPost {
            unit_id: post.unit_id,
            position: post.position,
            valid_from: post.valid_from,
            valid_to: until.get_untracked().parse().ok(),
            decision_no: None,
            decided_on: None,
        };
        form.send(async move { records::add_post(staff, &body).await }, move |staff| done.run(staff));
    };
    view! {
        <form class="stack form" on:submit=submit>
            <p><b>{what}</b></p>
            <FormFault form=form fields=FIELDS />
            <DateField label=t(UNTIL) name="end_until" value=until required=true hint=t(UNTIL_HINT) fault=form.fault("/valid_to") />
            <footer><Button label=t(tx::SAVE) look=Look::Primary busy=form.busy /></footer>
        </form>
    }
    .into_any()
}

/// The role that a position usually has.
fn role_of(position: Position) -> Role {
    match position {
        Position::Principal => Role::Principal,
        Position::Deputy => Role::Deputy,
        Position::Clerk | Position::Librarian | Position::Technician | Position::Other => Role::Clerk,
        Position::Accountant => Role::Accountant,
        Position::Nurse => Role::Nurse,
        Position::Officer => Role::UnitOfficer,
        Position::Teacher => Role::SubjectTeacher,
    }
}

/// "Nguyễn Thị Ánh" → "anh.nguyenthi": what schools here usually make of a name.
pub fn username_of(family: &str, middle: &str, given: &str) -> String {
    let plain =
        |text: &str| -> String { crate::pages::records::class::fold(text).chars().filter(char::is_ascii_alphanumeric).collect() };
    let (given, rest) = (plain(given), plain(&format!("{family}{middle}")));
    if rest.is_empty() { given } else { format!("{given}.{rest}") }
}

/// An account for a person whose record is known. The roles are offered for staff; a guardian and a learner have theirs.
#[component]
pub fn NewPersonAccount(
    person: Person,
    name: PersonName,
    /// Where the role stands: the units of the person's posts, by id and name.
    units: Vec<(String, String)>,
    #[prop(optional)] position: Option<Position>,
    done: Callback<AccountCreated>,
) -> impl IntoView {
    let username = RwSignal::new(username_of(&name.family, &name.middle, &name.given));
    let fixed = match person {
        Person::Staff(_) => None,
        Person::Guardian(_) => Some(Role::Guardian),
        Person::Learner(_) => Some(Role::Learner),
    };
    let role = RwSignal::new(fixed.unwrap_or(role_of(position.unwrap_or(Position::Teacher))).to_string());
    let unit = RwSignal::new(units.first().map(|(id, _)| id.clone()).unwrap_or_default());
    let full_name = name.full();
    let shown = full_name.clone();
    let form = Form::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Ok(role) = role.get_untracked().parse() else { return };
        let body = PostAccount {
            username: username.get_untracked().trim().to_ascii_lowercase(),
            full_name: full_name.clone(),
            person: Some(person),
            roles: vec![PostRoleGrant { role, unit_id: unit.get_untracked().parse().ok(), valid_from: None, valid_to: None }],
        };
        form.send(async move { identity::create_account(&body).await }, move |made| done.run(made));
    };
    let several = units.len() > 1;
    view! {
        <form class="stack form" on:submit=submit>
            <p><b>{shown}</b></p>
            <FormFault form=form fields=&["/username", "/roles/0/role", "/roles/0/unit_id"] />
            <Field label=t(USERNAME) name="a_username" value=username required=true max=100 hint=t(USERNAME_HINT) fault=form.fault("/username") />
            {fixed.is_none().then(|| view! { <SelectField label=t(tx::ROLE) name="a_role" value=role options=role_options(true) fault=form.fault("/roles/0/role") /> })}
            {several.then(|| view! { <SelectField label=t(tx::UNIT) name="a_unit" value=unit options=units fault=form.fault("/roles/0/unit_id") /> })}
            <p class="quiet">{t(CODE_HINT)}</p>
            <footer><Button label=t(CREATE) look=Look::Primary busy=form.busy /></footer>
        </form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::username_of;

    #[test]
    fn user_names_are_made_of_names() {
        assert_eq!(username_of("Nguyễn", "Thị", "Ánh"), "anh.nguyenthi");
        assert_eq!(username_of("Đặng", "", "Đức"), "duc.dang");
        assert_eq!(username_of("", "", "Y'Bách"), "ybach");
    }
}
