package dev.pinion;

import dev.pinion.nativelib.NativeCallException;
import java.io.IOException;

/** A call of {@link Syscalls} that the kernel refused, as {@code read(9) failed: EBADF (9, bad file descriptor)}. */
public final class ErrnoException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    ErrnoException(String call, int errno) {
        super(call + " failed: " + NativeCallException.describe(errno));
        this.errno = errno;
    }

    /** The kernel's error number, as in {@code errno.h}. */
    public int errno() {
        return errno;
    }
}
