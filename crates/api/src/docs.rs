//! The OpenAPI document: made from the routes, printed and checked in; what is checked in is served.

use crate::routes;
use dto::Problem;
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::{Modify, OpenApi as _};

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Khuê",
        description = "The open platform on which a Vietnamese province runs its schools. Every client, its own pages included, uses this API.\n\n\
            **Errors** are `application/problem+json` (RFC 9457) with a stable `code`; `detail` is in the language of `Accept-Language` (vi, en).\n\n\
            **Versions**: reads of single resources answer an `ETag` that begins with the version; send it back as `If-Match` when you change the resource.\n\n\
            **Lists** take `limit` and `after` and answer `items` and, where there is more, `next`.\n\n\
            **Marks** are integers in hundredths (875 = 8.75); days are `YYYY-MM-DD` in Vietnam; instants are UTC.",
        license(name = "AGPL-3.0-or-later", identifier = "AGPL-3.0-or-later"),
    ),
    servers((url = "/", description = "This server")),
    // What stands in an address alone is not found by itself.
    components(schemas(
        Problem,
        dto::exchange::ExportKind,
        dto::equipment::StocktakingFormat,
        dto::figures::FigureFormat,
        dto::figures::FinanceSet,
        dto::registers::RegisterForm,
        dto::staff_records::RecordKind,
        dto::teaching_plans::TeachingPlanShelf,
        dto::transfers::TransferSide,
    )),
    modifiers(&Bearer),
    tags(
        (name = "identity", description = "Sessions, accounts, roles on units"),
        (name = "units", description = "The effective-dated tree of units"),
        (name = "calendar", description = "School years, terms, subjects"),
        (name = "classes", description = "Classes, members, subjects, teaching"),
        (name = "learners", description = "Learners and guardians"),
        (name = "staff", description = "Staff and posts"),
        (name = "imports", description = "Class lists from Excel: dry run, apply, undo"),
        (name = "quality", description = "Data quality: what rules find in the records, owners, due dates, fixes"),
        (name = "gradebook", description = "Mark sheets, conduct, closing, results"),
        (name = "family", description = "What guardians and learners see"),
        (name = "contact", description = "The contact book: notices, threads, leave, channels"),
        (name = "preschool", description = "What preschool children reach, by domain"),
        (name = "transcripts", description = "Digital transcripts (học bạ số, TT 70/2026): made, signed in order, sealed, issued, checked"),
        (name = "facilities", description = "The yearly count of facilities: entered, signed, totalled"),
        (name = "equipment", description = "The inventory of a school, and what the QR codes of its labels open"),
        (name = "finance", description = "Budgets, settlements, investment projects; totals up the tree"),
        (name = "files", description = "Files of schools: uploads that can be resumed, download by range, what they take"),
        (name = "transfers", description = "Learners going from school to school"),
        (name = "health", description = "Check rounds, health files, the first-aid log; what is sealed opens for a purpose"),
        (name = "consents", description = "Consent by purpose, requests about data, retention, erasure"),
        (name = "exit", description = "A school's full export, in open formats, at any time"),
        (name = "exchange", description = "Files and figures for the Ministry: checked row by row, made, sent, with receipts"),
        (name = "teaching-plans", description = "Teaching plans: written, submitted, reviewed, approved, found; subject groups"),
        (name = "growth", description = "Weight and height of children, z-scores, charts"),
    )
)]
struct Document;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, openapi: &mut OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .description(Some(
                "The `access_token` of `POST /api/v1/sessions`. The scope of each operation is the permission it needs.",
            ))
            .build();
        openapi.components.get_or_insert_with(Default::default).add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}

/// The document as it is served: the checked-in file. That it is the one of the code a test of the whole says
/// (`coverage::document`); making it anew at every start would cost an idle server more memory than all else it holds.
pub const JSON: &str = include_str!("../../../openapi/openapi.json");
/// The operations of it, a line each.
pub const OPERATIONS: &str = include_str!("../../../openapi/operations.txt");

/// The whole document, made from the routes; needs no server and no database.
pub fn document() -> OpenApi {
    use utoipa_actix_web::AppExt;
    let (_, mut document) = actix_web::App::new()
        .into_utoipa_app()
        .openapi(Document::openapi())
        .service(utoipa_actix_web::scope(routes::BASE).configure(|cfg| routes::configure(cfg)))
        .split_for_parts();
    document.info.version = env!("CARGO_PKG_VERSION").to_owned();
    document
}

/// Every operation: method in capitals, path template, the permission it documents (none for sign-in and the like).
pub fn operations(document: &OpenApi) -> Vec<Operation> {
    let mut all = Vec::new();
    for (path, item) in &document.paths.paths {
        let methods = [
            ("GET", &item.get),
            ("PUT", &item.put),
            ("POST", &item.post),
            ("DELETE", &item.delete),
            ("PATCH", &item.patch),
            ("HEAD", &item.head),
            ("OPTIONS", &item.options),
        ];
        for (method, operation) in methods.into_iter().filter_map(|(method, operation)| Some((method, operation.as_ref()?))) {
            all.push(Operation {
                method: method.to_owned(),
                path: path.clone(),
                permission: operation.security.iter().flatten().find_map(scope),
                id: operation.operation_id.clone().unwrap_or_default(),
            });
        }
    }
    all.sort_by(|a, b| (&a.path, &a.method).cmp(&(&b.path, &b.method)));
    all
}

/// The permission that an operation asks of a bearer.
fn scope(needs: &SecurityRequirement) -> Option<String> {
    let needs = serde_json::to_value(needs).ok()?;
    Some(needs["bearer"].as_array()?.first()?.as_str()?.to_owned())
}

/// An operation of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    pub method: String,
    pub path: String,
    pub permission: Option<String>,
    pub id: String,
}

/// `openapi/operations.txt`: one operation a line.
pub fn operations_text(document: &OpenApi) -> String {
    operations(document)
        .iter()
        .map(|o| format!("{:6} {} {}\n", o.method, o.path, o.permission.as_deref().unwrap_or("-")))
        .collect()
}

/// `openapi/permissions.txt`: which role has which permission, and which operation needs it.
pub fn permissions_text(document: &OpenApi) -> String {
    use dto::access::{Permission, Role};
    let mut text = String::from("# role: permissions\n");
    for role in Role::ALL {
        let names: Vec<&str> = role.permissions().iter().map(|p| p.as_str()).collect();
        text.push_str(&format!("{role}: {}\n", names.join(" ")));
    }
    text.push_str("\n# permission: operations\n");
    let operations = operations(document);
    for permission in Permission::ALL {
        let ids: Vec<&str> =
            operations.iter().filter(|o| o.permission.as_deref() == Some(permission.as_str())).map(|o| o.id.as_str()).collect();
        text.push_str(&format!("{permission}: {}\n", ids.join(" ")));
    }
    text
}
