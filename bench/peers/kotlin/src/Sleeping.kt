package dev.pinion.bench.program

import java.util.concurrent.locks.LockSupport
import kotlin.time.toKotlinDuration
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking

/** How late [delay] is, which knows whole milliseconds and rounds up. */
internal fun sleep(report: Report) {
    val late = SleepLateness()
    val before = onDefault {
        repeat(SleepLateness.WARM_UP_TIMES) { nanosLate(SleepLateness.WARM_UP_LENGTH) }
        val warm = ResourceUsage.now()
        for (length in SleepLateness.Length.entries) {
            repeat(length.times()) { late.record(length, nanosLate(length.duration())) }
        }
        warm
    }
    report.usage(ResourceUsage.now().since(before), late.count())
    late.report(report)
}

private suspend fun nanosLate(length: java.time.Duration): Long {
    val due = System.nanoTime() + length.toNanos()
    delay(length.toKotlinDuration())
    return System.nanoTime() - due
}

/** A coroutine that is woken by the main thread again and again. */
private class Sleeper {
    private val latencies = Latencies()
    private val baton = SuspendedBaton()

    @Volatile
    private var wokenAtNanos = 0L

    @Volatile
    private var answered = 0

    suspend fun sleep(times: Int) = repeat(times) {
        baton.await()
        latencies.record(System.nanoTime() - wokenAtNanos)
        answered++
    }

    /** From the main thread's pass of the baton to the coroutine's next instruction, half a millisecond after it was suspended. */
    fun wake(times: Int) = repeat(times) {
        val before = answered
        LockSupport.parkNanos(500_000)
        wokenAtNanos = System.nanoTime()
        baton.pass()
        while (answered == before) {
            LockSupport.parkNanos(20_000)
        }
    }

    fun reset() = latencies.reset()

    fun report(report: Report) = latencies.report(report)
}

internal fun wake(report: Report) {
    val sleeper = Sleeper()
    val sleeping = CoroutineScope(Dispatchers.Default).launch { sleeper.sleep(Lateness.WAKES * 3 / 2) }
    sleeper.wake(Lateness.WAKES / 2)
    sleeper.reset()
    val before = ResourceUsage.now()
    sleeper.wake(Lateness.WAKES)
    report.usage(ResourceUsage.now().since(before), Lateness.WAKES.toLong())
    runBlocking { sleeping.join() }
    sleeper.report(report)
}

/** Hogs that never suspend beside one that delays. */
internal object HogsAndSleeperStarter : HogsAndSleeper.Starter {
    private val scope = CoroutineScope(Dispatchers.Default)

    override fun hog(hog: Runnable) {
        scope.launch { hog.run() }
    }

    override fun sleeper(both: HogsAndSleeper) {
        scope.launch {
            while (both.wantsSleep()) {
                val due = System.nanoTime() + HogsAndSleeper.SLEEP.toNanos()
                delay(HogsAndSleeper.SLEEP.toKotlinDuration())
                both.woke(due)
            }
            both.sleptOut()
        }
    }
}

/** A hundred that delay 1 ms beside a hog for each P. */
internal fun sleepersBesideHogs(report: Report) = SleepersBesideHogs.run(report) { all ->
    val scope = CoroutineScope(Dispatchers.Default)
    repeat(SleepersBesideHogs.SLEEPERS) { task ->
        scope.launch {
            while (!all.isStopped) {
                all.begin(task)
                delay(SleepersBesideHogs.SLEEP_MILLIS)
                all.end(task)
            }
            all.taskEnded()
        }
    }
    all.hogs().forEach { hog -> scope.launch { hog.run() } }
}
