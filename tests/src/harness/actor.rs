//! Somebody who calls the API.

use super::{School, TestApp, coverage};
use dto::access::{Permission, Role};
use dto::identity::Person;
use dto::{AccountId, Code, LearnerId, Problem, SessionId, StaffId, UnitId};
use kernel::ctx::RoleOn;
use kernel::{Ctx, Db};
use reqwest::{Method, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A caller with a token, or without.
#[derive(Clone)]
pub struct Actor {
    pub account: Option<AccountId>,
    pub person: Option<Person>,
    client: reqwest::Client,
    base: String,
    token: Option<String>,
    lang: &'static str,
    db: Db,
}

impl Actor {
    pub fn staff_id(&self) -> StaffId {
        match self.person {
            Some(Person::Staff(id)) => id,
            other => panic!("not a member of staff: {other:?}"),
        }
    }

    pub(super) fn db(&self) -> &Db {
        &self.db
    }

    /// The same caller, asking in English.
    pub fn in_english(mut self) -> Self {
        self.lang = "en";
        self
    }

    /// The same caller at another server.
    pub fn of(mut self, base: &str) -> Self {
        self.base = base.to_owned();
        self
    }

    pub fn with_token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// A request under `/api/v1`, to be changed before it is sent with [`Actor::send`].
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let url = if path.starts_with("/health/")
            || path.starts_with("/metrics")
            || path.starts_with("/openapi")
            || path.starts_with("/docs")
            || path == "/"
        {
            format!("{}{path}", self.base)
        } else {
            format!("{}/api/v1{path}", self.base)
        };
        let request = self.client.request(method, url).header("accept-language", self.lang);
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub async fn send(&self, request: reqwest::RequestBuilder) -> Reply {
        let request = request.build().expect("a request");
        let (method, path) = (request.method().clone(), request.url().path().to_owned());
        let response = self.client.execute(request).await.expect("an answer");
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.bytes().await.expect("a body").to_vec();
        let reply = Reply { status, headers, body };
        if path.starts_with("/api/") && status.is_success() {
            coverage::after(&self.db, &method, &path, &reply).await;
        }
        reply
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: &impl Serialize) -> Reply {
        self.send(self.request(Method::POST, path).json(body)).await
    }

    /// A POST without a body.
    pub async fn post_empty(&self, path: &str) -> Reply {
        self.send(self.request(Method::POST, path)).await
    }

    /// A file as the body.
    pub async fn upload(&self, path: &str, bytes: Vec<u8>) -> Reply {
        self.send(self.request(Method::POST, path).header("content-type", "application/octet-stream").body(bytes)).await
    }

    /// A PUT of a versioned resource.
    pub async fn put(&self, path: &str, version: i64, body: &impl Serialize) -> Reply {
        self.send(self.request(Method::PUT, path).header("if-match", format!("\"{version}\"")).json(body)).await
    }

    /// A PUT of something whose parts carry their own versions.
    pub async fn put_bare(&self, path: &str, body: &impl Serialize) -> Reply {
        self.send(self.request(Method::PUT, path).json(body)).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.send(self.request(Method::DELETE, path)).await
    }
}

/// What came back.
pub struct Reply {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body of a success.
    #[track_caller]
    pub fn ok<T: DeserializeOwned>(self) -> T {
        assert!(self.status.is_success(), "{}: {}", self.status, self.text());
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }

    /// A success without a body.
    #[track_caller]
    pub fn done(self) {
        assert_eq!(self.status, StatusCode::NO_CONTENT, "{}", self.text());
    }

    /// A problem of this code, with its status and media type.
    #[track_caller]
    pub fn problem(self, code: Code) -> Problem {
        let problem: Problem =
            serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{}: {e}: {}", self.status, self.text()));
        assert_eq!(problem.code, code.as_str(), "{}", self.text());
        assert_eq!(self.status.as_u16(), code.status(), "{}", self.text());
        assert_eq!(self.headers["content-type"], "application/problem+json");
        problem
    }

    /// A refused field of this code at this pointer.
    #[track_caller]
    pub fn field(self, pointer: &str, code: Code) {
        let problem = self.problem(Code::Invalid);
        assert!(
            problem.errors.iter().any(|e| e.pointer == pointer && e.code == code.as_str()),
            "no {} at {pointer}: {:?}",
            code.as_str(),
            problem.errors
        );
    }

    #[track_caller]
    pub fn status(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|v| v.to_str().ok())
    }
}

impl TestApp {
    pub fn anonymous(&self) -> Actor {
        Actor {
            account: None,
            person: None,
            client: self.client.clone(),
            base: self.base.clone(),
            token: None,
            lang: "vi",
            db: self.db.clone(),
        }
    }

    /// An account with these roles, signed in.
    pub async fn actor(&self, person: Option<Person>, roles: &[(Role, Option<UnitId>)]) -> Actor {
        let (account, session) = self.account(person, roles).await;
        let on = roles.iter().map(|(role, unit)| RoleOn { role: *role, unit: *unit }).collect();
        self.token_of(account, session, person, on, None)
    }

    /// A caller whose token is narrowed to these permissions.
    pub fn token_of(
        &self,
        account: AccountId,
        session: SessionId,
        person: Option<Person>,
        roles: Vec<RoleOn>,
        only: Option<Vec<Permission>>,
    ) -> Actor {
        let mut ctx = Ctx::person(account, session, person, roles, dto::Lang::Vi, "test".into());
        ctx.only = only;
        let token = identity::tokens::issue(&self.keys, &ctx, 900).expect("a token");
        Actor { account: Some(account), person, ..self.anonymous() }.with_token(token)
    }

    pub async fn province_admin(&self) -> Actor {
        let staff = self.staff(self.world.department, "Trần Thị Sở").await;
        self.actor(Some(Person::Staff(staff)), &[(Role::ProvinceAdmin, Some(self.world.department))]).await
    }

    pub async fn officer(&self, commune: UnitId) -> Actor {
        let staff = self.staff(commune, "Lê Văn Xã").await;
        self.actor(Some(Person::Staff(staff)), &[(Role::UnitOfficer, Some(commune))]).await
    }

    /// Somebody with this role at this school.
    pub async fn at(&self, role: Role, school: &School) -> Actor {
        let staff = self.staff(school.id, "Phạm Thị Trường").await;
        self.actor(Some(Person::Staff(staff)), &[(role, Some(school.id))]).await
    }

    pub async fn principal(&self, school: &School) -> Actor {
        self.at(Role::Principal, school).await
    }

    /// A teacher of this subject in this class.
    pub async fn teacher(&self, class: &dto::classes::Class, subject: &str) -> Actor {
        let staff = self.staff(class.school_id, "Đỗ Thị Dạy").await;
        self.teaches(class.id, subject, staff).await;
        self.actor(Some(Person::Staff(staff)), &[(Role::SubjectTeacher, Some(class.school_id))]).await
    }

    /// The homeroom teacher of this class.
    pub async fn homeroom(&self, class: &dto::classes::Class) -> Actor {
        let staff = self.staff(class.school_id, "Vũ Văn Nhiệm").await;
        self.set_homeroom(class.id, staff).await;
        self.actor(Some(Person::Staff(staff)), &[(Role::HomeroomTeacher, Some(class.school_id))]).await
    }

    /// A guardian of these learners.
    pub async fn guardian(&self, learners: &[LearnerId]) -> Actor {
        let guardian = self.guardian_of(learners).await;
        self.actor(Some(Person::Guardian(guardian)), &[(Role::Guardian, None)]).await
    }

    pub async fn learner_account(&self, learner: LearnerId) -> Actor {
        self.actor(Some(Person::Learner(learner)), &[(Role::Learner, None)]).await
    }
}
