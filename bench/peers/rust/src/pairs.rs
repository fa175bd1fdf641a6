//! Round trips over loopback connections with a task at each end, both in this process.

use crate::batches::WARM_UP;
use crate::crowd::Crowd;
use crate::latencies::{merged, Latencies, Moment};
use crate::net::{echo, listener};
use crate::report::uneven;
use crate::{share, Bench};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const MESSAGE_BYTES: usize = 32;
const NET_WARM_UP: Duration = Duration::from_millis(1_500);

pub fn run(bench: &Bench, connections: usize) {
    let mut clients = bench.run(connect(connections));
    let recording = Arc::new(AtomicBool::new(false));
    let since: Arc<[Moment]> = (0..connections).map(|_| Moment::default()).collect();
    let crowd = Crowd::start(bench, connections, {
        let (recording, since) = (recording.clone(), since.clone());
        move |member| {
            let (recording, since) = (recording.clone(), since.clone());
            let mut client = clients.pop().expect("a connection for each");
            async move {
                let mut late = Latencies::default();
                let mut message = [0; MESSAGE_BYTES];
                while member.goes_on() {
                    let begun = Instant::now();
                    since[member.task].set(begun);
                    client.write_all(&message).await.expect("an open connection");
                    client.read_exact(&mut message).await.expect("an answer");
                    since[member.task].clear();
                    if recording.load(Ordering::Relaxed) {
                        late.record(begun.elapsed());
                    }
                    member.count();
                }
                late
            }
        }
    });
    thread::sleep(share::of_time(NET_WARM_UP).saturating_sub(WARM_UP));
    let done = crowd.measure(|on| recording.store(on, Ordering::Relaxed));
    let stopped = Instant::now();
    let pending = since.iter().map(|each| each.before(stopped)).collect();
    let all = crowd.stop(bench, || ());
    uneven(&done);
    merged(all, pending).report();
}

/// The client's ends of so many connections, whose other ends are echoed.
async fn connect(connections: usize) -> Vec<TcpStream> {
    let listener = listener().await;
    let address = listener.local_addr().expect("a bound listener");
    let mut clients = Vec::new();
    for _ in 0..connections {
        let client = TcpStream::connect(address).await.expect("a connection");
        client.set_nodelay(true).expect("an open connection");
        let (server, _) = listener.accept().await.expect("the same connection");
        server.set_nodelay(true).expect("an open connection");
        tokio::spawn(echo(server));
        clients.push(client);
    }
    clients
}
