//! The catalogue of budget lines, and investment projects.

use super::query::{Query, segment};
use super::{Result, get, post, put};
use dto::finance::*;
use dto::{Page, UnitId};

pub async fn items() -> Result<Page<BudgetItem>> {
    get("/budget-items").await
}

pub async fn put_item(code: &str, version: i64, body: &PutBudgetItem) -> Result<BudgetItem> {
    put(&format!("/budget-items/{}", segment(code)), version, body).await
}

pub async fn projects(unit: UnitId, asked: &ProjectQuery, after: Option<String>) -> Result<Page<Project>> {
    let query =
        Query::new().with("q", asked.q.as_deref()).with("state", asked.state).with("year", asked.year).with("after", after);
    get(&query.on(&format!("/units/{unit}/projects"))).await
}

pub async fn create_project(school: UnitId, body: &PutProject) -> Result<Project> {
    post(&format!("/units/{school}/projects"), body).await
}

pub async fn put_project(project: &Project, body: &PutProject) -> Result<Project> {
    put(&format!("/units/{}/projects/{}", project.school_id, project.id), project.version, body).await
}
