//! The minutes of a council: who sat, when, and what was said.

use crate::api::council;
use crate::format;
use crate::i18n::{t, texts, tx};
use crate::ui::{Button, DateField, Empty, Form, FormFault, Icon, Loader, Look, toast};
use dto::council::{Council, CouncilMember, CouncilState, PutMinutes};
use leptos::prelude::*;

texts! {
    TITLE: "Biên bản họp xét", "Minutes";
    NONE: "Chưa có biên bản", "No minutes yet";
    NONE_TEXT: "Cần ngày họp và thành phần dự họp trước khi chốt năm học.", "The day and who sat are needed before the year is closed.";
    NONE_PRIMARY: "Lớp tiểu học không bắt buộc có biên bản; ghi lại khi nhà trường có họp xét.", "Not needed for a primary class; write them where the school held a meeting.";
    WRITE: "Ghi biên bản", "Write the minutes";
    EDIT: "Sửa biên bản", "Change the minutes";
    MET: "Ngày họp", "Day of the meeting";
    MEMBERS: "Thành phần dự họp", "Who sat";
    MEMBERS_HINT: "Mỗi dòng một người: Họ và tên, vai trò. Ví dụ: Nguyễn Văn An, Chủ tịch hội đồng", "One person a line: full name, role. Such as: Nguyễn Văn An, chair";
    TEXT: "Nội dung", "What was said";
    SAVED: "Đã lưu biên bản", "The minutes are kept";
}

/// "Nguyễn Văn An, Thư ký" a line.
fn lines(members: &[CouncilMember]) -> String {
    let line = |member: &CouncilMember| match member.role.as_str() {
        "" => member.full_name.clone(),
        role => format!("{}, {role}", member.full_name),
    };
    members.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn members(text: &str) -> Vec<CouncilMember> {
    let member = |line: &str| {
        let (name, role) = line.split_once(',').unwrap_or((line, ""));
        CouncilMember { full_name: name.trim().to_owned(), role: role.trim().to_owned() }
    };
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(member).collect()
}

#[component]
pub fn MinutesPanel(answer: Council, loader: Loader<Council>) -> impl IntoView {
    let may = answer.writable && answer.state != CouncilState::Closed;
    let editing = RwSignal::new(false);
    let answer = StoredValue::new(answer);
    view! {
        <section class="panel minutes" aria-labelledby="minutes-title">
            <header><h2 id="minutes-title" class="grow">{t(TITLE)}</h2></header>
            <div class="body">
                {move || if editing.get() {
                    answer.with_value(|answer| view! { <Write answer=answer.clone() loader=loader editing=editing /> }.into_any())
                } else {
                    answer.with_value(|answer| shown(answer, may, editing))
                }}
            </div>
        </section>
    }
    .into_any()
}

fn shown(answer: &Council, may: bool, editing: RwSignal<bool>) -> AnyView {
    let minutes = &answer.minutes;
    let write = Callback::new(move |()| editing.set(true));
    let Some(day) = minutes.met_on else {
        let text = t(if super::primary::is(answer) { NONE_PRIMARY } else { NONE_TEXT });
        return view! {
            <Empty title=t(NONE) text=text glyph=Icon::Book>
                {may.then(|| view! { <Button label=t(WRITE) on_press=write /> })}
            </Empty>
        }
        .into_any();
    };
    let people = minutes
        .members
        .iter()
        .map(|member| view! { <li><span class="grow">{member.full_name.clone()}</span><span class="muted">{member.role.clone()}</span></li> })
        .collect_view();
    let text = minutes.text.lines().map(|line| view! { <p>{line.to_owned()}</p> }).collect_view();
    view! {
        <p><span class="muted">{t(MET)}</span>" "<b class="num">{format::date(day)}</b></p>
        <ul class="lines">{people}</ul>
        <div class="stack">{text}</div>
        {may.then(|| view! { <p class="no-print"><Button label=t(EDIT) on_press=write /></p> })}
    }
    .into_any()
}

#[component]
fn Write(answer: Council, loader: Loader<Council>, editing: RwSignal<bool>) -> impl IntoView {
    let (class, version) = (answer.class_id, answer.version);
    let day = RwSignal::new(answer.minutes.met_on.unwrap_or_else(format::today).to_string());
    let people = RwSignal::new(lines(&answer.minutes.members));
    let text = RwSignal::new(answer.minutes.text.clone());
    let form = Form::new();
    let send = move || {
        let body = PutMinutes {
            met_on: day.read_untracked().parse().ok(),
            members: members(&people.read_untracked()),
            text: text.get_untracked(),
        };
        form.send(async move { council::put_minutes(class, version, &body).await }, move |answer| {
            loader.set(answer);
            toast::say(t(SAVED));
        });
    };
    view! {
        <form class="stack" on:submit=move |event| { event.prevent_default(); send() }>
            <DateField label=t(MET) name="met_on" value=day required=true fault=form.fault("/met_on") />
            <div class="field">
                <label for="members">{t(MEMBERS)}<span class="need" aria-hidden="true">" *"</span></label>
                <textarea id="members" rows="4" required=true aria-describedby="members-hint" prop:value=people on:input=move |event| people.set(event_target_value(&event))></textarea>
                <p class="hint" id="members-hint">{t(MEMBERS_HINT)}</p>
            </div>
            <div class="field">
                <label for="minutes-text">{t(TEXT)}</label>
                <textarea id="minutes-text" rows="8" maxlength="10000" prop:value=text on:input=move |event| text.set(event_target_value(&event))></textarea>
            </div>
            <FormFault form=form fields=&["/met_on"] />
            <div class="row">
                <Button label=t(tx::SAVE) look=Look::Primary busy=form.busy />
                <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| editing.set(false)) />
            </div>
        </form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::{lines, members};

    #[test]
    fn people_are_read_as_they_are_written() {
        let text = "Nguyễn Văn An, Chủ tịch hội đồng\nTrần Thị Bình";
        assert_eq!(lines(&members(text)), text);
        assert_eq!(members("\n  An ,  Thư ký \n\n").len(), 1);
    }
}
