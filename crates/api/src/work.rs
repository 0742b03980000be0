//! Work that goes on after its request was answered, on threads of its own, so that it holds up no request.

use dto::ClosingRunId;
use kernel::Db;

/// Does a closing run to its end. A server that is stopped meanwhile leaves it to the next start.
pub fn drive_closing_run(db: Db, run: ClosingRunId) {
    on_own_thread("closing-run", async move || {
        if let Err(error) = gradebook::closing::runs::drive(&db, run).await {
            tracing::error!(%error, %run, "the closing run stopped; it goes on with the next start");
        }
    });
}

/// Takes up what a server that was stopped or killed left behind.
pub async fn take_up(db: &Db) -> kernel::Result<()> {
    for run in gradebook::closing::runs::unfinished(db).await? {
        tracing::info!(%run, "a closing run goes on");
        drive_closing_run(db.clone(), run);
    }
    Ok(())
}

fn on_own_thread(name: &str, work: impl AsyncFnOnce() + Send + 'static) {
    let body = move || match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(work()),
        Err(error) => tracing::error!(%error, "no runtime for work in the background"),
    };
    if let Err(error) = std::thread::Builder::new().name(name.to_owned()).spawn(body) {
        tracing::error!(%error, "no thread for work in the background");
    }
}
