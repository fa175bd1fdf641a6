//! An echo server, for a load from another process.

use crate::report::{metric, Usage};
use crate::Bench;
use std::io::{stdin, BufRead};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const BUFFER_BYTES: usize = 4096;

/// A listener on a free port of the loopback, with a backlog of 1,024, tokio's own.
pub async fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.expect("a free port")
}

/// Sends back what comes until an end of the connection is closed; whoever asked sees it if that is too early.
pub async fn echo(mut connection: TcpStream) {
    let mut buffer = vec![0; BUFFER_BYTES];
    loop {
        match connection.read(&mut buffer).await {
            Ok(count) if count > 0 && connection.write_all(&buffer[..count]).await.is_ok() => {}
            _ => return,
        }
    }
}

pub fn serve(bench: &Bench) {
    raise_file_limit();
    let port = bench.run(async {
        let listener = listener().await;
        let port = listener.local_addr().expect("a bound listener").port();
        tokio::spawn(async move {
            loop {
                let (connection, _) = listener.accept().await.expect("a connection");
                if connection.set_nodelay(true).is_ok() {
                    tokio::spawn(echo(connection)); // else the other end has closed it already
                }
            }
        });
        port
    });
    outside_load(port);
}

/// As `dev.pinion.bench.program.OutsideLoad`, on the main thread.
fn outside_load(port: u16) {
    println!("@serve {port}");
    let mut before = Usage::now();
    let mut ended = None;
    for line in stdin().lock().lines() {
        let line = line.expect("stdin can be read");
        if line == "begin" {
            before = Usage::now();
        } else if let Some(answers) = line.strip_prefix("end ") {
            ended = Some((Usage::now(), answers.parse::<u64>().expect("a number of answers")));
        } else if line == "quit" {
            if let Some((after, answers)) = ended {
                before.report_until(&after, answers);
                metric("cpu", after.cpu_since(&before).as_nanos() as f64 / answers as f64);
            }
            return;
        } else {
            panic!("not understood on stdin: {line}");
        }
    }
    panic!("stdin ended before the load did");
}

/// To what the administrator allows, as Go's runtime and the JVM do by themselves.
fn raise_file_limit() {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: the kernel reads and writes that one variable.
    let failed = unsafe {
        libc::getrlimit(libc::RLIMIT_NOFILE, &mut limit) != 0 || {
            limit.rlim_cur = limit.rlim_max;
            libc::setrlimit(libc::RLIMIT_NOFILE, &limit) != 0
        }
    };
    assert!(!failed, "the limit of open files: {}", std::io::Error::last_os_error());
}
