package dev.pinion.nativelib;

/** A native of {@link Natives} that failed. The one place where {@code -errno} becomes an exception. */
public final class NativeCallException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public static final int EPERM = 1;
    public static final int ESRCH = 3;
    public static final int EINTR = 4;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EINVAL = 22;
    public static final int ENOSYS = 38;
    public static final int EOPNOTSUPP = 95;
    public static final int ETIMEDOUT = 110;

    private final int errno;

    private NativeCallException(String call, int errno) {
        super(call + " failed: " + describe(errno));
        this.errno = errno;
    }

    /** The positive error number. */
    public int errno() {
        return errno;
    }

    /** Returns {@code result}, or throws when it is {@code -errno}; {@code call} says what was tried, for the message. */
    public static long check(String call, long result) {
        if (result < 0) {
            throw new NativeCallException(call, (int) -result);
        }
        return result;
    }

    /** As {@code EPERM (1, operation not permitted)}; {@code errno 4711} for a number that has no name. */
    public static String describe(int errno) {
        return Errno.describe(errno);
    }
}
