package main

import (
	"math"
	"os"
	"sort"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"
)

// micros10 is steps of about 10 us.
const micros10 = 5_000

var sink atomic.Uint64

// steps is Marsaglia's xorshift, so many times over.
func steps(value uint64, count int) uint64 {
	for i := 0; i < count; i++ {
		value ^= value << 13
		value ^= value >> 7
		value ^= value << 17
	}
	return value
}

func bufferAddress(buffer []byte) uintptr { return uintptr(unsafe.Pointer(&buffer[0])) }

func threads() int { return len(check2(os.ReadDir("/proc/self/task"))) }

// latencies is dev.pinion.bench.program.Latencies.
type latencies struct {
	nanos           []float64
	missed, givenUp int
}

func (l *latencies) record(nanos int64) {
	l.nanos = append(l.nanos, float64(max(nanos, 0)))
	if nanos > int64(10*time.Millisecond) {
		l.missed++
	}
}

func (l *latencies) recordGivenUp(nanos int64) {
	l.nanos = append(l.nanos, float64(max(nanos, 0)))
	l.missed++
	l.givenUp++
}

func (l *latencies) never(enough int) bool {
	return len(l.nanos) >= enough && l.givenUp == len(l.nanos)
}

func (l *latencies) report() {
	if l.never(1) {
		metric("p50", math.Inf(1))
		metric("p99", math.Inf(1))
		metric("max", math.Inf(1))
	} else {
		sort.Float64s(l.nanos)
		n := len(l.nanos)
		metric("p50", l.nanos[n*50/100])
		metric("p99", l.nanos[n*99/100])
		metric("max", l.nanos[n-1])
	}
	metric("missed", 100*float64(l.missed)/float64(len(l.nanos)))
}

// hogsAndSleeper is goroutines that compute beside one that sleeps 2 ms. endless: four, until the sleeper has seen enough; else 200 of 100 ms.
func hogsAndSleeper(endless bool) {
	const few, many, pieces = 4, 200, 10_000
	const sleep, warm = 2 * time.Millisecond, 500 * time.Millisecond
	samples, enough := shareOfCount(2_500), shareOfTime(15*time.Second)
	var hogsEnded, sleptEnough atomic.Bool
	var l latencies
	wanted := math.MaxInt
	if endless {
		wanted = samples
	}
	threadsBefore := threads()
	before := usageNow()
	start := time.Now()
	sleeper := make(chan struct{})
	go func() {
		for !hogsEnded.Load() && len(l.nanos) < wanted {
			due := time.Now().Add(sleep)
			time.Sleep(sleep)
			if hogsEnded.Load() {
				if len(l.nanos) == 0 {
					l.recordGivenUp(int64(time.Since(due)))
				}
			} else if time.Since(start) > warm {
				l.record(int64(time.Since(due)))
			}
		}
		sleptEnough.Store(true)
		close(sleeper)
	}()
	count := many
	if endless {
		count = few
	}
	var left sync.WaitGroup
	left.Add(count)
	for i := 1; i <= count; i++ {
		seed := uint64(i)
		go func() {
			value := seed
			for piece := 0; endless && !hogsEnded.Load() || !endless && piece < pieces; piece++ {
				value = steps(value, micros10)
			}
			sink.Store(value)
			left.Done()
		}()
	}
	if endless {
		for !sleptEnough.Load() && time.Since(start) < enough {
			time.Sleep(5 * time.Millisecond)
		}
		hogsEnded.Store(true)
		left.Wait()
		<-sleeper
		before.report(int64(len(l.nanos)))
		l.report()
		return
	}
	var total time.Duration
	go func() {
		left.Wait()
		total = time.Since(start)
		hogsEnded.Store(true)
	}()
	most := 0
	for !hogsEnded.Load() {
		most = max(most, threads())
		time.Sleep(5 * time.Millisecond)
	}
	before.report(many)
	<-sleeper
	l.report()
	metric("total", float64(total))
	metric("threads-most", float64(max(0, most-threadsBefore)))
}
