//! Work that goes on after its request was answered, on a thread of its own, so that it holds up no request.

use dto::{ClosingRunId, RegisterRunId, RolloverRunId, UnitId};
use futures::future::LocalBoxFuture;
use kernel::Db;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::Semaphore;
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::LocalSet;

/// Does a closing run to its end. A server that is stopped meanwhile leaves it to the next start.
pub fn drive_closing_run(db: Db, run: ClosingRunId) {
    in_background(async move || {
        let done = async {
            let db = db.for_this_runtime(POOL).await?;
            gradebook::closing::runs::drive(&db, run, || STOPPING.load(Ordering::Relaxed)).await
        };
        if let Err(error) = done.await {
            tracing::error!(%error, %run, "the closing run stopped; it goes on with the next start");
        }
    });
}

/// Does a rollover to its end. A server that is stopped meanwhile leaves it to the next start.
pub fn drive_rollover_run(db: Db, run: RolloverRunId) {
    in_background(async move || {
        let done = async {
            let db = db.for_this_runtime(POOL).await?;
            gradebook::rollover::runs::drive(&db, run, || STOPPING.load(Ordering::Relaxed)).await
        };
        if let Err(error) = done.await {
            tracing::error!(%error, %run, "the rollover stopped; it goes on with the next start");
        }
    });
}

/// Draws the registers of a school to the end. A server that is stopped meanwhile leaves it to the next start.
pub fn drive_register_run(db: Db, school: UnitId, run: RegisterRunId) {
    in_background(async move || {
        let done = async {
            let db = db.for_this_runtime(POOL).await?;
            gradebook::registers::runs::drive(&db, school, run, || STOPPING.load(Ordering::Relaxed)).await
        };
        if let Err(error) = done.await {
            tracing::error!(%error, %run, "drawing registers stopped; it goes on with the next start");
        }
    });
}

/// Signs what a signing run is to sign.
pub fn drive_signing_run(db: Db, begun: documents::transcripts::runs::Begun, base: String) {
    in_background(async move || {
        let run = begun.run.id;
        if let Err(error) = documents::transcripts::runs::drive(&db, begun, &base).await {
            tracing::error!(%error, %run, "the signing run stopped; what it signed stands");
        }
    });
}

/// Makes a school's full export.
pub fn drive_exit(
    db: Db,
    store: kernel::files::Store,
    keys: identity::DataKeys,
    begun: dto::exit::SchoolExit,
    passphrase: String,
) {
    in_background(async move || {
        let done = async {
            let db = db.for_this_runtime(POOL).await?;
            oversight::exit::drive(&db, &store, &keys, &begun, &passphrase).await
        };
        if let Err(error) = done.await {
            tracing::error!(%error, exit = %begun.id, "the export was not made");
        }
    });
}

/// Takes up what a server that was stopped or killed left behind.
pub async fn take_up(db: &Db) -> kernel::Result<()> {
    documents::transcripts::runs::mark_stopped(db).await?;
    oversight::exit::mark_stopped(db).await?;
    for run in gradebook::closing::runs::unfinished(db).await? {
        tracing::info!(%run, "a closing run goes on");
        drive_closing_run(db.clone(), run);
    }
    for (school, run) in gradebook::registers::runs::unfinished(db).await? {
        tracing::info!(%run, "registers of a school go on");
        drive_register_run(db.clone(), school, run);
    }
    for run in gradebook::rollover::runs::unfinished(db).await? {
        tracing::info!(%run, "a rollover goes on");
        drive_rollover_run(db.clone(), run);
    }
    Ok(())
}

/// Begins nothing new, and waits until what was begun has come to a place where it may be left.
pub async fn stop() {
    STOPPING.store(true, Ordering::Relaxed);
    let _all = ROOM.acquire_many(MOST).await;
}

/// Connections of one work.
const POOL: u32 = 8;
/// Works at the same time.
const MOST: u32 = 64;

static STOPPING: AtomicBool = AtomicBool::new(false);
static ROOM: Semaphore = Semaphore::const_new(MOST as usize);

type Job = Box<dyn FnOnce() -> LocalBoxFuture<'static, ()> + Send>;

/// The one thread of such work. It lives as long as the process; its connections are its own ([`Db::for_this_runtime`]).
static WORKER: LazyLock<UnboundedSender<Job>> = LazyLock::new(|| {
    let (jobs, mut waiting) = tokio::sync::mpsc::unbounded_channel::<Job>();
    let take = async move {
        while let Some(job) = waiting.recv().await {
            tokio::task::spawn_local(job());
        }
    };
    let body = move || match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => LocalSet::new().block_on(&runtime, take),
        Err(error) => tracing::error!(%error, "no runtime for work in the background"),
    };
    if let Err(error) = std::thread::Builder::new().name("work".to_owned()).spawn(body) {
        tracing::error!(%error, "no thread for work in the background");
    }
    jobs
});

fn in_background(work: impl AsyncFnOnce() + Send + 'static) {
    let job = async move || {
        // Held until the work is done. Once the program stops, what has not begun is left to the next start.
        let _held = ROOM.acquire().await;
        if !STOPPING.load(Ordering::Relaxed) {
            work().await;
        }
    };
    if WORKER.send(Box::new(move || Box::pin(async move { job().await }))).is_err() {
        tracing::error!("the thread of work in the background has ended");
    }
}
