package main

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const messageBytes = 32

var netWarmUp = shareOfTime(1500 * time.Millisecond)

// pending is dev.pinion.bench.program.PendingLatency.
type pending struct {
	latencies
	since atomic.Int64
	_     [64]byte
}

// epoch is what times in pending count from; 0 stands for none.
var epoch = time.Now()

func sinceEpoch() int64 { return int64(time.Since(epoch)) }

func (p *pending) begin(at int64) { p.since.Store(at) }

func (p *pending) end(at int64, recording bool) {
	since := p.since.Swap(0)
	if recording {
		p.record(at - since)
	}
}

// seen is what was pending at this moment.
func seen(all []pending) []int64 {
	values := make([]int64, len(all))
	for i := range all {
		values[i] = all[i].since.Load()
	}
	return values
}

// merged is all latencies, and those that had not ended at the stop though they were late already.
func merged(all []pending, pendingSince []int64, stopped int64) *latencies {
	var l latencies
	for i := range all {
		l.nanos = append(l.nanos, all[i].nanos...)
		l.missed += all[i].missed
		if waited := stopped - pendingSince[i]; pendingSince[i] != 0 && waited > int64(10*time.Millisecond) {
			l.recordGivenUp(waited)
		}
	}
	return &l
}

// uneven is fastest over slowest of equal tasks in one common window.
func uneven(done []int64) {
	slowest, fastest := slices.Min(done), slices.Max(done)
	if slowest == 0 {
		metric("uneven", math.Inf(1))
	} else {
		metric("uneven", float64(fastest)/float64(slowest))
	}
	starved := 0
	for _, each := range done {
		if each == 0 {
			starved++
		}
	}
	metric("starved", float64(starved))
}

func echo(connection net.Conn) {
	buffer := make([]byte, 4096)
	for {
		count, err := connection.Read(buffer)
		if err != nil {
			break
		}
		if _, err = connection.Write(buffer[:count]); err != nil {
			break
		}
	}
	connection.Close()
}

// netPairs is round trips over connections with a goroutine at each end.
func netPairs(connections int) {
	listener := check2(net.Listen("tcp", "127.0.0.1:0"))
	clients, servers := make([]net.Conn, connections), make([]net.Conn, connections)
	for i := range clients {
		clients[i] = check2(net.Dial("tcp", listener.Addr().String()))
		servers[i] = check2(listener.Accept())
		go echo(servers[i])
	}
	c := newCrowd(connections)
	l := make([]pending, connections)
	var recording atomic.Bool
	c.start(func(task int) {
		message := make([]byte, messageBytes)
		for !c.stopped.Load() {
			l[task].begin(sinceEpoch())
			if _, err := clients[task].Write(message); err != nil {
				return
			}
			if _, err := io.ReadFull(clients[task], message); err != nil {
				return
			}
			l[task].end(sinceEpoch(), recording.Load())
			c.count(task)
		}
	})
	time.Sleep(netWarmUp - warmUp)
	c.measured(func(on bool) { recording.Store(on) })
	stopped := sinceEpoch()
	since := seen(l)
	c.stopped.Store(true)
	for i := range clients {
		clients[i].Close()
		servers[i].Close()
	}
	c.ended.Wait()
	uneven(c.done)
	merged(l, since, stopped).report()
}

// outsideLoad is dev.pinion.bench.program.OutsideLoad.
func outsideLoad(port int) {
	fmt.Println("@serve", port)
	words := bufio.NewScanner(os.Stdin)
	before := usageNow()
	for words.Scan() {
		line := words.Text()
		switch {
		case line == "begin":
			before = usageNow()
		case strings.HasPrefix(line, "end "):
			var answers int64
			check2(fmt.Sscanf(line, "end %d", &answers))
			cpu := usageNow().cpu - before.cpu
			before.report(answers)
			metric("cpu", float64(cpu)/float64(answers))
		case line == "quit":
			os.Exit(0)
		default:
			fmt.Fprintln(os.Stderr, "not understood on stdin:", line)
			os.Exit(1)
		}
	}
	fmt.Fprintln(os.Stderr, "stdin ended before the load did")
	os.Exit(1)
}

func port(listener net.Listener) int { return listener.Addr().(*net.TCPAddr).Port }

func netServe() {
	listener := check2(net.Listen("tcp", "127.0.0.1:0"))
	go func() {
		for {
			go echo(check2(listener.Accept()))
		}
	}()
	outsideLoad(port(listener))
}

func netHTTP() {
	listener := check2(net.Listen("tcp", "127.0.0.1:0"))
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		io.WriteString(w, "Hello, world\n")
	})
	go http.Serve(listener, nil)
	outsideLoad(port(listener))
}

// sleepersBesideHogs is a hundred goroutines that sleep 1 ms again and again, beside one for each P that computes and never yields.
func sleepersBesideHogs() {
	const sleepers, sleep = 100, time.Millisecond
	span := shareOfTime(3 * time.Second)
	hogs := procs()
	l, counts := make([]pending, sleepers), make([]counter, sleepers)
	var stopped, recording atomic.Bool
	var ended sync.WaitGroup
	ended.Add(sleepers + hogs)
	for task := range l {
		task := task
		go func() {
			defer ended.Done()
			for !stopped.Load() {
				l[task].begin(sinceEpoch() + int64(sleep))
				time.Sleep(sleep)
				l[task].end(sinceEpoch(), recording.Load())
				counts[task].value.Store(counts[task].value.Load() + 1)
			}
		}()
	}
	for i := 1; i <= hogs; i++ {
		value := uint64(i)
		go func() {
			defer ended.Done()
			for !stopped.Load() {
				value = steps(value, micros10)
			}
			sink.Store(value)
		}()
	}
	time.Sleep(warmUp)
	first := make([]int64, sleepers)
	for i := range counts {
		first[i] = counts[i].value.Load()
	}
	before := usageNow()
	recording.Store(true)
	time.Sleep(span)
	recording.Store(false)
	stop := sinceEpoch()
	since := seen(l)
	done, sum := make([]int64, sleepers), int64(0)
	for i := range counts {
		done[i] = counts[i].value.Load() - first[i]
		sum += done[i]
	}
	before.report(max(sum, 1))
	stopped.Store(true)
	ended.Wait()
	fmt.Printf("@fair %d %d\n", slices.Min(done), max(slices.Max(done), 1))
	uneven(done)
	merged(l, since, stop).report()
}
