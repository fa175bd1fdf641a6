package dev.pinion.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The indices of a {@link LocalRunQueue}, each on lines of its own (128 bytes: neighbouring lines are fetched in pairs): thieves write
 * the head, the owner writes the tail, and runnext changes with every wake-up.
 */
abstract class LocalRunQueueTailPad extends LocalRunQueueFields {
    @SuppressWarnings("unused")
    private long q00, q01, q02, q03, q04, q05, q06, q07, q08, q09, q10, q11, q12, q13, q14, q15;
}

abstract class LocalRunQueueHeadPad {
    @SuppressWarnings("unused")
    private long p00, p01, p02, p03, p04, p05, p06, p07, p08, p09, p10, p11, p12, p13, p14, p15;
}

abstract class LocalRunQueueHead extends LocalRunQueueHeadPad {
    volatile int head;
}

abstract class LocalRunQueueMiddlePad extends LocalRunQueueHead {
    @SuppressWarnings("unused")
    private long m00, m01, m02, m03, m04, m05, m06, m07, m08, m09, m10, m11, m12, m13, m14, m15;
}

abstract class LocalRunQueueFields extends LocalRunQueueMiddlePad {
    static final VarHandle HEAD;
    static final VarHandle TAIL;
    static final VarHandle NEXT;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            HEAD = lookup.findVarHandle(LocalRunQueueHead.class, "head", int.class);
            TAIL = lookup.findVarHandle(LocalRunQueueFields.class, "tail", int.class);
            NEXT = lookup.findVarHandle(LocalRunQueueFields.class, "next", Runnable.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    volatile int tail;
    volatile Runnable next;
}
