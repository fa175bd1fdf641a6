package dev.pinion.bench.program

import java.util.concurrent.atomic.AtomicInteger
import kotlin.coroutines.resume
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlinx.coroutines.yield

private suspend fun startAndWait(count: Int) = coroutineScope { repeat(count) { launch { } } }

internal fun spawn(report: Report) = Batches.measure(report, Spawn.OUTSTANDING) { units ->
    onDefault { repeat(units) { startAndWait(Spawn.OUTSTANDING) } }
}

internal fun spawnManyLocal(report: Report) = Batches.measure(report, Tokio.SPAWNED) { units ->
    onDefault { repeat(units) { startAndWait(Tokio.SPAWNED) } }
}

/** From the main thread, whose event loop is no part of the dispatcher. */
internal fun spawnManyRemote(report: Report) = Batches.measure(report, Tokio.SPAWNED) { units ->
    runBlocking {
        repeat(units) { coroutineScope { repeat(Tokio.SPAWNED) { launch(Dispatchers.Default) { } } } }
    }
}

internal fun yieldMany(report: Report) = Batches.measure(report, Tokio.YIELDERS * Tokio.YIELDS) { units ->
    runBlocking {
        repeat(units) {
            coroutineScope { repeat(Tokio.YIELDERS) { launch(Dispatchers.Default) { repeat(Tokio.YIELDS) { yield() } } } }
        }
    }
}

internal fun pingPong(report: Report) = Batches.measure(report, Tokio.PAIRS) { units ->
    onDefault { repeat(units) { coroutineScope { repeat(Tokio.PAIRS) { launch { playOnce() } } } } }
}

private suspend fun playOnce() = coroutineScope {
    val ping = CompletableDeferred<Unit>()
    val pong = CompletableDeferred<Unit>()
    launch {
        ping.await()
        pong.complete(Unit)
    }
    ping.complete(Unit)
    pong.await()
}

/** All links are children of one scope: each the child of the one before would end as a stack a thousand deep. */
internal fun chainedSpawn(report: Report) = Batches.measure(report, Tokio.DEPTH) { units ->
    onDefault { repeat(units) { coroutineScope { link(this, Tokio.DEPTH) } } }
}

private fun link(scope: CoroutineScope, left: Int) {
    if (left > 0) {
        scope.launch { link(scope, left - 1) }
    }
}

internal fun skynet(report: Report) = Skynet.run(report) { leaves -> onDefault { node(0, leaves) } }

private suspend fun node(number: Int, size: Int): Long = if (size == 1) {
    number.toLong()
} else {
    coroutineScope {
        val part = size / Skynet.CHILDREN
        List(Skynet.CHILDREN) { child -> async { node(number + child * part, part) } }.sumOf { it.await() }
    }
}

/** Many suspended coroutines, each resumed by its own continuation. */
private class SuspendedMany(private val count: Int) {
    private val continuations = arrayOfNulls<CancellableContinuation<Unit>>(count)
    private val next = AtomicInteger()
    private val suspended = SuspendedLatch(count)

    /** Starts all in [scope], and returns when the last has reached its suspension. */
    suspend fun startAll(scope: CoroutineScope) {
        repeat(count) {
            scope.launch {
                suspendCancellableCoroutine { continuation ->
                    continuations[next.getAndIncrement()] = continuation
                    suspended.countDown()
                }
            }
        }
        suspended.await()
    }

    fun resumeAll() = continuations.forEach { it!!.resume(Unit) }
}

/** Nanoseconds until all are suspended, and from there until all have ended. */
private suspend fun startAndResume(count: Int): Pair<Long, Long> {
    val many = SuspendedMany(count)
    val started = System.nanoTime()
    var all = 0L
    coroutineScope {
        many.startAll(this)
        all = System.nanoTime()
        many.resumeAll()
    }
    return Pair(all - started, System.nanoTime() - all)
}

internal fun million(report: Report) {
    onDefault { startAndResume(Parked.WARM_UP) }
    System.gc()
    val before = ResourceUsage.now()
    val (start, wake) = onDefault { startAndResume(Parked.MILLION) }
    report.usage(ResourceUsage.now().since(before), Parked.MILLION.toLong())
    report.metric("start", start.toDouble() / Parked.MILLION)
    report.metric("wake", wake.toDouble() / Parked.MILLION)
}

/** The live set with suspended coroutines less that without, divided by their number. The array of references is not counted. */
internal fun parkedBytes(report: Report) {
    repeat(5) { onDefault { startAndResume(20_000) } }
    val many = SuspendedMany(Parked.BYTES_COUNT)
    val start = ResourceUsage.now()
    val before = Parked.liveBytes()
    val scope = CoroutineScope(Dispatchers.Default)
    onDefault { many.startAll(scope) }
    val after = Parked.liveBytes()
    report.usage(ResourceUsage.now().since(start), Parked.BYTES_COUNT.toLong())
    report.metric("bytes", (after - before).toDouble() / Parked.BYTES_COUNT)
    many.resumeAll()
}
