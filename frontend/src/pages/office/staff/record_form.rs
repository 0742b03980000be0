//! A record entered or changed: the same form for who keeps records and for who proposes a correction.

use super::describe::subject;
use crate::api::{ApiError, records as calendar, staff};
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::records::growth_chart::{decimal, words};
use crate::pages::records::pick::filled;
use crate::ui::{Button, Check, DateField, Field, Form, FormFault, Look, SelectField, load};
use dto::staff::Post;
use dto::staff_records::*;
use dto::{StaffId, StaffRecordId};
use leptos::prelude::*;
use regulations::standards::{CRITERIA, StandardLevel, StandardSet};
use regulations::tt05_2025::{Reduction, Stage, TeachingDuty};

texts! {
    KIND: "Loại", "Kind";
    CONTRACT: "Loại hợp đồng", "Kind of contract";
    LEVEL: "Trình độ", "Level";
    MAJOR: "Chuyên ngành", "Major";
    INSTITUTION: "Nơi đào tạo", "Institution";
    SUBJECT: "Môn", "Subject";
    TITLE: "Chức danh", "Title";
    TITLE_HINT: "Ví dụ: Giáo viên trung học cơ sở", "Such as: lower secondary teacher";
    RANK: "Hạng", "Rank";
    NO_RANK: "Không xếp hạng", "None";
    DUTY: "Nhiệm vụ", "Duty";
    PERIODS: "Số tiết giảm mỗi tuần", "Periods less a week";
    PERIODS_HINT: "Theo quyết định; bí thư 3–4 tiết", "By the decision; secretary 3 to 4";
    PAID: "Đã hưởng phụ cấp (không giảm tiết)", "Paid by an allowance (nothing less)";
    OF: "Của", "Of";
    OF_HINT: "Tổ, nhóm, phòng…", "Group, room…";
    LEAVE: "Loại nghỉ", "Kind of leave";
    SET: "Chuẩn", "Standards";
    OVERALL: "Xếp loại chung", "Overall level";
    OVERALL_HINT: "Người có thẩm quyền quyết định; hệ thống chỉ kiểm tra mức Tốt của giáo viên mầm non (TT 26/2018).", "Whoever is in charge decides; only Tốt of preschool (TT 26/2018) is checked.";
    CRITERIA_OF: "Từng tiêu chí (không bắt buộc; nhập đủ 15)", "Each criterion (not required; all 15 or none)";
    CRITERION: "Tiêu chí {n}", "Criterion {n}";
    NOT_SAID: "Chưa nhập", "Not said";
    COURSE: "Tên khoá", "Course";
    PROVIDER: "Đơn vị tổ chức", "Held by";
    HOURS: "Số tiết", "Hours";
    CERTIFICATE: "Số chứng nhận", "Certificate no.";
    SCALE: "Mã ngạch, chức danh", "Scale";
    STEP: "Bậc", "Step";
    COEFFICIENT: "Hệ số", "Coefficient";
    COEFFICIENT_HINT: "Ví dụ: 3,00", "Such as 3.00";
    DOCUMENT: "Giấy tờ", "Document";
    NUMBER: "Số", "Number";
    AT: "Của đơn vị", "Of the unit";
    NO_UNIT: "Không thuộc đơn vị nào", "No unit";
    FIRST: "Từ ngày", "From";
    LAST: "Đến hết ngày", "To (included)";
    DECISION: "Số quyết định, số hiệu", "Decision no.";
    DECIDED: "Ngày quyết định", "Decided on";
    NOTE: "Ghi chú", "Note";
    WHY: "Vì sao, giấy tờ ở đâu", "Why, and where the paper is";
    PROPOSE: "Gửi đề nghị", "Propose";
}

/// What becomes of what is entered.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Written at once.
    Write,
    /// Waits for who keeps the record.
    Propose,
}

const FIELDS: &[&str] = &[
    "/first_on",
    "/last_on",
    "/decision_no",
    "/decided_on",
    "/unit_id",
    "/school_year_id",
    "/facts/major",
    "/facts/institution",
    "/facts/title",
    "/facts/periods",
    "/facts/level",
    "/facts/name",
    "/facts/provider",
    "/facts/hours",
    "/facts/certificate_no",
    "/facts/scale",
    "/facts/step",
    "/facts/coefficient",
    "/facts/number",
];

type Text = RwSignal<String>;

/// Everything that any kind asks for; each kind uses some.
#[derive(Clone, Copy)]
struct Draft {
    kind: Text,
    choice: Text,
    a: Text,
    b: Text,
    n: Text,
    flag: RwSignal<bool>,
    criteria: RwSignal<Vec<String>>,
    unit: Text,
    year: Text,
    first: Text,
    last: Text,
    decision: Text,
    decided: Text,
    note: Text,
    why: Text,
}

fn text(value: impl Into<String>) -> Text {
    RwSignal::new(value.into())
}

impl Draft {
    fn new(record: Option<&StaffRecord>, kind: RecordKind, unit: String) -> Draft {
        let day = |day: Option<chrono::NaiveDate>| text(day.map(|day| day.to_string()).unwrap_or_default());
        let draft = Draft {
            kind: text(kind.to_string()),
            choice: text(""),
            a: text(""),
            b: text(""),
            n: text(""),
            flag: RwSignal::new(false),
            criteria: RwSignal::new(vec![String::new(); CRITERIA]),
            unit: text(record.map_or(unit, |r| r.unit_id.map(|id| id.to_string()).unwrap_or_default())),
            year: text(record.and_then(|r| r.school_year_id).map(|id| id.to_string()).unwrap_or_default()),
            first: day(record.and_then(|r| r.first_on)),
            last: day(record.and_then(|r| r.last_on)),
            decision: text(record.and_then(|r| r.decision_no.clone()).unwrap_or_default()),
            decided: day(record.and_then(|r| r.decided_on)),
            note: text(record.and_then(|r| r.note.clone()).unwrap_or_default()),
            why: text(""),
        };
        if let Some(record) = record {
            draft.fill(&record.facts);
        }
        draft
    }

    fn fill(self, facts: &StaffFacts) {
        let set = |signal: Text, value: &dyn std::fmt::Display| signal.set(value.to_string());
        match facts {
            StaffFacts::Contract { contract } => set(self.choice, contract),
            StaffFacts::Degree { level, major, institution } => {
                set(self.choice, level);
                set(self.a, major);
                set(self.b, institution);
            }
            StaffFacts::Subject { subject_code } => set(self.choice, subject_code),
            StaffFacts::Rank { title, rank } => {
                set(self.a, title);
                self.choice.set(rank.map(|rank| rank.to_string()).unwrap_or_default());
            }
            StaffFacts::Duty { duty, periods, paid, of } => {
                set(self.choice, &duty.code());
                self.n.set(periods.map(|n| n.to_string()).unwrap_or_default());
                self.flag.set(*paid);
                self.a.set(of.clone().unwrap_or_default());
            }
            StaffFacts::Leave { leave } => set(self.choice, leave),
            StaffFacts::Evaluation { set: standards, criteria, level } => {
                set(self.choice, &standards.code());
                set(self.a, &level.code());
                if !criteria.is_empty() {
                    self.criteria.set(criteria.iter().map(|level| level.code().to_owned()).collect());
                }
            }
            StaffFacts::Training { name, provider, hours, certificate_no, .. } => {
                set(self.a, name);
                set(self.b, provider);
                set(self.n, hours);
                self.choice.set(certificate_no.clone().unwrap_or_default());
            }
            StaffFacts::Salary { scale, step, coefficient } => {
                set(self.a, scale);
                set(self.n, step);
                self.b.set(decimal(i64::from(*coefficient), 100, 2));
            }
            StaffFacts::Identity { document, number } => {
                set(self.choice, document);
                set(self.a, number);
            }
        }
    }

    /// What was typed for another kind says nothing of this one.
    fn cleared(self, drawn: StoredValue<RecordKind>) {
        let kind = self.kind();
        if drawn.get_value() != kind {
            drawn.set_value(kind);
            for part in [self.choice, self.a, self.b, self.n] {
                part.set(String::new());
            }
        }
    }

    fn kind(self) -> RecordKind {
        self.kind.get().parse().unwrap_or(RecordKind::Contract)
    }

    /// As it is sent. What is not there yet is sent empty, and the server says which field it misses.
    fn facts(self) -> StaffFacts {
        let (choice, a, b) = (self.choice.get_untracked(), self.a.get_untracked(), self.b.get_untracked());
        let n = self.n.get_untracked().trim().to_owned();
        match self.kind.get_untracked().parse().unwrap_or(RecordKind::Contract) {
            RecordKind::Contract => StaffFacts::Contract { contract: choice.parse().unwrap_or(ContractKind::Permanent) },
            RecordKind::Degree => {
                StaffFacts::Degree { level: choice.parse().unwrap_or(DegreeLevel::Bachelor), major: a, institution: b }
            }
            RecordKind::Subject => StaffFacts::Subject { subject_code: choice },
            RecordKind::Rank => StaffFacts::Rank { title: a, rank: choice.parse().ok() },
            RecordKind::Duty => StaffFacts::Duty {
                duty: duty(&choice),
                periods: n.parse().ok().filter(|_| asks_periods(&choice)),
                paid: self.flag.get_untracked(),
                of: Some(a).filter(|a| !a.trim().is_empty()),
            },
            RecordKind::Leave => StaffFacts::Leave { leave: choice.parse().unwrap_or(LeaveKind::Annual) },
            RecordKind::Evaluation => {
                let level = |code: &str| StandardLevel::ALL.iter().copied().find(|level| level.code() == code);
                StaffFacts::Evaluation {
                    set: StandardSet::ALL.iter().copied().find(|set| set.code() == choice).unwrap_or(StandardSet::General),
                    criteria: self.criteria.get_untracked().iter().filter_map(|code| level(code)).collect(),
                    level: level(&a).unwrap_or(StandardLevel::Met),
                }
            }
            RecordKind::Training => StaffFacts::Training {
                name: a,
                provider: b,
                hours: n.parse().unwrap_or_default(),
                certificate_no: Some(choice).filter(|no| !no.trim().is_empty()),
                training_id: None,
            },
            RecordKind::Salary => StaffFacts::Salary {
                scale: a,
                step: n.parse().unwrap_or_default(),
                coefficient: hundredths(&b).unwrap_or_default(),
            },
            RecordKind::Identity => {
                StaffFacts::Identity { document: choice.parse().unwrap_or(IdentityDocument::Citizen), number: a }
            }
        }
    }

    fn body(self) -> PutStaffRecord {
        let day = |text: Text| text.get_untracked().parse().ok();
        let facts = self.facts();
        PutStaffRecord {
            school_year_id: self.year.get_untracked().parse().ok().filter(|_| facts.kind() == RecordKind::Evaluation),
            unit_id: self.unit.get_untracked().parse().ok(),
            first_on: day(self.first),
            last_on: day(self.last),
            decision_no: filled(self.decision),
            decided_on: day(self.decided),
            note: filled(self.note),
            facts,
        }
    }
}

/// "3,00" or "2.34" as hundredths.
fn hundredths(text: &str) -> Option<u16> {
    let text = text.trim().replace(',', ".");
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let rest = format!("{rest:0<2}");
    (rest.len() == 2).then_some(())?;
    whole.parse::<u16>().ok()?.checked_mul(100)?.checked_add(rest.parse().ok()?)
}

fn duty(code: &str) -> TeachingDuty {
    TeachingDuty::ALL.iter().copied().find(|duty| duty.code() == code).unwrap_or(TeachingDuty::GroupHead)
}

/// The circular leaves it to the decision.
fn asks_periods(code: &str) -> bool {
    !code.is_empty() && !matches!(duty(code).reduction(Stage::LowerSecondary), Reduction::Fixed(_))
}

type Options = Vec<(String, String)>;

fn names_of<T: Copy + std::fmt::Display>(all: &[T], label: impl Fn(T) -> &'static str) -> Options {
    all.iter().map(|one| (one.to_string(), label(*one).to_owned())).collect()
}

fn levels(none: bool) -> Options {
    let first = none.then(|| (String::new(), t(NOT_SAID).to_owned()));
    first.into_iter().chain(StandardLevel::ALL.iter().map(|l| (l.code().to_owned(), l.text(words()).to_owned()))).collect()
}

/// Sets the first choice where none is made.
fn first(signal: Text, options: &Options) {
    if !options.iter().any(|(key, _)| *key == signal.get_untracked()) {
        signal.set(options.first().map(|(key, _)| key.clone()).unwrap_or_default());
    }
}

fn only(draft: Draft, form: Form, place: fn(&'static str, Way) -> &'static str, way: Way) -> AnyView {
    let fault = move |pointer: &'static str| form.fault(place(pointer, way));
    let select = move |label: &'static str, value: Text, options: Options| {
        first(value, &options);
        view! { <SelectField label=label name="rec-choice" value=value options=options /> }.into_any()
    };
    match draft.kind() {
        RecordKind::Contract => select(t(CONTRACT), draft.choice, names_of(ContractKind::ALL, |k| k.label(lang()))),
        RecordKind::Degree => view! {
            {select(t(LEVEL), draft.choice, names_of(DegreeLevel::ALL, |k| k.label(lang())))}
            <Field label=t(MAJOR) name="rec-a" value=draft.a required=true max=200 fault=fault("/facts/major") />
            <Field label=t(INSTITUTION) name="rec-b" value=draft.b required=true max=200 fault=fault("/facts/institution") />
        }
        .into_any(),
        RecordKind::Subject => {
            let options = regulations::curriculum::subjects().iter().map(|s| (s.code.to_owned(), subject(s.code))).collect();
            select(t(SUBJECT), draft.choice, options)
        }
        RecordKind::Rank => {
            let mut ranks = vec![(String::new(), t(NO_RANK).to_owned())];
            ranks.extend(names_of(RankGrade::ALL, |k| k.label(lang())));
            view! {
                <Field label=t(TITLE) name="rec-a" value=draft.a required=true max=200 hint=t(TITLE_HINT) fault=fault("/facts/title") />
                {select(t(RANK), draft.choice, ranks)}
            }
            .into_any()
        }
        RecordKind::Duty => {
            let duties = TeachingDuty::ALL.iter().filter(|duty| **duty != TeachingDuty::Homeroom);
            let duties = duties.map(|duty| (duty.code().to_owned(), duty.text(words()).to_owned())).collect();
            view! {
                {select(t(DUTY), draft.choice, duties)}
                {move || asks_periods(&draft.choice.read()).then(|| view! { <Field label=t(PERIODS) name="rec-n" kind="number" value=draft.n hint=t(PERIODS_HINT) fault=fault("/facts/periods") /> })}
                <Field label=t(OF) name="rec-a" value=draft.a max=200 hint=t(OF_HINT) />
                <Check label=t(PAID) value=draft.flag />
            }
            .into_any()
        }
        RecordKind::Leave => select(t(LEAVE), draft.choice, names_of(LeaveKind::ALL, |k| k.label(lang()))),
        RecordKind::Evaluation => {
            let sets = StandardSet::ALL.iter().map(|s| (s.code().to_owned(), s.text(words()).to_owned())).collect();
            first(draft.a, &levels(false));
            view! {
                {select(t(SET), draft.choice, sets)}
                <SelectField label=t(OVERALL) name="rec-a" value=draft.a options=levels(false) hint=t(OVERALL_HINT) fault=fault("/facts/level") />
                <details>
                    <summary>{t(CRITERIA_OF)}</summary>
                    <div class="fields">{(0..CRITERIA).map(|at| criterion(draft.criteria, at)).collect_view()}</div>
                </details>
            }
            .into_any()
        }
        RecordKind::Training => view! {
            <Field label=t(COURSE) name="rec-a" value=draft.a required=true max=200 fault=fault("/facts/name") />
            <Field label=t(PROVIDER) name="rec-b" value=draft.b required=true max=200 fault=fault("/facts/provider") />
            <div class="fields">
                <Field label=t(HOURS) name="rec-n" kind="number" value=draft.n required=true fault=fault("/facts/hours") />
                <Field label=t(CERTIFICATE) name="rec-choice" value=draft.choice max=60 fault=fault("/facts/certificate_no") />
            </div>
        }
        .into_any(),
        RecordKind::Salary => view! {
            <Field label=t(SCALE) name="rec-a" value=draft.a required=true max=60 fault=fault("/facts/scale") />
            <div class="fields">
                <Field label=t(STEP) name="rec-n" kind="number" value=draft.n required=true fault=fault("/facts/step") />
                <Field label=t(COEFFICIENT) name="rec-b" value=draft.b required=true hint=t(COEFFICIENT_HINT) fault=fault("/facts/coefficient") />
            </div>
        }
        .into_any(),
        RecordKind::Identity => view! {
            {select(t(DOCUMENT), draft.choice, names_of(IdentityDocument::ALL, |k| k.label(lang())))}
            <Field label=t(NUMBER) name="rec-a" value=draft.a required=true max=30 fault=fault("/facts/number") />
        }
        .into_any(),
    }
}

fn criterion(all: RwSignal<Vec<String>>, at: usize) -> AnyView {
    let label = tf(CRITERION, &[("n", &(at + 1).to_string())]);
    let id = format!("rec-criterion-{}", at + 1);
    let options = levels(true)
        .into_iter()
        .map(|(key, label)| {
            let mine = key.clone();
            view! { <option value=key prop:selected=move || all.read().get(at) == Some(&mine)>{label}</option> }
        })
        .collect_view();
    let chosen = move |event| {
        let value = event_target_value(&event);
        all.update(|all| {
            if let Some(one) = all.get_mut(at) {
                *one = value;
            }
        });
    };
    view! {
        <div class="field"><label for=id.clone()>{label}</label><select id=id on:change=chosen>{options}</select></div>
    }
    .into_any()
}

/// The pointer of a field, which lies one floor down in a proposal.
fn pointer(plain: &'static str, way: Way) -> &'static str {
    if way == Way::Write {
        return plain;
    }
    match plain {
        "/facts/major" => "/change/record/facts/major",
        "/facts/institution" => "/change/record/facts/institution",
        "/facts/title" => "/change/record/facts/title",
        "/facts/periods" => "/change/record/facts/periods",
        "/facts/level" => "/change/record/facts/level",
        "/facts/name" => "/change/record/facts/name",
        "/facts/provider" => "/change/record/facts/provider",
        "/facts/hours" => "/change/record/facts/hours",
        "/facts/scale" => "/change/record/facts/scale",
        "/facts/step" => "/change/record/facts/step",
        "/facts/coefficient" => "/change/record/facts/coefficient",
        "/facts/number" => "/change/record/facts/number",
        "/first_on" => "/change/record/first_on",
        "/last_on" => "/change/record/last_on",
        "/unit_id" => "/change/record/unit_id",
        "/school_year_id" => "/change/record/school_year_id",
        other => other,
    }
}

/// Enters a record of a kind, changes one, or proposes either. `posts`: where the person works today.
#[component]
pub fn RecordForm(
    staff: StaffId,
    record: Option<StaffRecord>,
    kind: RecordKind,
    posts: Vec<Post>,
    way: Way,
    done: Callback<()>,
) -> impl IntoView {
    let mut units: Options = vec![(String::new(), t(NO_UNIT).to_owned())];
    for post in posts {
        let one = (post.unit_id.to_string(), post.unit_name);
        if !units.contains(&one) {
            units.push(one);
        }
    }
    let usual = if matches!(kind, RecordKind::Duty | RecordKind::Leave | RecordKind::Contract) {
        units.get(1).map(|(id, _)| id.clone()).unwrap_or_default()
    } else {
        String::new()
    };
    let stands: Option<(StaffRecordId, i64)> = record.as_ref().map(|r| (r.id, r.version));
    let draft = Draft::new(record.as_ref(), kind, usual);
    let form = Form::new();
    let years = load(move || async move { calendar::school_years().await });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (body, why) = (draft.body(), filled(draft.why));
        let call = async move {
            match (way, stands) {
                (Way::Write, None) => staff::create(staff, &body).await.map(drop),
                (Way::Write, Some((id, version))) => staff::change(staff, id, version, &body).await.map(drop),
                (Way::Propose, None) => propose(StaffChange::Add { record: body }, why).await,
                (Way::Propose, Some((record_id, version))) => {
                    propose(StaffChange::Change { record_id, version, record: body }, why).await
                }
            }
        };
        form.send(call, move |()| done.run(()));
    };
    let kinds = names_of(RecordKind::ALL, |k| k.label(lang()));
    let drawn = StoredValue::new(kind);
    let fixed = stands.is_some();
    let fault = move |plain: &'static str| form.fault(pointer(plain, way));
    let year_field = move || {
        let years = years.get().map(|page| page.items).unwrap_or_default();
        let options: Options = years.into_iter().map(|year| (year.id.to_string(), year.code)).collect();
        first(draft.year, &options);
        view! { <SelectField label=t(tx::SCHOOL_YEAR) name="rec-year" value=draft.year options=options fault=fault("/school_year_id") /> }
    };
    view! {
        <form class="stack form" on:submit=submit>
            {(!fixed).then(|| view! { <SelectField label=t(KIND) name="rec-kind" value=draft.kind options=kinds /> })}
            {move || {
                draft.cleared(drawn);
                only(draft, form, pointer, way)
            }}
            {move || (draft.kind() == RecordKind::Evaluation).then(year_field)}
            <div class="fields">
                <DateField label=t(FIRST) name="rec-first" value=draft.first fault=fault("/first_on") />
                <DateField label=t(LAST) name="rec-last" value=draft.last fault=fault("/last_on") />
                <Field label=t(DECISION) name="rec-decision" value=draft.decision max=60 />
                <DateField label=t(DECIDED) name="rec-decided" value=draft.decided />
            </div>
            <SelectField label=t(AT) name="rec-unit" value=draft.unit options=units fault=fault("/unit_id") />
            <Field label=t(NOTE) name="rec-note" value=draft.note max=500 />
            {(way == Way::Propose).then(|| view! { <Field label=t(WHY) name="rec-why" value=draft.why max=500 /> })}
            <FormFault form=form fields=FIELDS />
            <footer><Button label=t(if way == Way::Write { tx::SAVE } else { PROPOSE }) look=Look::Primary busy=form.busy /></footer>
        </form>
    }
    .into_any()
}

async fn propose(change: StaffChange, note: Option<String>) -> Result<(), ApiError> {
    staff::propose(&PostStaffProposal { change, note }).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::hundredths;

    #[test]
    fn coefficients_are_read_with_comma_or_point() {
        assert_eq!(
            [hundredths("3,00"), hundredths("2.34"), hundredths("3"), hundredths("4,4")],
            [Some(300), Some(234), Some(300), Some(440)]
        );
        assert_eq!([hundredths("4,445"), hundredths(""), hundredths("x")], [None, None, None]);
    }
}
