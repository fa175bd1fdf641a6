/**
 * The benchmark's programs on Kotlin's coroutines, in the package of the same programs in Java: what measures and prints is theirs, and their
 * sizes are. The work is on Dispatchers.Default, with as many workers as Ps by its own property, and what blocks and says so on Dispatchers.IO.
 */
package dev.pinion.bench.program

import kotlin.system.exitProcess
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
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
