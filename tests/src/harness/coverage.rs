//! What every request of every test is held to: a change leaves an audit entry, a read leaves none. And which operations
//! have succeeded at all, for the list that `make test` compares with the document at its end.

use super::Reply;
use kernel::Db;
use reqwest::Method;
use sea_orm::sea_query::{Expr, Func, Query};
use sea_orm::{ConnectionTrait, ExprTrait};
use std::io::Write;
use std::sync::LazyLock;

pub async fn after(db: &Db, method: &Method, path: &str, reply: &Reply) {
    let id = reply.header("x-request-id").expect("every answer has a request id");
    let mut query = Query::select();
    query.expr_as(Func::count(Expr::col("seq")), "n").from("audit").and_where(Expr::col("request_id").eq(id));
    let row = db.read().query_one(&query).await.expect("the log").expect("a count");
    let entries: i64 = row.try_get("", "n").expect("a number");
    if *method == Method::OPTIONS {
        return;
    }
    if *method == Method::GET {
        assert_eq!(entries, 0, "GET {path} left an audit entry");
    } else {
        assert!(entries > 0, "{method} {path} left no audit entry");
    }
    if let Ok(file) = std::env::var("KHUE_TEST_TOUCHED")
        && let Some(operation) = operation(method, path)
    {
        let mut file = std::fs::OpenOptions::new().append(true).create(true).open(file).expect("the list of operations");
        // One write a line: processes append at the same time.
        file.write_all(format!("{operation}\n").as_bytes()).expect("written");
    }
}

/// The template of the document that a path is of. Fixed segments come before parameters: `/me/teaching`, `/sessions/current`.
fn operation(method: &Method, path: &str) -> Option<String> {
    let given: Vec<&str> = path.split('/').collect();
    // The checked-in list, which is the one of the code: making the document takes longer than most tests.
    static OPERATIONS: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
        let words = |line: &'static str| line.split_whitespace().next().zip(line.split_whitespace().nth(1));
        api::docs::OPERATIONS.lines().filter_map(words).collect()
    });
    OPERATIONS
        .iter()
        .filter(|(its, _)| *its == method.as_str())
        .filter(|(_, path)| {
            let template: Vec<&str> = path.split('/').collect();
            template.len() == given.len() && template.iter().zip(&given).all(|(t, g)| t == g || t.starts_with('{'))
        })
        .min_by_key(|(_, path)| path.matches('{').count())
        .map(|(method, path)| format!("{method} {path}"))
}
