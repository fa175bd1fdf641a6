package dev.pinion.bench.program

import java.io.FileInputStream
import java.nio.ByteBuffer
import java.util.SplittableRandom
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.yield

private const val NANOS_PER_MILLI = 1_000_000

/** One coroutine blocks in the read of an empty FIFO with the next one behind it in the queue. */
internal fun blockedReader(report: Report, load: BlockedReader.Load, announced: Boolean) = nudged(announced) {
    BlockedReader.run(report, load) { reader, input, _ ->
        onDefault {
            while (reader.goesOn()) {
                reader.beginRound()
                val next = launch { runNext(reader, load) }
                reader.blockNow()
                blocking(announced) { input.read() }
                reader.comeBack()
                yield()
                next.join()
                if (load == BlockedReader.Load.LIGHT) {
                    delay(BlockedReader.PAUSE_NANOS / NANOS_PER_MILLI)
                }
            }
        }
    }
}

private suspend fun runNext(reader: BlockedReader, load: BlockedReader.Load) {
    if (reader.runsInTime()) {
        if (load != BlockedReader.Load.NONE) {
            computeAndYield()
        }
        reader.letGo()
    }
    while (load == BlockedReader.Load.FULL && !reader.isBack) {
        yield()
    }
}

private suspend fun computeAndYield() {
    var value = System.nanoTime() or 1
    repeat(2) {
        value = Work.steps(value, Work.MICROS_10)
        yield()
    }
    Work.keep(value)
}

/** Two coroutines in turns, each in nanosleep before each baton. */
internal fun wakeupSyscall(report: Report) = nudged(ANNOUNCED) {
    WakeupSyscall.run(report) { delayNanos ->
        onDefault {
            val ping = SuspendedBaton()
            val pong = SuspendedBaton()
            launch {
                repeat(WakeupSyscall.BATCH) {
                    nanosleep(delayNanos + WakeupSyscall.WAKE_DELAY_NANOS)
                    ping.pass()
                    nanosleep(delayNanos)
                    pong.await()
                }
            }
            launch {
                repeat(WakeupSyscall.BATCH) {
                    nanosleep(delayNanos)
                    ping.await()
                    nanosleep(delayNanos + WakeupSyscall.WAKE_DELAY_NANOS)
                    pong.pass()
                }
            }
        }
    }
}

private suspend fun nanosleep(nanos: Long) = blocking(ANNOUNCED) { NativeCalls.nanosleep(nanos) }

/** Each of many coroutines opens a FIFO of its own. Dispatchers.IO has 64 threads unless told otherwise. */
internal fun fifoBurst(report: Report) = nudged(ANNOUNCED) {
    val scope = CoroutineScope(Dispatchers.Default)
    FifoBurst.run(report) { entered, path, ended ->
        scope.launch {
            blocking(ANNOUNCED) {
                entered.run()
                FileInputStream(path).close()
            }
            ended.run()
        }
    }
}

/** Some coroutines are always in nanosleep, the rest computes and yields. */
internal fun blockingMix(report: Report) = nudged(ANNOUNCED) {
    BlockingMix.run(report) { blocking ->
        val crowd = CoroutineCrowd(BlockingMix.TASKS)
        crowd.start { task -> if (task < blocking) block(crowd, task) else compute(crowd, task) }
        Thread.sleep(BlockingMix.WARM_UP_MILLIS)
        val nanos = crowd.counts.nanosPerOperation(blocking, BlockingMix.MEASURE_MILLIS)
        crowd.stop()
        nanos
    }
}

private suspend fun block(crowd: CoroutineCrowd, task: Int) {
    val random = SplittableRandom(task.toLong())
    while (!crowd.isStopped) {
        nanosleep(BlockingMix.lengthNanos(random))
        yield() // or the one that blocks would have the only worker for ever
    }
}

private suspend fun compute(crowd: CoroutineCrowd, task: Int) {
    var value = task + 1L
    while (!crowd.isStopped) {
        value = Work.steps(value, Work.MICROS_10)
        crowd.counts.count(task)
        yield()
    }
    Work.keep(value)
}

/** Each coroutine writes and syncs a file of its own. */
internal fun fsyncMany(report: Report) = nudged(announced = true) {
    val files = FsyncMany.openAll()
    val crowd = CoroutineCrowd(FsyncMany.TASKS)
    crowd.start { task ->
        val bytes = ByteBuffer.allocateDirect(FsyncMany.BYTES)
        while (!crowd.isStopped) {
            blocking(announced = true) { files[task].writeAndSync(bytes.clear()) }
            crowd.counts.count(task)
        }
    }
    crowd.counts.measure(report)
    crowd.stop()
}
