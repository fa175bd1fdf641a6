package dev.pinion.bench.program

import java.util.SplittableRandom
import java.util.concurrent.atomic.AtomicReferenceArray
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.sync.Semaphore
import kotlinx.coroutines.yield

/** Coroutines that go on until told to stop, as the threads of [Crowd] do; measured by the main thread. */
internal class CoroutineCrowd(private val tasks: Int) {
    val counts = Counts(tasks)
    val batons = List(tasks) { SuspendedBaton() }
    private lateinit var all: Job

    @Volatile
    var isStopped = false
        private set

    /** Starts all tasks, and releases them when all have come. */
    fun start(body: suspend (task: Int) -> Unit) {
        val ready = SuspendedLatch(tasks)
        val gate = CompletableDeferred<Unit>()
        all = CoroutineScope(Dispatchers.Default).launch {
            repeat(tasks) { task ->
                launch {
                    ready.countDown()
                    gate.await()
                    body(task)
                }
            }
        }
        runBlocking { ready.await() }
        gate.complete(Unit)
    }

    /** Tells the tasks to end and waits for it; [release] frees those that wait for each other. */
    fun stop(release: () -> Unit = {}) {
        isStopped = true
        release()
        runBlocking { all.join() }
        check(!all.isCancelled) { "a task failed" }
    }

    fun passAllBatons() = batons.forEach { it.pass() }
}

/** Any number of tasks that only yield. */
internal fun yielding(report: Report, tasks: Int) {
    val crowd = CoroutineCrowd(tasks)
    crowd.start { task ->
        while (!crowd.isStopped) {
            yield()
            crowd.counts.count(task)
        }
    }
    crowd.counts.measure(report)
    crowd.stop()
}

/** Tasks in rings: each waits for the baton and passes it on. */
internal fun rings(report: Report, rings: Int, size: Int) {
    val crowd = CoroutineCrowd(rings * size)
    crowd.start { task ->
        val next = task / size * size + (task + 1) % size
        if (task % size == 0) {
            crowd.batons[next].pass()
        }
        while (!crowd.isStopped) {
            crowd.batons[task].await()
            crowd.counts.count(task)
            crowd.batons[next].pass()
        }
    }
    crowd.counts.measure(report)
    crowd.stop(crowd::passAllBatons)
}

/** Each task releases a random semaphore and acquires the same one; half of them wait before the others begin. */
internal fun churn(report: Report) {
    val tasks = Delisle.PER_P * Spawner.PROCS
    val crowd = CoroutineCrowd(tasks)
    val permits = 2 * tasks // of tasks that have released and not yet acquired, and of the end
    val semaphores = List(tasks / 4) { Semaphore(permits, acquiredPermits = permits) }
    val waiting = SuspendedLatch(tasks / 2)
    crowd.start { task ->
        val random = SplittableRandom(task.toLong())
        if (task < tasks / 2) {
            waiting.countDown()
            semaphores[random.nextInt(semaphores.size)].acquire()
        } else {
            waiting.await()
        }
        while (!crowd.isStopped) {
            val chosen = semaphores[random.nextInt(semaphores.size)]
            chosen.release()
            chosen.acquire()
            crowd.counts.count(task)
        }
    }
    crowd.counts.measure(report)
    crowd.stop { semaphores.forEach { semaphore -> repeat(tasks) { semaphore.release() } } }
}

/** Each task touches words of its own, sits down on a random place, wakes whoever sat there, and waits to be woken. */
internal fun locality(report: Report) {
    val tasks = Delisle.PER_P * Spawner.PROCS
    val crowd = CoroutineCrowd(tasks)
    val places = AtomicReferenceArray<SuspendedBaton>(tasks / 2)
    crowd.start { task ->
        val mine = crowd.batons[task]
        val random = SplittableRandom(task.toLong())
        val words = LongArray(Delisle.WORDS)
        while (!crowd.isStopped) {
            repeat(Delisle.TOUCHED) { words[random.nextInt(Delisle.WORDS)]++ }
            places.getAndSet(random.nextInt(places.length()), mine)?.pass()
            mine.await()
            crowd.counts.count(task)
        }
    }
    crowd.counts.measure(report)
    crowd.stop(crowd::passAllBatons)
}

/** Tasks that compute some 2 us and yield. */
internal fun cpuBound(report: Report) {
    val crowd = CoroutineCrowd(CpuBound.TASKS_PER_P * Spawner.PROCS)
    crowd.start { task ->
        var value = task + 1L
        while (!crowd.isStopped) {
            value = Work.steps(value, CpuBound.STEPS)
            crowd.counts.count(task)
            yield()
        }
        Work.keep(value)
    }
    crowd.counts.measure(report)
    crowd.stop()
}
