package main

import (
	"fmt"
	"math"
	"math/rand"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"syscall"
	"time"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func check2[T any](value T, err error) T {
	check(err)
	return value
}

func fifos(count int) (paths []string, remove func()) {
	directory := check2(os.MkdirTemp("", "pinion-bench"))
	for i := 0; i < count; i++ {
		path := filepath.Join(directory, fmt.Sprint("fifo", i))
		check(syscall.Mkfifo(path, 0o600))
		paths = append(paths, path)
	}
	return paths, func() { check(os.RemoveAll(directory)) }
}

// retry calls again what a signal interrupted, as the runtime's own preemption does.
func retry(call func() error) {
	for {
		if err := call(); err != syscall.EINTR {
			check(err)
			return
		}
	}
}

// blockedReader is a goroutine that blocks in read of an empty FIFO with the next one queued behind it. The file descriptor is used bare, for
// os.File would have the poller wait for it. busy: the next one goes on until the reader is back.
func blockedReader(busy bool) {
	rounds, warmUpRounds, never := shareOfCount(3_000), shareOfCount(1_000), shareOfCount(100)
	warmUpTime, enough := shareOfTime(3*time.Second), shareOfTime(30*time.Second)
	const rescue = 20 * time.Millisecond
	paths, remove := fifos(1)
	defer remove()
	fd := check2(syscall.Open(paths[0], syscall.O_RDWR|syscall.O_CLOEXEC, 0))
	const waiting, ran, rescued = 0, 1, 2
	var round, started atomic.Int64
	var back, over atomic.Bool
	round.Store(ran)
	letGo := func() { retry(func() error { _, err := syscall.Write(fd, []byte{0}); return err }) }
	var l latencies
	base := time.Now()
	ended := make(chan struct{})
	go func() {
		for !over.Load() {
			time.Sleep(rescue / 4)
			blocked := int64(time.Since(base)) - started.Load()
			if round.Load() == waiting && blocked > int64(rescue) && round.CompareAndSwap(waiting, rescued) {
				l.recordGivenUp(blocked)
				letGo()
			}
		}
		close(ended)
	}()
	before := usageNow()
	warm := false
	value := uint64(1)
	one := make([]byte, 1)
	done := make(chan struct{})
	for len(l.nanos) < rounds && !l.never(never) && time.Since(base) < enough {
		if !warm && (len(l.nanos) == warmUpRounds || time.Since(base) > warmUpTime) {
			l = latencies{}
			warm = true
		}
		back.Store(false)
		started.Store(int64(time.Since(base)))
		round.Store(waiting)
		go func() {
			now := int64(time.Since(base))
			if round.CompareAndSwap(waiting, ran) {
				l.record(now - started.Load())
				for i := 0; busy && i < 2; i++ {
					value = steps(value, micros10)
					runtime.Gosched()
				}
				letGo()
			}
			for busy && !back.Load() {
				runtime.Gosched()
			}
			done <- struct{}{}
		}()
		started.Store(int64(time.Since(base)))
		retry(func() error { _, err := syscall.Read(fd, one); return err })
		back.Store(true)
		runtime.Gosched()
		<-done
	}
	before.report(int64(len(l.nanos)))
	over.Store(true)
	<-ended
	l.report()
}

// callNotBlocking compares calls that tell the scheduler with the same calls made raw.
func callNotBlocking() {
	const warmUps, windows, calls, bytes = 20, 41, 50_000, 4096
	file := check2(os.CreateTemp("", "pinion-bench"))
	check(os.Remove(file.Name()))
	check2(file.Write(make([]byte, bytes)))
	fd := file.Fd()
	buffer := make([]byte, bytes)
	nanosPerCall := func(call func()) float64 {
		start := time.Now()
		for i := 0; i < calls; i++ {
			call()
		}
		return float64(time.Since(start)) / calls
	}
	compare := func(name string, call, bare func()) {
		var whole, over []float64
		for window := -warmUps; window < windows; window++ {
			nanos, bareNanos := nanosPerCall(call), nanosPerCall(bare)
			if window >= 0 {
				whole, over = append(whole, nanos), append(over, nanos-bareNanos)
			}
		}
		metric(name, median(whole))
		metric(name+"-over", max(0, median(over)))
	}
	before := usageNow()
	compare("call", func() { syscall.Syscall(syscall.SYS_LSEEK, fd, 0, 1) },
		func() { syscall.RawSyscall(syscall.SYS_LSEEK, fd, 0, 1) })
	at := bufferAddress(buffer)
	compare("read", func() { syscall.Pread(int(fd), buffer, 0) },
		func() { syscall.RawSyscall6(syscall.SYS_PREAD64, fd, at, bytes, 0, 0, 0) })
	before.report(4 * (warmUps + windows) * calls)
	runtime.KeepAlive(buffer)
}

func nanosleep(d time.Duration) {
	ts := syscall.NsecToTimespec(d.Nanoseconds())
	for {
		if err := syscall.Nanosleep(&ts, &ts); err != syscall.EINTR {
			check(err)
			return
		}
	}
}

// wakeupSyscall is runtime's BenchmarkWakeupParallelSyscall, which skips one P; here it runs with one, too.
func wakeupSyscall() {
	const batch, warmUps, wakeDelay, enough = 250, 4, 5 * time.Microsecond, 5 * time.Second
	batches := max(2, int(math.Round(8*share)))
	run := func(delay time.Duration) {
		ping, pong := make(chan struct{}), make(chan struct{})
		start, done := make(chan struct{}), make(chan struct{})
		go func() {
			<-start
			for i := 0; i < batch; i++ {
				nanosleep(delay + wakeDelay)
				ping <- struct{}{}
				nanosleep(delay)
				<-pong
			}
			done <- struct{}{}
		}()
		go func() {
			for i := 0; i < batch; i++ {
				nanosleep(delay)
				<-ping
				nanosleep(delay + wakeDelay)
				pong <- struct{}{}
			}
			done <- struct{}{}
		}()
		start <- struct{}{}
		<-done
		<-done
	}
	operations := int64(0)
	before := usageNow()
	for _, micros := range []int{0, 1, 2, 5, 10, 20, 50, 100} {
		delay := time.Duration(micros) * time.Microsecond
		for i := 0; i < warmUps; i++ {
			run(delay)
		}
		did, start := 0, time.Now()
		for did < batches && time.Since(start) < enough {
			run(delay)
			did++
		}
		metric(fmt.Sprint(micros, "us"), float64(time.Since(start))/float64(did*batch))
		operations += int64((warmUps + did) * batch)
	}
	before.report(operations)
}

func fifoBurst() {
	const tasks, patience = 300, 3 * time.Second
	paths, remove := fifos(tasks)
	defer remove()
	threadsBefore := threads()
	var entered, ended atomic.Int64
	var allIn time.Duration
	before := usageNow()
	start := time.Now()
	for i := 0; i < tasks; i++ {
		path := paths[i]
		go func() {
			if entered.Add(1) == tasks {
				allIn = time.Since(start)
			}
			retry(func() error {
				fd, err := syscall.Open(path, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
				if err == nil {
					err = syscall.Close(fd)
				}
				return err
			})
			ended.Add(1)
		}()
	}
	for entered.Load() < tasks && time.Since(start) < patience {
		time.Sleep(time.Millisecond)
	}
	in, threadsMost := entered.Load(), threads()
	var others []int
	for _, path := range paths {
		others = append(others, check2(syscall.Open(path, syscall.O_RDWR|syscall.O_CLOEXEC, 0)))
	}
	for ended.Load() < tasks {
		time.Sleep(time.Millisecond)
	}
	for _, fd := range others {
		check(syscall.Close(fd))
	}
	before.report(tasks)
	time.Sleep(5 * time.Second)
	if in == tasks {
		metric("all-in", float64(allIn))
	} else {
		metric("all-in", math.Inf(1))
	}
	metric("missed", float64(100*(tasks-in))/tasks)
	metric("threads-most", float64(max(0, threadsMost-threadsBefore)))
	metric("threads-after", float64(max(0, threads()-threadsBefore)))
}

func blockingMix() {
	const tasks, least, most = 64, 1_000.0, 100_000_000.0
	const warm, rounds = 500 * time.Millisecond, 3
	measured := shareOfTime(time.Second)
	perOperation := func(blocking int) float64 {
		c := newCrowd(tasks)
		c.start(func(task int) {
			random, value := rand.New(rand.NewSource(int64(task))), uint64(task+1)
			for !c.stopped.Load() {
				if task < blocking {
					nanosleep(time.Duration(least * math.Pow(most/least, random.Float64())))
					runtime.Gosched()
				} else {
					value = steps(value, micros10)
					c.count(task)
					runtime.Gosched()
				}
			}
			sink.Store(value)
		})
		time.Sleep(warm)
		first, _ := c.snapshot()
		started := time.Now()
		time.Sleep(measured)
		took := time.Since(started)
		last, _ := c.snapshot()
		operations := int64(0)
		for task := blocking; task < tasks; task++ {
			operations += last[task] - first[task]
		}
		c.stopped.Store(true)
		c.ended.Wait()
		if operations == 0 {
			return math.Inf(1)
		}
		return float64(took) / float64(operations)
	}
	before := usageNow()
	operations := 0.0
	percents := []int{0, 10, 50}
	var nanos, slower [3][]float64
	for round := 0; round < rounds; round++ {
		for part, percent := range percents {
			nanos[part] = append(nanos[part], perOperation(tasks*percent/100))
			slower[part] = append(slower[part], nanos[part][round]/nanos[0][round])
			operations += float64(warm+measured) / nanos[part][round]
		}
	}
	before.report(int64(math.Ceil(operations)))
	for part, percent := range percents {
		metric(fmt.Sprint("op-", percent), median(nanos[part]))
		if part > 0 {
			metric(fmt.Sprint("slower-", percent), median(slower[part]))
		}
	}
}

func fsyncMany() {
	const tasks, bytes = 64, 4096
	files := make([]*os.File, tasks)
	for i := range files {
		files[i] = check2(os.CreateTemp("", "pinion-bench"))
		check(os.Remove(files[i].Name()))
	}
	c := newCrowd(tasks)
	c.start(func(task int) {
		buffer := make([]byte, bytes)
		for !c.stopped.Load() {
			check2(files[task].WriteAt(buffer, 0))
			check(files[task].Sync())
			c.count(task)
		}
	})
	c.measure()
	c.stopped.Store(true)
	c.ended.Wait()
}

func loneReader() {
	const bytes, pieces, writeBytes, passes = 4096, 1 << 18, 1 << 20, 5
	file := check2(os.CreateTemp("", "pinion-bench"))
	check(os.Remove(file.Name()))
	for big, written := make([]byte, writeBytes), 0; written < pieces*bytes; written += writeBytes {
		check2(file.Write(big))
	}
	buffer := make([]byte, bytes)
	readAll := func() {
		check2(file.Seek(0, 0))
		for i := 0; i < pieces; i++ {
			if n := check2(file.Read(buffer)); n != bytes {
				check(fmt.Errorf("the file ended too soon"))
			}
		}
	}
	var perRead []float64
	done := make(chan struct{})
	go func() {
		readAll()
		before := usageNow()
		for pass := 0; pass < passes; pass++ {
			start := time.Now()
			readAll()
			perRead = append(perRead, float64(time.Since(start))/pieces)
		}
		before.report(passes * pieces)
		close(done)
	}()
	<-done
	metric("op", median(perRead))
	metric("hand-offs", 0) // the runtime does not say; it hands over what sysmon finds
}
