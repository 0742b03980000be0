//! `khue openapi`.

use crate::docs;
use clap::Args;
use std::io::Write;
use std::path::PathBuf;

#[derive(Args)]
pub struct OpenApi {
    /// Write openapi.json, operations.txt and permissions.txt into this folder instead.
    #[arg(long)]
    out: Option<PathBuf>,
}

pub fn run(args: OpenApi) -> anyhow::Result<()> {
    let document = docs::document();
    let json = document.to_pretty_json()? + "\n";
    match args.out {
        None => std::io::stdout().write_all(json.as_bytes())?,
        Some(dir) => {
            std::fs::create_dir_all(&dir)?;
            std::fs::write(dir.join("openapi.json"), json)?;
            std::fs::write(dir.join("operations.txt"), docs::operations_text(&document))?;
            std::fs::write(dir.join("permissions.txt"), docs::permissions_text(&document))?;
        }
    }
    Ok(())
}
