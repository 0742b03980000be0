//! What a school's files take, by kind, against its bound.

use super::STORAGE;
use super::edit::size;
use crate::api::files;
use crate::format;
use crate::i18n::{Text, t, texts, tf};
use crate::pages::filters::Filters;
use crate::ui::{Header, Icon, Progress, choose_school, icon, load};
use dto::files::SchoolStorage;
use leptos::prelude::*;

texts! {
    UNDER: "Tệp do cán bộ, giáo viên của trường tải lên.", "Files that the school's staff have uploaded.";
    USED: "Đã dùng {used} trên {max}", "{used} of {max} used";
    USED_FREE: "Đã dùng {used}", "{used} used";
    FILES: "Số tệp", "Files";
    STORED: "Thực chiếm (nội dung trùng chỉ lưu một lần)", "Stored (each content once)";
    LARGEST: "Tệp lớn nhất được nhận", "Largest file";
    SCANNED: "Mọi tệp được quét virus trước khi lưu.", "Every file is looked at for viruses before it is kept.";
    NOT_SCANNED: "Máy chủ này chưa bật quét virus.", "This server does not look for viruses.";
    KINDS: "Theo loại hồ sơ", "By kind of record";
    PLANS: "Kế hoạch bài dạy", "Teaching plans";
    STAFF: "Hồ sơ nhân sự", "Staff";
    FACILITIES: "Cơ sở vật chất", "Facilities";
    HEALTH: "Y tế", "Health";
    LOOSE: "Chưa gắn vào hồ sơ nào", "Attached to nothing yet";
    OTHER: "Loại khác", "Other";
}

fn kind_name(kind: Option<&str>) -> Text {
    match kind {
        None => LOOSE,
        Some("teaching_plan") => PLANS,
        Some(kind) if kind.starts_with("staff") => STAFF,
        Some(kind) if kind.starts_with("facilit") || kind.starts_with("room") || kind.starts_with("equipment") => FACILITIES,
        Some(kind) if kind.starts_with("health") => HEALTH,
        Some(_) => OTHER,
    }
}

#[component]
pub fn StoragePage() -> impl IntoView {
    let school = Filters::new().school();
    let found = load(move || {
        let id = school.id();
        async move {
            match id {
                Some(id) => files::storage(id).await.map(Some),
                None => Ok(None),
            }
        }
    });
    view! {
        <Header title=t(STORAGE) under=t(UNDER) />
        {school.field("storage-school")}
        {found.show(|storage| match storage {
            Some(storage) => drawn(storage),
            None => choose_school(),
        })}
    }
    .into_any()
}

fn drawn(storage: SchoolStorage) -> AnyView {
    let used = size(storage.bytes);
    let label = match storage.max_bytes {
        Some(max) => tf(USED, &[("used", &used), ("max", &size(max))]),
        None => tf(USED_FREE, &[("used", &used)]),
    };
    let percent = storage.max_bytes.and_then(|max| (storage.bytes * 100).checked_div(max)).unwrap_or(0);
    let percent = u32::try_from(percent).unwrap_or(100);
    let largest = storage.kinds.iter().map(|k| k.bytes).max().unwrap_or(1).max(1);
    let kinds = storage
        .kinds
        .iter()
        .map(|kind| {
            let name = t(kind_name(kind.kind.as_deref()));
            let share = u32::try_from(kind.bytes * 100 / largest).unwrap_or(100);
            view! {
                <li><div class="grow stack"><span class="row"><b class="grow">{name}</b><span class="quiet num">{format::count(kind.files)}" · "{size(kind.bytes)}</span></span>
                    <Progress percent=Signal::stored(share) label=name />
                </div></li>
            }
        })
        .collect_view();
    let (scan, class, glyph) =
        if storage.scanned { (SCANNED, "strip ok", Icon::Check) } else { (NOT_SCANNED, "strip", Icon::Alert) };
    view! {
        <div class="split">
            <section class="panel"><header><h2>{storage.school_name}</h2></header><div class="body stack">
                <p class="num"><b>{label.clone()}</b></p>
                {storage.max_bytes.map(|_| view! { <Progress percent=Signal::stored(percent) label=label /> })}
                <dl class="facts">
                    <dt>{t(FILES)}</dt><dd class="num">{format::count(storage.files)}</dd>
                    <dt>{t(STORED)}</dt><dd class="num">{size(storage.stored_bytes)}</dd>
                    <dt>{t(LARGEST)}</dt><dd class="num">{size(storage.max_file_bytes)}</dd>
                </dl>
                <p class=class>{icon(glyph)}<span>{t(scan)}</span></p>
            </div></section>
            {(storage.files > 0).then(|| view! { <section class="panel" aria-labelledby="storage-kinds"><header><h2 id="storage-kinds">{t(KINDS)}</h2></header><ul class="lines">{kinds}</ul></section> })}
        </div>
    }
    .into_any()
}
