//! Files that wait for a disk, and one that does not.

use crate::batches::median;
use crate::crowd::Crowd;
use crate::report::{metric, Usage};
use crate::Bench;
use std::fs::{File, OpenOptions};
use std::io::{SeekFrom, Write};
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use std::time::Instant;
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio::task::spawn_blocking;

const BYTES: usize = 4096;

/// An open file without a name: nothing is left over, however this ends.
fn nameless(number: usize) -> File {
    let path = std::env::temp_dir().join(format!("pinion-bench-file-{}-{number}", std::process::id()));
    let file = OpenOptions::new().read(true).write(true).create_new(true).open(&path).expect("a new file");
    std::fs::remove_file(&path).expect("its name goes");
    file
}

/// 64 tasks, each writing 4 KiB over the same place of a file of its own and waiting until that is on the disk: both calls in one
/// `spawn_blocking`, as tokio's documentation has it where there is more than one.
pub fn fsync_many(bench: &Bench) {
    const TASKS: usize = 64;
    let crowd = Crowd::start(bench, TASKS, |member| {
        let file = Arc::new(nameless(member.task));
        async move {
            while member.goes_on() {
                let file = file.clone();
                let written = spawn_blocking(move || file.write_all_at(&[0; BYTES], 0).and_then(|()| file.sync_all())).await;
                written.expect("the calls end").expect("the file takes it");
                member.count();
            }
        }
    });
    crowd.measure(|_| ());
    crowd.stop(bench, || ());
}

/// A lone task reads a file of 1 GiB, all of it in the page cache, in pieces of 4 KiB, through `tokio::fs`.
pub fn lone_reader(bench: &Bench) {
    const PIECES: usize = 1 << 18;
    const PASSES: usize = 5;
    let mut file = nameless(0);
    let pieces_256 = vec![0; 256 * BYTES];
    for _ in 0..PIECES / 256 {
        file.write_all(&pieces_256).expect("the file takes it");
    }
    let (before, per_read) = bench.run(async move {
        let mut file = tokio::fs::File::from_std(file);
        let mut buffer = vec![0; BYTES];
        let mut before = Usage::now();
        let mut per_read = Vec::new();
        for pass in 0..=PASSES {
            if pass == 1 {
                before = Usage::now();
            }
            let start = Instant::now();
            file.seek(SeekFrom::Start(0)).await.expect("the file's start");
            for _ in 0..PIECES {
                file.read_exact(&mut buffer).await.expect("a whole piece");
            }
            if pass > 0 {
                per_read.push(start.elapsed().as_nanos() as f64 / PIECES as f64);
            }
        }
        (before, per_read)
    });
    before.report((PASSES * PIECES) as u64);
    metric("op", median(per_read));
    metric("hand-offs", 0.0); // each read is another thread's, and no worker is ever handed over
}
