//! Subject groups of a school: name, head, members.

use super::{GROUPS, TITLE};
use crate::api::{records, teaching_plans};
use crate::i18n::{t, texts, tf, tx};
use crate::pages::filters::Filters;
use crate::state::who;
use crate::ui::{
    Button, Check, Crumb, Dialog, Empty, Field, Form, FormFault, Header, Icon, Loader, Look, Pill, SelectField, Tone, load, toast,
};
use dto::access::Permission;
use dto::teaching_plans::*;
use dto::{Page, StaffId, UnitId};
use leptos::prelude::*;

texts! {
    UNDER: "Tổ trưởng góp ý và duyệt kế hoạch của tổ trước khi chuyển ban giám hiệu.", "The head reviews the group's plans before they go to the school's management.";
    NEW: "Lập tổ", "Make a group";
    NONE: "Chưa có tổ chuyên môn", "No subject groups yet";
    NONE_TEXT: "Khi chưa có tổ, kế hoạch được gửi thẳng ban giám hiệu.", "Without groups plans go straight to the school's management.";
    NAME: "Tên tổ", "Name";
    HEAD: "Tổ trưởng", "Head";
    NO_HEAD: "Chưa có", "Nobody yet";
    MEMBERS: "Thành viên", "Members";
    COUNT: "{n} thành viên", "{n} members";
    CHANGE: "Sửa", "Change";
    REMOVE: "Xoá tổ", "Remove";
    SIGNING: "Ký số khi phê duyệt kế hoạch", "Signing approvals";
    SIGNING_IS: "Bản phê duyệt có ký số là tệp PDF mà ai cũng kiểm tra được bằng phần mềm của mình.", "A signed approval is a PDF that anybody can check with their own software.";
    REQUIRED: "Bắt buộc ký số", "A signature is required";
    FREE: "Không bắt buộc", "Not required";
    REQUIRE: "Yêu cầu ký số", "Require it";
    MAKE_FREE: "Bỏ yêu cầu", "Do not require it";
    REMOVED: "Đã xoá tổ", "The group was removed";
}

type Groups = Loader<Page<SubjectGroup>>;

#[component]
pub fn GroupsPage() -> impl IntoView {
    let school = Filters::new().school();
    let may = who().can(Permission::SubjectGroupWrite);
    let groups = load(move || {
        let id = school.id();
        async move {
            match id {
                Some(id) => teaching_plans::groups(id).await,
                None => Ok(Page { items: Vec::new(), next: None }),
            }
        }
    });
    let open = RwSignal::new(false);
    let asked = RwSignal::new(None::<SubjectGroup>);
    let make = Callback::new(move |()| {
        asked.set(None);
        open.set(true);
    });
    view! {
        <Header title=t(GROUPS) under=t(UNDER) crumbs=vec![Crumb(t(TITLE).to_owned(), "/office/plans".to_owned())]>
            {may.then(|| view! { <Button label=t(NEW) look=Look::Primary glyph=Icon::Plus disabled=Signal::derive(move || school.id().is_none()) on_press=make /> })}
        </Header>
        {school.field("groups-school")}
        {groups.show(move |page| {
            if page.items.is_empty() {
                return view! { <div class="panel"><Empty title=t(NONE) text=t(NONE_TEXT) glyph=Icon::People /></div> }.into_any();
            }
            let lines = page.items.into_iter().map(|group| line(group, may, asked, open)).collect_view();
            view! { <section class="panel"><ul class="lines">{lines}</ul></section> }.into_any()
        })}
        {move || school.id().filter(|_| may).map(|school| view! { <Policy school=school /> })}
        <Dialog open=open title=t(GROUPS)>
            {move || school.id().map(|id| view! { <GroupForm school=id group=asked.get() groups=groups open=open /> })}
        </Dialog>
    }
    .into_any()
}

/// Whether approvals must be signed at a school.
#[component]
fn Policy(school: UnitId) -> impl IntoView {
    let form = Form::new();
    let policy = load(move || async move { teaching_plans::policy(school).await });
    view! {
        <section class="panel"><header><h2>{t(SIGNING)}</h2></header><div class="body stack">
            <p class="muted">{t(SIGNING_IS)}</p>
            {policy.show(move |found| {
                let required = found.signature_required;
                let change = Callback::new(move |()| {
                    let body = PutTeachingPlanPolicy { signature_required: !required };
                    form.send(async move { teaching_plans::put_policy(school, found.version, &body).await }, move |saved| {
                        policy.set(saved);
                        toast::say(t(tx::SAVED));
                    });
                });
                view! {
                    <div class="row">
                        <Pill label=t(if required { REQUIRED } else { FREE }) tone=if required { Tone::Info } else { Tone::Quiet } />
                        <Button label=t(if required { MAKE_FREE } else { REQUIRE }) busy=form.busy on_press=change />
                    </div>
                }
            })}
            <FormFault form=form />
        </div></section>
    }
    .into_any()
}

fn line(group: SubjectGroup, may: bool, asked: RwSignal<Option<SubjectGroup>>, open: RwSignal<bool>) -> impl IntoView {
    let names = group.members.iter().map(|m| m.full_name.clone()).collect::<Vec<_>>().join(", ");
    let head = group.head.as_ref().map(|h| h.full_name.clone());
    let title = group.name.clone();
    let count = tf(COUNT, &[("n", &group.members.len().to_string())]);
    view! {
        <li>
            <div class="grow stack">
                <span class="row tight"><b>{title}</b>
                    {match head {
                        Some(head) => view! { <Pill label=format!("{}: {head}", t(HEAD)) tone=Tone::Brand /> }.into_any(),
                        None => view! { <Pill label=format!("{}: {}", t(HEAD), t(NO_HEAD)) tone=Tone::Warn /> }.into_any(),
                    }}
                </span>
                <span class="quiet">{count}": "{names}</span>
            </div>
            {may.then(|| view! { <Button label=t(CHANGE) small=true on_press=Callback::new(move |()| { asked.set(Some(group.clone())); open.set(true) }) /> })}
        </li>
    }
}

#[component]
fn GroupForm(school: UnitId, group: Option<SubjectGroup>, groups: Groups, open: RwSignal<bool>) -> impl IntoView {
    let form = Form::new();
    let name = RwSignal::new(group.as_ref().map(|g| g.name.clone()).unwrap_or_default());
    let head = RwSignal::new(group.as_ref().and_then(|g| g.head.as_ref()).map(|h| h.staff_id.to_string()).unwrap_or_default());
    let inside: Vec<StaffId> = group.as_ref().map(|g| g.members.iter().map(|m| m.staff_id).collect()).unwrap_or_default();
    // Who is there, each with a box.
    let boxes = RwSignal::new(Vec::<(StaffId, String, RwSignal<bool>)>::new());
    let staff = load(move || records::all_staff(school));
    crate::ui::effect(move || {
        if let Some(all) = staff.get() {
            boxes.set(all.into_iter().map(|s| (s.id, s.full_name.clone(), RwSignal::new(inside.contains(&s.id)))).collect());
        }
    });
    let heads = Signal::derive(move || {
        let ticked = boxes.get().into_iter().filter(|(_, _, on)| on.get()).map(|(id, name, _)| (id.to_string(), name));
        std::iter::once((String::new(), t(NO_HEAD).to_owned())).chain(ticked).collect::<Vec<_>>()
    });
    let at = group.as_ref().map(|g| (g.id, g.version));
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let member_ids: Vec<StaffId> = boxes.get_untracked().into_iter().filter(|b| b.2.get_untracked()).map(|b| b.0).collect();
        let head_id = head.get_untracked().parse().ok().filter(|head| member_ids.contains(head));
        let body = PutSubjectGroup { name: name.get_untracked(), head_id, member_ids };
        form.send(
            async move {
                match at {
                    Some((id, version)) => teaching_plans::put_group(school, id, version, &body).await,
                    None => teaching_plans::create_group(school, &body).await,
                }
            },
            move |_| {
                open.set(false);
                toast::say(t(tx::SAVED));
                groups.reload();
            },
        );
    };
    let remove = Callback::new(move |()| {
        let Some((id, _)) = at else { return };
        form.send(async move { teaching_plans::remove_group(school, id).await }, move |()| {
            open.set(false);
            toast::say(t(REMOVED));
            groups.reload();
        });
    });
    view! {
        <form class="stack" on:submit=send>
            <Field label=t(NAME) name="group-name" value=name required=true max=100 fault=form.fault("/name") />
            <SelectField label=t(HEAD) name="group-head" value=head options=heads fault=form.fault("/head_id") />
            <fieldset class="field"><legend>{t(MEMBERS)}</legend>
                {staff.show(move |_| view! { <div class="plan-members">{move || boxes.get().into_iter().map(|(_, name, on)| view! { <Check label=name value=on /> }).collect_view()}</div> })}
            </fieldset>
            <FormFault form=form fields=&["/name", "/head_id"] />
            <footer>
                {at.is_some().then(|| view! { <Button label=t(REMOVE) look=Look::Danger disabled=form.busy on_press=remove /> })}
                <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
                <Button label=t(tx::SAVE) look=Look::Primary busy=form.busy />
            </footer>
        </form>
    }
    .into_any()
}
