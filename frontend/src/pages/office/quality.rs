//! Data quality: of a unit the counts, the trend and what lies under it; of a school what was found, with its fixes.

use crate::api::{ApiError, quality};
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::filters::Filters;
use crate::pages::place;
use crate::pages::records::pick::{Picked, own_school};
use crate::state::who;
use crate::ui::{
    Button, Choice, Dialog, Empty, Field, Form, FormFault, Header, Icon, Loader, Look, Pages, Pill, Tone, effect, load, pages,
    toast,
};
use dto::access::Permission;
use dto::quality::*;
use dto::units::UnitKind;
use dto::{QualityFindingId, UnitId};
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    RECORD: "Hồ sơ", "Record";
    WHAT: "Phát hiện", "Finding";
    OWNED: "Phụ trách", "Owner";
    CLOCK: "Hạn", "Due";
    TITLE: "Chất lượng dữ liệu", "Data quality";
    UNDER: "Hệ thống xem lại hồ sơ mỗi đêm, khi ghi và khi nhập tệp; mỗi việc có người phụ trách và hạn.", "Records are looked at nightly, on write and on import; each finding has an owner and a due date.";
    UNIT: "Đơn vị", "Unit";
    PICK: "Hãy chọn đơn vị", "Choose a unit";
    LOOK: "Kiểm tra ngay", "Look now";
    LOOKED: "Đã kiểm tra: {new} phát hiện mới, {fixed} việc đã xong, còn {open}", "Looked: {new} new, {fixed} put right, {open} open";
    OPEN: "Chưa xử lí", "Open";
    OVERDUE: "Quá hạn", "Overdue";
    CHECKED: "{n} trường đã kiểm tra, lần cuối {at}", "{n} schools looked at, last at {at}";
    NEVER: "Chưa kiểm tra lần nào. Hãy bấm “Kiểm tra ngay”, hoặc đợi lượt kiểm tra đêm nay.", "Not looked at yet. Press “Look now”, or wait for tonight.";
    BY_RULE: "Theo loại", "By rule";
    BY_UNIT: "Theo đơn vị", "By unit";
    TREND: "Số việc chưa xử lí 30 ngày qua", "Open findings over 30 days";
    TREND_TEXT: "Từ {from} đến {to}: {a} → {b}", "From {from} to {to}: {a} → {b}";
    FINE: "Không còn việc nào", "Nothing to do";
    FINE_TEXT: "Hồ sơ của trường không vi phạm quy tắc nào.", "No record of the school breaks a rule.";
    OWNER: "Phụ trách: {who}", "Owner: {who}";
    DUE: "Hạn {day}", "Due {day}";
    LATE: "Quá hạn từ {day}", "Overdue since {day}";
    FIX: "Sửa giúp tôi", "Put it right";
    FIX_ALL: "Sửa tất cả", "Put all right";
    FIXED: "Đã sửa: {name}", "Put right: {name}";
    FIXED_ALL: "Đã sửa {n} hồ sơ", "{n} records were put right";
    ACCEPT: "Chấp nhận", "Accept";
    ACCEPT_TITLE: "Chấp nhận và nêu lí do", "Accept, with a reason";
    REASON: "Lí do", "Reason";
    ACCEPTED: "Đã chấp nhận", "Accepted";
    HISTORY: "Lịch sử", "History";
    NIGHT: "Hệ thống", "The program";
    ONLY_LATE: "Chỉ việc quá hạn", "Overdue alone";
    MINE: "Việc của tôi", "Mine to put right";
    GO: "Đi sửa", "Go and put it right";
    STATE: "Trạng thái", "State";
    SCHOOLS: "{open} việc, {late} quá hạn", "{open} open, {late} overdue";
    ALL_RULES: "Mọi loại", "All rules";
}

#[component]
pub fn QualityPage() -> impl IntoView {
    let filters = Filters::new();
    let narrow = Narrow {
        rule: filters.text("rule"),
        state: filters.text_or("state", QualityState::Open.as_str()),
        late: filters.text("late"),
        owner: filters.text("owner"),
        filters,
    };
    let asked = filters.text("unit");
    let picked = Picked::new();
    let own = own_school().and_then(|choice| choice.key.parse::<UnitId>().ok());
    let highest = who().with(|me| me.roles.iter().find_map(|grant| grant.unit_id));
    // The unit of the address, else one's own; who picks another goes to its address.
    let unit = Memo::new(move |_| asked.read().parse::<UnitId>().ok().or(own).or(highest));
    effect(move || {
        if let Some(id) = picked.id::<UnitId>() {
            asked.set(id.to_string());
        }
    });
    place::about(UnitKind::ALL, unit.into(), Callback::new(move |to: Choice| asked.set(to.key)));
    let overview = load(move || {
        let unit = unit.get();
        async move { quality::overview(unit.ok_or(ApiError::Unexpected { status: 404, request_id: None })?).await }
    });
    let print = Callback::new(move |()| {
        let _ = window().print();
    });
    view! {
        <Header title=t(TITLE) under=t(UNDER)><Button label=t(tx::PRINT) glyph=Icon::Print on_press=print /></Header>
        {own.is_none().then(|| view! { <div class="filters no-print">{picked.unit_field(t(UNIT), "quality-unit", &[], None, "", Signal::stored(None))}</div> })}
        {move || match unit.get() {
            None => view! { <div class="panel"><Empty title=t(PICK) glyph=Icon::Tree /></div> }.into_any(),
            Some(_) => overview.show(move |found| standing(found, overview, narrow)),
        }}
    }
    .into_any()
}

/// How the findings are narrowed, as the address says it.
#[derive(Clone, Copy)]
struct Narrow {
    rule: RwSignal<String>,
    state: RwSignal<String>,
    /// "1": those overdue alone.
    late: RwSignal<String>,
    /// The role that has to put right; empty: any.
    owner: RwSignal<String>,
    filters: Filters,
}

impl Narrow {
    /// Tracked.
    fn rule(self) -> Option<QualityRule> {
        self.rule.read().parse().ok()
    }

    /// Tracked.
    fn state(self) -> QualityState {
        self.state.read().parse().unwrap_or(QualityState::Open)
    }

    fn turn(self, rule: QualityRule) {
        self.rule.update(|now| *now = if now.parse() == Ok(rule) { String::new() } else { rule.to_string() });
    }
}

fn standing(found: QualityOverview, loader: Loader<QualityOverview>, narrow: Narrow) -> AnyView {
    let unit = found.unit_id;
    let form = Form::new();
    let writes = found.school && who().can(Permission::QualityWrite);
    let look = Callback::new(move |()| {
        form.send(quality::look(unit), move |run| {
            let n = |n: u32| format::count(n.into());
            toast::say(tf(LOOKED, &[("new", &n(run.new)), ("fixed", &n(run.fixed)), ("open", &n(run.open))]));
            loader.reload();
        })
    });
    let checked = match found.checked_at {
        Some(at) => tf(CHECKED, &[("n", &format::count(found.checked.into())), ("at", &format::instant(at))]),
        None => t(NEVER).to_owned(),
    };
    let school = found.school;
    view! {
        <section class="quality-head" aria-label=found.name.clone()>
            <h2>{found.name.clone()}</h2>
            <p><b class="num big">{format::count(found.open.into())}</b>" "{t(OPEN)}" · "<b class="num" class:late=found.overdue.gt(&0)>{format::count(found.overdue.into())}</b>" "{t(OVERDUE)}</p>
            <p class="muted">{checked}</p>
            {writes.then(|| view! { <Button label=t(LOOK) glyph=Icon::Search busy=form.busy on_press=look /> })}
            <FormFault form=form />
        </section>
        <div class="split lead">
            <section class="stack" aria-labelledby="rules-title">
                <h2 id="rules-title">{t(BY_RULE)}</h2>
                {rules(found.rules.clone(), narrow, school)}
                {trend(&found.trend)}
            </section>
            {if school {
                view! { <Findings school=unit narrow=narrow rules=found.rules loader=loader /> }.into_any()
            } else {
                units(found.units)
            }}
        </div>
    }
    .into_any()
}

fn percent(n: u32, most: u32) -> u32 {
    (n * 100).checked_div(most).unwrap_or(0)
}

/// A bar for each rule; in a school a press narrows the list.
fn rules(found: Vec<QualityRuleCount>, narrow: Narrow, school: bool) -> AnyView {
    let most = found.iter().map(|r| r.open).max().unwrap_or(0);
    if most == 0 {
        return view! { <div class="panel"><Empty title=t(FINE) text=t(FINE_TEXT) glyph=Icon::Check /></div> }.into_any();
    }
    let bars = found.into_iter().filter(|r| r.open > 0).map(|count| {
        let rule = count.rule;
        let owner = tf(OWNER, &[("who", count.owner.label(lang()))]);
        let inner = view! {
            <span class="grow"><b>{rule.label(lang())}</b><small class="muted">{owner}</small></span>
            <span class="track" aria-hidden="true"><i class:late=count.overdue.gt(&0) style:width=format!("{}%", percent(count.open, most))></i></span>
            <span class="num">{format::count(count.open.into())}</span>
        };
        if school {
            view! {
                <li><button type="button" class="bar" aria-pressed=move || (narrow.rule() == Some(rule)).to_string()
                    on:click=move |_| narrow.turn(rule)>{inner}</button></li>
            }
            .into_any()
        } else {
            view! { <li><div class="bar">{inner}</div></li> }.into_any()
        }
    });
    view! { <ul class="quality-bars panel">{bars.collect_view()}</ul> }.into_any()
}

/// The open findings over the days, as a line.
fn trend(days: &[QualityDay]) -> AnyView {
    // One day is no trend.
    let [first, .., last] = days else { return ().into_any() };
    let most = days.iter().map(|d| d.open).max().unwrap_or(0).max(1);
    let (width, height) = (300u32, 80u32);
    let span = (last.day - first.day).num_days().max(1);
    let points: Vec<String> = days
        .iter()
        .map(|d| {
            let x = u32::try_from((d.day - first.day).num_days() * i64::from(width) / span).unwrap_or(0);
            let y = height - d.open * (height - 8) / most;
            format!("{x},{y}")
        })
        .collect();
    let said = tf(
        TREND_TEXT,
        &[
            ("from", &format::date(first.day)),
            ("to", &format::date(last.day)),
            ("a", &format::count(first.open.into())),
            ("b", &format::count(last.open.into())),
        ],
    );
    let end = points.last().cloned().unwrap_or_default();
    let (x, y) = end.split_once(',').map(|(x, y)| (x.to_owned(), y.to_owned())).unwrap_or_default();
    view! {
        <figure class="panel quality-trend">
            <svg viewBox=format!("-4 0 {} {}", width + 8, height + 4) role="img" aria-label=format!("{}. {said}", t(TREND))>
                <path class="axis" d=format!("M0 {height}H{width}") />
                <polyline points=points.join(" ") />
                <circle cx=x cy=y r="3.5" />
            </svg>
            <figcaption><b>{t(TREND)}</b><br /><span class="muted num">{said}</span></figcaption>
        </figure>
    }
    .into_any()
}

fn units(found: Vec<QualityUnit>) -> AnyView {
    let lines = found.into_iter().map(|unit| {
        let said = tf(SCHOOLS, &[("open", &format::count(unit.open.into())), ("late", &format::count(unit.overdue.into()))]);
        let tone = match (unit.open, unit.overdue) {
            (0, _) => Tone::Ok,
            (_, 0) => Tone::Quiet,
            _ => Tone::Warn,
        };
        view! {
            <li>
                <span class="grow"><A href=format!("/office/quality?unit={}", unit.unit_id)><b>{unit.name}</b></A></span>
                <Pill label=said tone=tone />
            </li>
        }
    });
    view! {
        <section class="panel" aria-labelledby="units-title">
            <header><h2 id="units-title">{t(BY_UNIT)}</h2></header>
            <div class="body"><ul class="lines">{lines.collect_view()}</ul></div>
        </section>
    }
    .into_any()
}

#[component]
fn Findings(school: UnitId, narrow: Narrow, rules: Vec<QualityRuleCount>, loader: Loader<QualityOverview>) -> impl IntoView {
    let writes = who().can(Permission::QualityWrite);
    let found = pages(move |after| {
        let query = QualityQuery {
            school_id: school,
            rule: narrow.rule(),
            state: Some(narrow.state()),
            overdue: (!narrow.late.read().is_empty()).then_some(true),
            owner: narrow.owner.read().parse().ok(),
        };
        async move { quality::findings(&query, after).await }
    });
    let form = Form::new();
    // The role of mine that owns rules here.
    let mine = who().with(|me| me.roles.iter().map(|grant| grant.role).find(|role| rules.iter().any(|rule| rule.owner == *role)));
    let rules = StoredValue::new(rules);
    let fix_all = Callback::new(move |()| {
        let Some(rule) = untrack(|| narrow.rule()) else { return };
        let body = FixFindings { school_id: school, rule };
        form.send(async move { quality::fix_all(&body).await }, move |run| {
            toast::say(tf(FIXED_ALL, &[("n", &format::count(run.fixed.into()))]));
            loader.reload();
        })
    });
    let fixable = move || {
        let rule = narrow.rule();
        writes
            && narrow.state() == QualityState::Open
            && rules.with_value(|all| all.iter().any(|r| Some(r.rule) == rule && r.fixable && r.open > 0))
    };
    let accepting = RwSignal::new(None::<QualityFinding>);
    let open = RwSignal::new(false);
    let history = RwSignal::new(None::<QualityFindingId>);
    let shown = RwSignal::new(false);
    let late = move |_| narrow.late.update(|late| *late = if late.is_empty() { "1".to_owned() } else { String::new() });
    let act = Acts { form, found, loader, accepting, open, history, shown, writes };
    view! {
        <section class="stack wide" aria-labelledby="findings-title">
            <h2 id="findings-title">{move || narrow.rule().map_or(t(ALL_RULES), |r| r.label(lang()))}</h2>
            <div class="filters no-print">
                <div class="tally" role="group" aria-label=t(STATE)>
                    {QualityState::ALL.iter().map(|to| {
                        let to = *to;
                        view! { <button type="button" aria-pressed=move || (narrow.state() == to).to_string() on:click=move |_| narrow.state.set(to.to_string())>{to.label(lang())}</button> }
                    }).collect_view()}
                </div>
                <div class="tally">
                    <button type="button" aria-pressed=move || (!narrow.late.read().is_empty()).to_string() on:click=late>{t(ONLY_LATE)}</button>
                    {mine.map(|role| view! {
                        <button type="button" aria-pressed=move || (*narrow.owner.read() == role.as_str()).to_string()
                            on:click=move |_| narrow.owner.update(|now| *now = if *now == role.as_str() { String::new() } else { role.to_string() })>{t(MINE)}</button>
                    })}
                </div>
                {move || fixable().then(|| view! { <Button label=t(FIX_ALL) look=Look::Primary glyph=Icon::Check busy=form.busy on_press=fix_all /> })}
                {narrow.filters.show()}
                {found.export("chat-luong-du-lieu")}
            </div>
            <FormFault form=form />
            {found.show(move |items| {
                if items.is_empty() {
                    return view! { <div class="panel"><Empty title=t(FINE) glyph=Icon::Check /></div> }.into_any();
                }
                view! { <ul class="lines panel quality-list">{items.into_iter().map(|item| line(item, act)).collect_view()}</ul> }.into_any()
            })}
            <Dialog open=open title=t(ACCEPT_TITLE)>
                {move || accepting.get().map(|finding| view! { <Accept finding=finding open=open act=act /> })}
            </Dialog>
            <Dialog open=shown title=t(HISTORY)>
                {move || history.get().map(|id| load(move || quality::steps(id)).show(|page| steps(page.items)))}
            </Dialog>
        </section>
    }
    .into_any()
}

/// What a line can do.
#[derive(Clone, Copy)]
struct Acts {
    form: Form,
    found: Pages<QualityFinding>,
    loader: Loader<QualityOverview>,
    accepting: RwSignal<Option<QualityFinding>>,
    open: RwSignal<bool>,
    history: RwSignal<Option<QualityFindingId>>,
    shown: RwSignal<bool>,
    writes: bool,
}

impl Acts {
    fn done(self) {
        self.found.reload();
        self.loader.reload();
    }
}

/// Where the record is looked at: pages of the other program.
fn address(finding: &QualityFinding) -> String {
    let id = finding.subject_id;
    match finding.subject {
        QualitySubject::Learner => format!("/learners/{id}"),
        QualitySubject::Class => format!("/classes/{id}"),
        QualitySubject::Staff => format!("/staff/{id}"),
    }
}

/// Where a person puts right what the program cannot.
fn place_of(finding: &QualityFinding) -> String {
    match finding.rule {
        QualityRule::PossibleDuplicate => "/office/duplicates".to_owned(),
        _ => address(finding),
    }
}

fn line(finding: QualityFinding, act: Acts) -> AnyView {
    let (id, open, href) = (finding.id, finding.state == QualityState::Open, address(&finding));
    let overdue = open && finding.due_on < format::today();
    let day = format::date(finding.due_on);
    let due = if overdue { tf(LATE, &[("day", &day)]) } else { tf(DUE, &[("day", &day)]) };
    let name = finding.title.clone();
    let fix = Callback::new(move |()| {
        let name = name.clone();
        act.form.send(quality::fix(id), move |_| {
            toast::say(tf(FIXED, &[("name", &name)]));
            act.done();
        })
    });
    let go = (open && act.writes && !finding.fixable).then(|| place_of(&finding));
    let kept = StoredValue::new(finding.clone());
    let accept = Callback::new(move |()| {
        act.accepting.set(Some(kept.get_value()));
        act.open.set(true);
    });
    let history = Callback::new(move |()| {
        act.history.set(Some(id));
        act.shown.set(true);
    });
    view! {
        <li>
            <span class="grow">
                <A href=href><b data-col=t(RECORD)>{finding.title.clone()}</b></A>
                <br /><span data-col=t(WHAT)>{lang().pick(&finding.vi, &finding.en).to_owned()}</span>
                <br /><small class="muted" data-col=t(OWNED)>{tf(OWNER, &[("who", finding.owner.label(lang()))])}{finding.reason.clone().map(|r| format!(" · {r}"))}</small>
            </span>
            <span data-col=t(CLOCK)>{if open {
                view! { <Pill label=due tone=if overdue { Tone::Bad } else { Tone::Quiet } /> }.into_any()
            } else {
                view! { <Pill label=finding.state.label(lang()) tone=Tone::Ok /> }.into_any()
            }}</span>
            <span class="no-print acts">
                {(open && act.writes && finding.fixable).then(|| view! { <Button label=t(FIX) small=true glyph=Icon::Check busy=act.form.busy on_press=fix /> })}
                {go.map(|href| view! { <A href=href attr:rel="external" attr:class="btn small">{t(GO)}</A> })}
                {(open && act.writes).then(|| view! { <Button label=t(ACCEPT) small=true look=Look::Plain on_press=accept /> })}
                <Button label=t(HISTORY) small=true look=Look::Plain glyph=Icon::Clock on_press=history />
            </span>
        </li>
    }
    .into_any()
}

#[component]
fn Accept(finding: QualityFinding, open: RwSignal<bool>, act: Acts) -> impl IntoView {
    let reason = RwSignal::new(String::new());
    let form = Form::new();
    let id = finding.id;
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let body = AcceptFinding { reason: reason.get_untracked().trim().to_owned() };
        form.send(async move { quality::accept(id, &body).await }, move |_| {
            open.set(false);
            toast::say(t(ACCEPTED));
            act.done();
        });
    };
    view! {
        <form on:submit=send>
            <p><b>{finding.title}</b>": "{lang().pick(&finding.vi, &finding.en).to_owned()}</p>
            <Field label=t(REASON) name="reason" value=reason required=true autofocus=true max=300 fault=form.fault("/reason") />
            <FormFault form=form />
            <footer><Button label=t(ACCEPT) look=Look::Primary busy=form.busy /></footer>
        </form>
    }
    .into_any()
}

fn steps(items: Vec<QualityStep>) -> AnyView {
    let lines = items.into_iter().map(|step| {
        let by = step.by.unwrap_or_else(|| t(NIGHT).to_owned());
        view! {
            <li>
                <span class="grow"><b>{step.state.label(lang())}</b><br /><small class="muted num">{format::instant(step.at)}" · "{by}{step.reason.map(|r| format!(" · {r}"))}</small></span>
            </li>
        }
    });
    view! { <ul class="lines">{lines.collect_view()}</ul> }.into_any()
}
