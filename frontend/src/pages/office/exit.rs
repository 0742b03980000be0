//! Taking a school's data along: what an export holds, making one with progress, fetching it.

use crate::api::oversight;
use crate::format;
use crate::i18n::{lang, t, texts, tf};
use crate::pages::filters::Filters;
use crate::ui::{
    Button, Crumb, Empty, Form, FormFault, Header, Icon, Loader, Look, PasswordField, Pill, Tone, choose_school, load, save_as,
    toast,
};
use dto::exit::*;
use dto::{Page, UnitId};
use leptos::prelude::*;

texts! {
    TITLE: "Mang dữ liệu đi", "Take the data along";
    UNDER: "Toàn bộ dữ liệu của trường trong một tệp, định dạng mở, bất cứ lúc nào. Nhập vào một máy chủ trống sẽ cho lại đúng tệp ấy.", "Everything that is held of the school as one file, in open formats, at any time. Taken into an empty installation it gives the same file again.";
    OFFICE: "Hồ sơ nhà trường", "School records";
    START: "Xuất toàn bộ dữ liệu", "Export everything";
    STARTED: "Đã bắt đầu xuất", "The export has begun";
    NONE: "Chưa có bản xuất nào", "No export yet";
    NONE_TEXT: "Bản xuất gồm CSV và JSON của mọi bảng, tệp đã ký, lược đồ và mã băm từng tệp.", "An export holds CSV and JSON of every table, signed files, the schema, and a hash of each file.";
    LINE: "{rows} dòng, {files} tệp, {size}", "{rows} rows, {files} files, {size}";
    GOING: "{done}/{all} bảng", "{done} of {all} tables";
    FETCH: "Tải tệp", "Fetch the file";
    HASH: "SHA-256", "SHA-256";
    REPLACED: "Chỉ giữ bản mới nhất; bản cũ chỉ còn mã băm.", "Only the newest is kept; of older ones the hash remains.";
    INSIDE: "Có gì trong tệp", "What is inside";
    STAYS: "Không mang đi, và vì sao", "What stays, and why";
    TABLE: "Bảng", "Table";
    HOLDS: "Nội dung", "What it holds";
    COLUMNS: "Số cột", "Columns";
    WHY: "Lí do", "Why";
    IMPORT: "Nhập vào máy chủ mới", "Into another installation";
    IMPORT_TEXT: "Người quản trị máy chủ mới chạy lệnh sau trên máy chủ trống; tệp được kiểm tra trước, thiếu hay sai một byte là không nhập gì.", "Whoever runs the new server uses this command on an empty one; the file is checked first, and if a byte is missing or wrong nothing is taken in.";
    SIGN_IN: "Mật khẩu không đi theo. Ở nơi mới, mỗi người đăng nhập bằng mã một lần.", "Passwords do not go along. At the new place people sign in with a one-time code.";
    PROGRESS: "Tiến độ xuất", "Progress of the export";
    LOCK: "Mật khẩu khoá hồ sơ sức khoẻ", "Passphrase that locks health records";
    LOCK_HINT: "Ít nhất 12 ký tự, máy chủ không giữ. Nơi nhập cần đúng mật khẩu này; quên là mất phần được khoá. Cùng mật khẩu thì tệp giống hệt từng byte.", "At least 12 characters; the server does not keep it. The import asks for it; whoever loses it loses what is locked. The same passphrase gives the same file, byte for byte.";
}

#[component]
pub fn ExitPage() -> impl IntoView {
    let school = Filters::new().school();
    let exits = load(move || {
        let id = school.id();
        async move {
            match id {
                Some(id) => oversight::exits(id).await.map(|page| Some((id, page))),
                None => Ok(None),
            }
        }
    });
    let going = Memo::new(move |_| {
        exits.get().flatten().is_some_and(|(_, page)| page.items.iter().any(|exit| exit.state == ExitState::Running))
    });
    // While one is made, it is asked about each second; a page that was left asks no more.
    let clock = set_interval_with_handle(
        move || {
            if going.get_untracked() {
                exits.reload();
            }
        },
        std::time::Duration::from_secs(1),
    );
    on_cleanup(move || {
        if let Ok(clock) = clock {
            clock.clear();
        }
    });
    let contents = load(oversight::exit_contents);
    view! {
        <Header title=t(TITLE) under=t(UNDER) crumbs=vec![Crumb(t(OFFICE).to_owned(), "/office".to_owned())] />
        <div class="filters">{school.field("exit-school")}</div>
        <div class="stack">
            {exits.show(move |found| match found {
                Some((id, page)) => view! { <Exits school=id page=page exits=exits going=going /> }.into_any(),
                None => choose_school(),
            })}
            <section class="panel">
                <header><h2>{t(IMPORT)}</h2></header>
                <div class="body stack">
                    <p>{t(IMPORT_TEXT)}</p>
                    <pre class="command" tabindex="0">"khue exit import --data ./data --passphrase-file mat-khau.txt khue.zip"</pre>
                    <p class="muted">{t(SIGN_IN)}</p>
                </div>
            </section>
            {contents.show(|contents| view! { <Contents contents=contents /> }.into_any())}
        </div>
    }
}

type Listed = Loader<Option<(UnitId, Page<SchoolExit>)>>;

#[component]
fn Exits(school: UnitId, page: Page<SchoolExit>, exits: Listed, going: Memo<bool>) -> impl IntoView {
    let form = Form::new();
    let lock = RwSignal::new(String::new());
    let start = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let body = PostExit { passphrase: lock.get_untracked() };
        form.send(async move { oversight::start_exit(school, &body).await }, move |_| {
            lock.set(String::new());
            toast::say(t(STARTED));
            exits.reload();
        });
    };
    let newest = page.items.iter().find(|exit| exit.state == ExitState::Done).map(|exit| exit.id);
    let lines = page.items.into_iter().map(|exit| line(school, newest == Some(exit.id), exit)).collect_view();
    view! {
        <form class="panel" on:submit=start><div class="body stack">
            <PasswordField label=t(LOCK) name="exit-lock" value=lock autocomplete="new-password" hint=t(LOCK_HINT) fault=form.fault("/passphrase") />
            <FormFault form=form fields=&["/passphrase"] />
            <div class="row"><Button label=t(START) look=Look::Primary glyph=Icon::File busy=form.busy disabled=Signal::derive(move || going.get()) /></div>
        </div></form>
        <section class="panel">
            {match newest.is_some() || going.get_untracked() {
                true => view! { <ul class="exits">{lines}</ul><p class="body muted">{t(REPLACED)}</p> }.into_any(),
                false => view! { <ul class="exits">{lines}</ul><Empty title=t(NONE) text=t(NONE_TEXT) glyph=Icon::File /> }.into_any(),
            }}
        </section>
    }
    .into_any()
}

fn line(school: UnitId, newest: bool, exit: SchoolExit) -> AnyView {
    let (id, form) = (exit.id, Form::new());
    let tone = match exit.state {
        ExitState::Done => Tone::Ok,
        ExitState::Running => Tone::Info,
        ExitState::Failed | ExitState::Stopped => Tone::Bad,
    };
    let name = format!("khue-{}.zip", exit.started_at.format("%Y%m%d-%H%M"));
    let fetch = Callback::new(move |()| {
        let name = name.clone();
        form.send(async move { oversight::exit_file(school, id).await }, move |blob| save_as(&blob, &name));
    });
    let percent = (exit.tables_done * 100).checked_div(exit.tables).unwrap_or(0);
    let middle = match exit.state {
        ExitState::Running => view! {
            <div class="progress" role="progressbar" aria-label=t(PROGRESS) aria-valuemin="0" aria-valuemax="100" aria-valuenow=percent.to_string()><i style:width=format!("{percent}%")></i></div>
            <span role="status">{tf(GOING, &[("done", &exit.tables_done.to_string()), ("all", &exit.tables.to_string())])}</span>
        }
        .into_any(),
        ExitState::Done => view! {
            <span>{tf(LINE, &[("rows", &format::count(exit.rows)), ("files", &format::count(exit.files.into())), ("size", &size(exit.bytes))])}</span>
            {exit.sha256.map(|hash| view! { <small class="hash">{t(HASH)}" "<code>{hash}</code></small> })}
        }
        .into_any(),
        _ => ().into_any(),
    };
    view! {
        <li>
            <div class="row"><b>{format::instant(exit.started_at)}</b><Pill label=exit.state.label(lang()) tone=tone /></div>
            {middle}
            {newest.then(|| view! { <Button label=t(FETCH) glyph=Icon::Down busy=form.busy on_press=fetch /> })}
            <FormFault form=form />
        </li>
    }
    .into_any()
}

/// "1,4 MB"
fn size(bytes: u64) -> String {
    let mark = lang().pick(",", ".");
    match bytes {
        0..1_048_576 => format!("{} KB", bytes.div_ceil(1024)),
        _ => format!("{}{mark}{} MB", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576),
    }
}

#[component]
fn Contents(contents: ExitContents) -> impl IntoView {
    let inside = contents
        .tables
        .into_iter()
        .map(|table| {
            let about = lang().pick(&table.vi, &table.en).to_owned();
            view! { <tr><th scope="row"><code>{table.name}</code></th><td>{about}</td><td class="num">{table.columns}</td></tr> }
        })
        .collect_view();
    let stays = contents
        .left_out
        .into_iter()
        .map(|one| {
            let why = lang().pick(&one.vi, &one.en).to_owned();
            view! { <tr><th scope="row"><code>{one.what}</code></th><td>{why}</td></tr> }
        })
        .collect_view();
    view! {
        <details class="panel"><summary>{t(INSIDE)}</summary>
            <div class="table" tabindex="0" role="region" aria-label=t(INSIDE)><table><thead><tr><th scope="col">{t(TABLE)}</th><th scope="col">{t(HOLDS)}</th><th scope="col" class="num">{t(COLUMNS)}</th></tr></thead><tbody>{inside}</tbody></table></div>
        </details>
        <details class="panel"><summary>{t(STAYS)}</summary>
            <div class="table" tabindex="0" role="region" aria-label=t(STAYS)><table><thead><tr><th scope="col">{t(TABLE)}</th><th scope="col">{t(WHY)}</th></tr></thead><tbody>{stays}</tbody></table></div>
        </details>
    }
}
