package dev.pinion.bench.program

import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicReference
import kotlin.coroutines.resume
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.suspendCancellableCoroutine

/**
 * A wake-up for one coroutine that is not lost when it comes early, as [Baton] is for a thread: the coroutine is suspended and resumed where that
 * is parked and unparked.
 */
internal class SuspendedBaton {
    /** Null: nothing yet. A continuation: its coroutine waits. [PASSED]: the baton is here. */
    private val state = AtomicReference<Any?>()

    /** Any coroutine or thread; several passes before the owner looks count as one. */
    fun pass() {
        while (true) {
            val before = state.get()
            if (before !is CancellableContinuation<*>) {
                if (state.compareAndSet(before, PASSED)) {
                    return
                }
            } else if (state.compareAndSet(before, null)) {
                @Suppress("UNCHECKED_CAST")
                (before as CancellableContinuation<Unit>).resume(Unit)
                return
            }
        }
    }

    /** Only the owner: waits for the baton and takes it. */
    suspend fun await() {
        if (!state.compareAndSet(PASSED, null)) {
            suspendCancellableCoroutine { continuation ->
                if (!state.compareAndSet(null, continuation)) {
                    state.set(null)
                    continuation.resume(Unit)
                }
            }
        }
    }

    private companion object {
        val PASSED = Any()
    }
}

/** A count-down for those who wait until as many as [count] have arrived. */
internal class SuspendedLatch(count: Int) {
    private val left = AtomicInteger(count)
    private val open = CompletableDeferred<Unit>()

    fun countDown() {
        if (left.decrementAndGet() == 0) {
            open.complete(Unit)
        }
    }

    suspend fun await() = open.await()
}
