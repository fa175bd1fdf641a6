package main

import (
	"fmt"
	"math"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

const perP = 100

func procs() int { return runtime.GOMAXPROCS(0) }

// counter has two cache lines to itself.
type counter struct {
	value atomic.Int64
	_     [120]byte
}

// crowd is tasks that go on until told to stop, counted in common windows.
type crowd struct {
	counts  []counter
	stopped atomic.Bool
	ended   sync.WaitGroup
	done    []int64 // what each did in the common window of the measurement
}

func newCrowd(tasks int) *crowd {
	return &crowd{counts: make([]counter, tasks)}
}

// count is only called by the task itself, so no atomic add is needed.
func (c *crowd) count(task int) {
	c.counts[task].value.Store(c.counts[task].value.Load() + 1)
}

func (c *crowd) start(body func(task int)) {
	gate := make(chan struct{})
	c.ended.Add(len(c.counts))
	for task := range c.counts {
		task := task
		go func() {
			defer c.ended.Done()
			<-gate
			body(task)
		}()
	}
	close(gate)
}

func (c *crowd) snapshot() ([]int64, int64) {
	values, sum := make([]int64, len(c.counts)), int64(0)
	for i := range c.counts {
		values[i] = c.counts[i].value.Load()
		sum += values[i]
	}
	return values, sum
}

func (c *crowd) measure() { c.measured(func(bool) {}) }

// measured calls during at the beginning and at the end of what it measures.
func (c *crowd) measured(during func(on bool)) {
	time.Sleep(warmUp)
	during(true)
	perOperation := make([]float64, windows)
	first, sumFirst := c.snapshot()
	last, sumLast := first, sumFirst
	before, started := usageNow(), time.Now()
	for i := range perOperation {
		time.Sleep(window)
		ended := time.Now()
		now, sum := c.snapshot()
		perOperation[i] = float64(ended.Sub(started)) / float64(max(sum-sumLast, 1))
		started, last, sumLast = ended, now, sum
	}
	during(false)
	before.report(sumLast - sumFirst)
	c.done = make([]int64, len(last))
	slowest, fastest := int64(math.MaxInt64), int64(0)
	for i := range last {
		c.done[i] = last[i] - first[i]
		slowest = min(slowest, c.done[i])
		fastest = max(fastest, c.done[i])
	}
	fmt.Printf("@fair %d %d\n", slowest, fastest)
	metric("op", median(perOperation))
}

func yielding(tasks int) {
	c := newCrowd(tasks)
	c.start(func(task int) {
		for !c.stopped.Load() {
			runtime.Gosched()
			c.count(task)
		}
	})
	c.measure()
	c.stopped.Store(true)
	c.ended.Wait()
}

// handoff is two goroutines in turns; Go has no park and unpark, so each waits on a channel of one.
func handoff() { rings(1, 2) }

func cycle() { rings(perP*procs(), 5) }

func rings(count, size int) {
	c := newCrowd(count * size)
	batons := make([]chan struct{}, count*size)
	for i := range batons {
		batons[i] = make(chan struct{}, 1)
	}
	pass := func(task int) {
		select {
		case batons[task] <- struct{}{}:
		default:
		}
	}
	c.start(func(task int) {
		next := task/size*size + (task+1)%size
		if task%size == 0 {
			pass(next)
		}
		for !c.stopped.Load() {
			<-batons[task]
			c.count(task)
			pass(next)
		}
	})
	c.measure()
	c.stopped.Store(true)
	for task := range batons {
		pass(task)
	}
	c.ended.Wait()
}
