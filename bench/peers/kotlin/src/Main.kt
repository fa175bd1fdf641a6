/**
 * The benchmark's programs on Kotlin's coroutines, in the package of the same programs in Java: what measures and prints is theirs, and their
 * sizes are. The work is on Dispatchers.Default, with as many workers as Ps by its own property, and what blocks and says so on Dispatchers.IO.
 */
package dev.pinion.bench.program

import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.locks.LockSupport
import kotlin.concurrent.thread
import kotlin.system.exitProcess
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext

/** Whether what blocks says so before. */
internal val ANNOUNCED = System.getProperty("bench.announced").toBoolean()

private val PROGRAMS = mapOf<String, (Report) -> Unit>(
    "spawn" to ::spawn,
    "yield" to { yielding(it, 2) },
    "handoff" to { rings(it, 1, 2) },
    "wake" to ::wake,
    "sleep" to ::sleep,
    "parked-bytes" to ::parkedBytes,
    "million" to ::million,
    "tokio-spawn-many-local" to ::spawnManyLocal,
    "tokio-spawn-many-remote" to ::spawnManyRemote,
    "tokio-yield-many" to ::yieldMany,
    "tokio-ping-pong" to ::pingPong,
    "tokio-chained-spawn" to ::chainedSpawn,
    "delisle-cycle" to { rings(it, Delisle.PER_P * Spawner.PROCS, Delisle.RING) },
    "delisle-yield" to { yielding(it, Delisle.PER_P * Spawner.PROCS) },
    "delisle-churn" to ::churn,
    "delisle-locality" to ::locality,
    "skynet" to ::skynet,
    "announced-block" to { blockedReader(it, BlockedReader.Load.NONE, announced = true) },
    "block-unannounced" to { blockedReader(it, BlockedReader.Load.FULL, announced = false) },
    "block-unannounced-light" to { blockedReader(it, BlockedReader.Load.LIGHT, announced = false) },
    "wakeup-syscall" to ::wakeupSyscall,
    "fifo-burst" to ::fifoBurst,
    "hogs-beside-sleeper" to { HogsAndSleeper.endless(it, HogsAndSleeperStarter) },
    "many-hogs" to { HogsAndSleeper.many(it, HogsAndSleeperStarter) },
    "blocking-mix" to ::blockingMix,
    "fsync-many" to ::fsyncMany,
    "timers-beside-hogs" to ::sleepersBesideHogs,
    "cpu-bound" to ::cpuBound,
)

/** The main class: runs the program named by its argument. */
fun main(vararg arguments: String) {
    val program = PROGRAMS[arguments.singleOrNull()]
    if (program == null) {
        System.err.println("name one program of ${PROGRAMS.keys}")
        exitProcess(2)
    }
    val report = Report()
    report.carrier(onDefault { Thread.currentThread().name })
    program(report)
}

/** Runs [block] on Dispatchers.Default and waits for it, with all that it started, on the calling thread. */
internal fun <T> onDefault(block: suspend CoroutineScope.() -> T): T = runBlocking(Dispatchers.Default, block)

/** Makes a call that may block, on the threads that are there for this when it is [announced]. */
internal suspend fun <T> blocking(announced: Boolean, call: () -> T): T =
    if (announced) withContext(Dispatchers.IO) { call() } else call()

/**
 * Runs [block], in which calls are [announced], beside a thread that gives the dispatcher an empty task every 20 ms. With one worker it can lose
 * the wake-up for what comes back from Dispatchers.IO (issue 4491 of kotlinx.coroutines), until the next task comes: in a program that has no
 * other all wait for ever. What was lost is late by up to those 20 ms.
 */
internal fun nudged(announced: Boolean, block: () -> Unit) {
    val scope = CoroutineScope(Dispatchers.Default)
    val over = AtomicBoolean(!announced)
    val nudger = thread {
        while (!over.get()) {
            LockSupport.parkNanos(NUDGE_NANOS)
            scope.launch { }
        }
    }
    try {
        block()
    } finally {
        over.set(true)
        nudger.join()
    }
}

private const val NUDGE_NANOS = 20_000_000L
