//! The dry run of a file of 100,000 learners: to be under 20 seconds and 500 MB.

use crate::people::People;
use crate::site::Site;
use anyhow::Context;
use rust_xlsxwriter::Workbook;
use std::time::Instant;

/// What the call is named on the command line.
pub const NAME: &str = "dry run of an import";

/// Rows that an import may have.
const ROWS: u32 = 100_000;

/// A workbook of so many learners in classes of 45.
fn file() -> anyhow::Result<Vec<u8>> {
    const FAMILY: [&str; 5] = ["Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh"];
    const MIDDLE: [&str; 5] = ["Thị Ngọc", "Văn", "Thanh", "Hoàng", "Minh"];
    const GIVEN: [&str; 7] = ["Ánh", "Bình", "Cúc", "Dũng", "Giang", "Hạnh", "Khuê"];
    let pick = |names: &[&'static str], n: u32| names[n as usize % names.len()];
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, title) in
        (0u16..).zip(["Họ và tên", "Ngày sinh", "Giới tính", "Số định danh cá nhân", "Lớp", "Khối", "SĐT liên hệ", "Họ tên mẹ"])
    {
        sheet.write(0, column, title)?;
    }
    for n in 0..ROWS {
        let row = n + 1;
        sheet.write(row, 0, format!("{} {} {}", pick(&FAMILY, n), pick(&MIDDLE, n / 5), pick(&GIVEN, n / 25)))?;
        sheet.write(row, 1, format!("{:02}/{:02}/2015", n % 28 + 1, n / 28 % 12 + 1))?;
        sheet.write(row, 2, if n % 2 == 0 { "Nam" } else { "Nữ" })?;
        sheet.write(row, 3, format!("094{}15{n:06}", 2 + n % 2))?;
        sheet.write(row, 4, format!("6.{}", n / 45))?;
        sheet.write(row, 5, "6")?;
        sheet.write(row, 6, format!("09{n:08}"))?;
        sheet.write(row, 7, format!("{} Thị {}", pick(&FAMILY, n / 3), pick(&GIVEN, n)))?;
    }
    Ok(workbook.save_to_buffer()?)
}

/// Prints the time of the dry run, with the CPU time and the memory of the server after it.
pub async fn measure(site: &Site, people: &People) -> anyhow::Result<()> {
    let class = people.usual.first().context("a class")?.class;
    let answer = site.client.get(format!("{}/classes/{class}", site.base)).bearer_auth(&people.province).send().await?;
    let class: dto::classes::Class = answer.error_for_status()?.json().await?;
    let bytes = file()?;
    let size = bytes.len() / 1024;
    let url = format!("{}/file-imports?kind=learners&school_id={}&file_name=100000.xlsx", site.base, class.school_id);
    let (cpu, began) = (site.cpu(), Instant::now());
    let answer = site
        .client
        .post(&url)
        .bearer_auth(&people.province)
        .header("content-type", "application/octet-stream")
        .body(bytes)
        .send()
        .await?;
    let import: dto::file_imports::FileImport = answer.error_for_status()?.json().await?;
    println!(
        "\n{}, {NAME} of {} learners ({size} KB): {:.1} s, {:.1} CPU s; the server then holds {:.0} MB",
        site.engine.name(),
        import.summary.rows,
        began.elapsed().as_secs_f64(),
        (site.cpu() - cpu).as_secs_f64(),
        site.server_memory(),
    );
    Ok(())
}
