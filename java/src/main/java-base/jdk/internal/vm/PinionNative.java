package jdk.internal.vm;

import jdk.internal.access.JavaLangAccess;
import jdk.internal.access.SharedSecrets;

/**
 * The natives of Pinion, declared in a class of {@code java.base}: there they need no
 * {@code --enable-native-access}, and may replace natives of the JDK without a warning of HotSpot.
 *
 * <p>The class is compiled with {@code --patch-module java.base}, shipped as a resource and defined
 * into the running {@code java.base}, by an agent or by {@code JNI_OnLoad}. Nobody but
 * {@code dev.pinion.nativelib} uses it; {@code dev.pinion.nativelib.Natives} documents each method.
 * All return a value that is not negative, or {@code -errno}.
 */
public final class PinionNative {
    /** Set by {@code JNI_OnLoad}: a second copy of the library must leave these natives alone. */
    private static boolean registered;

    private PinionNative() {}

    public static boolean isRegistered() {
        return registered;
    }

    /** Loads the library in the name of {@code java.base}. @throws UnsatisfiedLinkError as {@code System.load} */
    @SuppressWarnings("restricted") // java.base has native access
    public static void load(String absolutePath) {
        System.load(absolutePath);
    }

    /** Exports the packages of {@code java.base} that Pinion's rooms use to their module. */
    public static void exportTo(Module module) {
        JavaLangAccess access = SharedSecrets.getJavaLangAccess();
        Module base = Object.class.getModule();
        access.addExports(base, "jdk.internal.misc", module);
        access.addExports(base, "jdk.internal.vm", module);
        access.addExports(base, "jdk.internal.access", module);
        access.addExports(base, "sun.nio.ch", module);
    }

    /**
     * Replaces three natives of the JDK. In Java, because HotSpot looks at the caller of the native method that
     * registers: it must be a class of {@code java.base} too. The classes are not initialised by it
     * ({@code ProcessImpl} reads system properties then).
     */
    public static int installInheritance() throws ClassNotFoundException {
        return installInheritance0(
                Thread.class, Class.forName("java.lang.ProcessImpl", false, null), Runtime.class);
    }

    private static native int installInheritance0(Class<?> thread, Class<?> process, Class<?> runtime);

    public static native int getpid();

    public static native int sendSignal(int pid, int signal);

    public static native int gettid();

    public static native int futexWait(long address, int expected, long timeoutNanos);

    public static native int futexWake(long address, int count);

    public static native int setAffinity(int tid, long[] mask);

    public static native int getAffinity(int tid, long[] mask);

    public static native int setSlice(int tid, long nanos);

    public static native long getSlice(int tid);

    public static native int setTimerSlack(long nanos);

    public static native long getTimerSlack();

    public static native int schedYield();

    public static native int schedGetcpu();

    public static native long threadCpuNanos(int tid);

    public static native long mapShared(long bytes);

    public static native int unmapShared(long address, long bytes);

    public static native int writeStderr(byte[] bytes);

    public static native int setProcessMask(long[] mask);

    public static native int bindSelf(long m, int cpu);

    public static native int unbindSelf();

    public static native int rebind(long m, int cpu);

    public static native long blockingCall(int op, long call, long a, long b, long c, long d);

    public static native int interruptPrepare();

    public static native int callSignal(long call);

    public static native int blockedIn(long m);

    public static native int tripwireStart(long tripwire, long p, long sysmon, int cpu);

    public static native int tripwireArm(long tripwire);

    public static native int tripwireStop(long tripwire);

    public static native int threadExists(int tid);

    public static native int isVirtualMachine();

    public static native long netpollCreate();

    public static native int netpollClose(int fd);

    public static native int netpollAdd(int epoll, int fd, int generation);

    public static native int netpollWait(int epoll, long ready, long timeoutNanos);

    public static native int netpollReady(long words, int count);

    public static native int netpollWake(int event);

    public static native int netpollDrain(int event);

    public static native long generations();

    /** Replaces two natives of the JDK; as {@link #installInheritance}. Loads libnio. */
    public static int installResets() throws ClassNotFoundException {
        Class<?> ioUtil = Class.forName("sun.nio.ch.IOUtil", true, null);
        return installResets0(ioUtil, Class.forName("sun.nio.ch.EPoll", true, null), java.io.FileDescriptor.class);
    }

    private static native int installResets0(Class<?> ioUtil, Class<?> epoll, Class<?> descriptor);

    public static native int layout(long[] out);
}
