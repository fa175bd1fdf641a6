package main

import (
	"fmt"
	"os"
	"runtime"
	"sort"
	"sync"
	"sync/atomic"
	"time"
)

const (
	outstanding = 1_000
	spawned     = 10_000
	yielders    = 200
	yields      = 1_000
	pairs       = 1_000
	depth       = 1_000
	gs          = 1_000_000
	leaves      = 1_000_000
)

// latch counts down for one waiter, with one atomic operation an arrival.
type latch struct {
	left atomic.Int64
	done chan struct{}
}

func newLatch() *latch { return &latch{done: make(chan struct{}, 1)} }

func (l *latch) countDown() {
	if l.left.Add(-1) == 0 {
		l.done <- struct{}{}
	}
}

func startAndWait(units, size int) {
	l := newLatch()
	task := l.countDown
	for ; units > 0; units-- {
		l.left.Store(int64(size))
		for i := 0; i < size; i++ {
			go task()
		}
		<-l.done
	}
}

func spawn() {
	measure(outstanding, func(units int) { startAndWait(units, outstanding) })
}

// spawnMany local runs in a goroutine; remote on a thread of its own, the nearest Go has to a thread outside.
func spawnMany(local bool) {
	if !local {
		runtime.LockOSThread()
	}
	measure(spawned, func(units int) { startAndWait(units, spawned) })
}

func yieldMany() {
	measure(yielders*yields, func(units int) {
		for ; units > 0; units-- {
			var all sync.WaitGroup
			all.Add(yielders)
			for i := 0; i < yielders; i++ {
				go func() {
					for i := 0; i < yields; i++ {
						runtime.Gosched()
					}
					all.Done()
				}()
			}
			all.Wait()
		}
	})
}

func pingPong() {
	measure(pairs, func(units int) {
		for ; units > 0; units-- {
			l := newLatch()
			l.left.Store(pairs)
			for i := 0; i < pairs; i++ {
				go func() {
					ping, pong := make(chan struct{}, 1), make(chan struct{}, 1)
					go func() {
						<-ping
						pong <- struct{}{}
					}()
					ping <- struct{}{}
					<-pong
					l.countDown()
				}()
			}
			<-l.done
		}
	})
}

func chainedSpawn() {
	done := make(chan struct{})
	var link func(left int)
	link = func(left int) {
		if left == 0 {
			done <- struct{}{}
		} else {
			go link(left - 1)
		}
	}
	measure(depth, func(units int) {
		for ; units > 0; units-- {
			link(depth)
			<-done
		}
	})
}

// million wakes each goroutine by a message of its own, as an unpark would.
func million() {
	run := func(count int) (start, wake time.Duration) {
		park := make(chan struct{})
		parked, ended := newLatch(), newLatch()
		parked.left.Store(int64(count))
		ended.left.Store(int64(count))
		started := time.Now()
		for i := 0; i < count; i++ {
			go func() {
				parked.countDown()
				<-park
				ended.countDown()
			}()
		}
		<-parked.done
		all := time.Now()
		for i := 0; i < count; i++ {
			park <- struct{}{}
		}
		<-ended.done
		return all.Sub(started), time.Since(all)
	}
	run(gs / 10)
	runtime.GC()
	before := usageNow()
	start, wake := run(gs)
	before.report(gs)
	metric("start", float64(start)/gs)
	metric("wake", float64(wake)/gs)
}

func skynet() {
	var node func(number, size int64, parent chan<- int64)
	node = func(number, size int64, parent chan<- int64) {
		if size == 1 {
			parent <- number
			return
		}
		children := make(chan int64, 10)
		for i := int64(0); i < 10; i++ {
			go node(number+i*size/10, size/10, children)
		}
		sum := int64(0)
		for i := 0; i < 10; i++ {
			sum += <-children
		}
		parent <- sum
	}
	tree := func(size int64) {
		root := make(chan int64, 1)
		go node(0, size, root)
		if sum := <-root; sum != size*(size-1)/2 {
			fmt.Fprintln(os.Stderr, "skynet summed to", sum)
			os.Exit(1)
		}
	}
	for i := 0; i < 5; i++ {
		tree(leaves / 10)
	}
	const runs, tasks = 3, 1_111_111
	var perTask []float64
	before := usageNow()
	for i := 0; i < runs; i++ {
		started := time.Now()
		tree(leaves)
		perTask = append(perTask, float64(time.Since(started))/tasks)
	}
	before.report(runs * tasks)
	metric("op", median(perTask))
}

func sleep() {
	late := func(length time.Duration, times int) []float64 {
		values := make([]float64, times)
		for i := range values {
			due := time.Now().Add(length)
			time.Sleep(length)
			values[i] = float64(time.Since(due))
		}
		sort.Float64s(values)
		return values
	}
	late(200*time.Microsecond, 100)
	before := usageNow()
	micros50, micros200 := late(50*time.Microsecond, shareOfCount(3_000)), late(200*time.Microsecond, shareOfCount(1_500))
	millis1 := late(time.Millisecond, shareOfCount(400))
	before.report(int64(len(micros50) + len(micros200) + len(millis1)))
	metric("50us-p50", micros50[len(micros50)*50/100])
	metric("50us-p99", micros50[len(micros50)*99/100])
	metric("200us-p50", micros200[len(micros200)*50/100])
	metric("200us-p99", micros200[len(micros200)*99/100])
	metric("1ms-p50", millis1[len(millis1)*50/100])
	metric("1ms-p99", millis1[len(millis1)*99/100])
}
