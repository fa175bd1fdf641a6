package dev.pinion;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Direct buffers that heap arrays are copied through, kept for the next call: making and zeroing one costs more than most calls. Any thread. */
final class CopyBuffers {
    /** As much as a pipe holds. */
    private static final int BYTES = 1 << 16;

    /** How many are kept: a megabyte. More calls at once make their own. */
    private static final AtomicReferenceArray<ByteBuffer> KEPT = new AtomicReferenceArray<>(16);

    private CopyBuffers() {}

    static ByteBuffer take() {
        for (int i = 0; i < KEPT.length(); i++) {
            if (KEPT.getPlain(i) != null) {
                ByteBuffer buffer = KEPT.getAndSet(i, null);
                if (buffer != null) {
                    return buffer;
                }
            }
        }
        return ByteBuffer.allocateDirect(BYTES);
    }

    static void give(ByteBuffer buffer) {
        for (int i = 0; i < KEPT.length(); i++) {
            if (KEPT.getPlain(i) == null && KEPT.compareAndSet(i, null, buffer)) {
                return;
            }
        }
    }
}
