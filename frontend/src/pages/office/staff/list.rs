//! The staff of a school, with filters. It stands at two addresses: among the records of staff, and as the directory that leads to the
//! persons themselves.

use super::{crumbs, tabs};
use crate::api::records;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::filters::Filters;
use crate::pages::records::pick::searched;
use crate::pages::records::staff_forms::NewStaff;
use crate::state::who;
use crate::ui::{Button, Dialog, Empty, Header, Icon, Look, SearchField, SelectField, or_all, pages, table, toast};
use dto::StaffId;
use dto::access::Permission;
use dto::staff::{Position, Staff, StaffQuery};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::{use_location, use_navigate};

texts! {
    TITLE: "Hồ sơ nhân sự", "Staff records";
    UNDER: "Vị trí, hợp đồng, bằng cấp, chức danh, kiêm nhiệm, nghỉ, đánh giá và bồi dưỡng của từng người.", "Posts, contracts, degrees, titles, duties, leave, evaluations and training of each.";
    FIND: "Tìm theo tên, mã", "Find by name or code";
    HOLDER: "Tên không cần dấu", "Name without marks";
    POSITION: "Vị trí", "Post";
    POSTS: "Vị trí, nơi làm việc", "Posts";
    SINCE: "Từ", "Since";
    NEW: "Thêm nhân sự", "Add staff";
    ADDED: "Đã lập hồ sơ của {name}", "The record of {name} was made";
    NOBODY: "Không thấy ai", "Nobody found";
    NOBODY_TEXT: "Thử gõ tên không dấu, bỏ bớt điều kiện lọc, hoặc chọn trường khác.", "Try the name without marks, fewer filters, or another school.";
}

/// The records of staff, and the directory.
const RECORDS: &str = "/office/staff";
const PEOPLE: &str = "/staff";

#[component]
pub fn StaffList() -> impl IntoView {
    let here = use_location().pathname.get_untracked();
    let records = here == RECORDS;
    let href = move |id: StaffId| format!("{}/{id}", if records { RECORDS } else { PEOPLE });
    let filters = Filters::new();
    let school = filters.school();
    let (q, position) = (filters.text("q"), filters.text("position"));
    let staff = pages(move |after| {
        let query = StaffQuery { unit_id: school.id(), position: position.get().parse().ok(), q: searched(q) };
        async move { records::staff(&query, after).await }
    });
    let adding = RwSignal::new(false);
    let navigate = use_navigate();
    let added = Callback::new(move |made: Staff| {
        adding.set(false);
        toast::say(tf(ADDED, &[("name", &made.full_name)]));
        navigate(&href(made.id), NavigateOptions::default());
    });
    let positions = or_all(Position::ALL.iter().map(|p| (p, p.label(lang()))));
    let (title, above) = match records {
        true => (t(TITLE), crumbs().into_iter().take(1).collect()),
        false => (t(tx::STAFF), Vec::new()),
    };
    view! {
        <Header title=title crumbs=above under=t(UNDER)>
            {staff.export("nhan-su")}
            {who().can(Permission::StaffWrite).then(|| view! { <Button label=t(NEW) look=Look::Primary glyph=Icon::Plus on_press=Callback::new(move |()| adding.set(true)) /> })}
        </Header>
        {records.then(tabs)}
        <div class="filters">
            <SearchField label=t(FIND) name="staff-q" value=q placeholder=t(HOLDER) />
            <SelectField label=t(POSITION) name="staff-position" value=position options=positions />
            {school.field("staff-school")}
            {filters.show()}
        </div>
        {staff.show(move |items| {
            if items.is_empty() {
                return view! { <div class="panel"><Empty title=t(NOBODY) text=t(NOBODY_TEXT) glyph=Icon::People /></div> }.into_any();
            }
            let rows = items.into_iter().map(|staff| row(href(staff.id), staff)).collect();
            table(title, &[tx::FULL_NAME, POSTS], &[SINCE, tx::PHONE, tx::MINISTRY_CODE], rows)
        })}
        <Dialog open=adding title=t(NEW)><NewStaff school=school done=added /></Dialog>
    }
    .into_any()
}

fn row(href: String, staff: Staff) -> AnyView {
    let today = format::today();
    let now: Vec<_> = staff.posts.iter().filter(|p| p.valid_to.is_none_or(|end| end > today)).collect();
    let posts = now.iter().map(|p| format!("{}, {}", p.position.label(lang()), p.unit_name)).collect::<Vec<_>>().join(" · ");
    let since = now.iter().map(|p| p.valid_from).min().map(format::date);
    view! {
        <tr>
            <th scope="row"><A href=href attr:class="row-link">{format::name(&staff.full_name, &staff.name.given)}</A></th>
            <td>{posts}</td>
            <td class="hide num muted">{since}</td>
            <td class="hide num">{staff.phone.map(|p| view! { <a class="row-link" href=format!("tel:{p}")>{p.clone()}</a> })}</td>
            <td class="hide num muted">{staff.ministry_code}</td>
        </tr>
    }
    .into_any()
}
