// Command peer runs the benchmark programs of the same names on Go's scheduler. It prints the lines that
// dev.pinion.bench.Sample describes, measured as dev.pinion.bench.program does: half a second of warm-up, then the
// median of seven windows of 0.1 s. GOMAXPROCS comes from the environment.
package main

import (
	"fmt"
	"math"
	"os"
	"sort"
	"syscall"
	"time"
)

const (
	warmUp  = 500 * time.Millisecond
	windows = 7
)

var window = shareOfTime(100 * time.Millisecond)

var programs = map[string]func(){
	"spawn":                   spawn,
	"yield":                   func() { yielding(2) },
	"handoff":                 handoff,
	"sleep":                   sleep,
	"million":                 million,
	"tokio-spawn-many-local":  func() { spawnMany(true) },
	"tokio-spawn-many-remote": func() { spawnMany(false) },
	"tokio-yield-many":        yieldMany,
	"tokio-ping-pong":         pingPong,
	"tokio-chained-spawn":     chainedSpawn,
	"delisle-cycle":           cycle,
	"delisle-yield":           func() { yielding(perP * procs()) },
	"skynet":                  skynet,
	"announced-block":         func() { blockedReader(false) },
	"block-unannounced":       func() { blockedReader(true) },
	"call-not-blocking":       callNotBlocking,
	"wakeup-syscall":          wakeupSyscall,
	"fifo-burst":              fifoBurst,
	"hogs-beside-sleeper":     func() { hogsAndSleeper(true) },
	"many-hogs":               func() { hogsAndSleeper(false) },
	"blocking-mix":            blockingMix,
	"fsync-many":              fsyncMany,
	"lone-reader":             loneReader,
	"timers-beside-hogs":      sleepersBesideHogs,
	"net-pingpong":            func() { netPairs(1) },
	"net-64":                  func() { netPairs(64) },
	"net-serve":               netServe,
	"net-http-jdk":            netHTTP,
}

func main() {
	slack := len(os.Args) == 3 && os.Args[2] == "1ns"
	if len(os.Args) != 2 && !slack || programs[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "name one program, and behind it 1ns for a timer slack of that")
		os.Exit(2)
	}
	if slack {
		restartWithSlack()
	}
	fmt.Println("@carrier goroutine")
	programs[os.Args[1]]()
}

// metric prints a figure; infinity: it never happened.
func metric(name string, value float64) {
	if math.IsInf(value, 1) {
		fmt.Printf("@metric %s never\n", name)
	} else {
		fmt.Printf("@metric %s %g\n", name, value)
	}
}

type usage struct{ cpu, voluntary, involuntary int64 }

func usageNow() usage {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return usage{r.Utime.Nano() + r.Stime.Nano(), r.Nvcsw, r.Nivcsw}
}

func (before usage) report(operations int64) {
	now := usageNow()
	fmt.Printf("@usage %d %d %d %d\n", now.cpu-before.cpu, now.voluntary-before.voluntary,
		now.involuntary-before.involuntary, operations)
}

func median(values []float64) float64 {
	sorted := append([]float64(nil), values...)
	sort.Float64s(sorted)
	return sorted[len(sorted)/2]
}

// measure times batches of work that can be done any number of times.
func measure(operationsPerUnit int, batch func(units int)) {
	units := 1
	for end := time.Now().Add(warmUp); ; {
		started := time.Now()
		batch(units)
		took := max(time.Since(started), 1)
		fitting := max(int(float64(window)/(float64(took)/float64(units))), 1)
		if time.Now().After(end) && fitting <= 2*units {
			units = fitting
			break
		}
		units = min(fitting, 2*units)
	}
	perOperation := make([]float64, windows)
	before := usageNow()
	for i := range perOperation {
		started := time.Now()
		batch(units)
		perOperation[i] = float64(time.Since(started)) / float64(units*operationsPerUnit)
	}
	before.report(int64(windows * units * operationsPerUnit))
	metric("op", median(perOperation))
}
