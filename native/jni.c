/*
 * Registration only: what jdk.internal.vm.PinionNative declares, bound to the C functions.
 *
 * The natives belong to a class of java.base, so that they need no --enable-native-access and may replace natives of the JDK. Where
 * an agent has defined that class, it loads this library for a class of java.base. Otherwise dev.pinion.nativelib.Boot loads it with
 * System.load, and JNI_OnLoad defines the class. Both times the caller in Java's eyes is the JDK's own loading code.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <jni.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "calls.h"
#include "inherit.h"
#include "reset.h"

#define HOLDER "jdk/internal/vm/PinionNative"
#define BOOT "dev/pinion/nativelib/Boot"
#define LOOKUP "java/lang/invoke/MethodHandles$Lookup"

static jint JNICALL getpid_native(JNIEnv *env, jclass class) {
    (void)env, (void)class;
    return (jint)getpid();
}

static jint JNICALL send_signal(JNIEnv *env, jclass class, jint pid, jint signal) {
    (void)env, (void)class;
    return pid <= 0 ? -EINVAL : kill(pid, signal) < 0 ? -errno : 0; /* 0 and below would be whole groups */
}

static jint JNICALL gettid_native(JNIEnv *env, jclass class) {
    (void)env, (void)class;
    return (jint)syscall(SYS_gettid);
}

static jint JNICALL futex_wait(JNIEnv *env, jclass class, jlong address, jint expected, jlong timeout_nanos) {
    (void)env, (void)class;
    return pinion_futex_wait((_Atomic(uint32_t) *)(uintptr_t)address, (uint32_t)expected, timeout_nanos);
}

static jint JNICALL futex_wake(JNIEnv *env, jclass class, jlong address, jint count) {
    (void)env, (void)class;
    return pinion_futex_wake((_Atomic(uint32_t) *)(uintptr_t)address, count);
}

/* Copies a mask in; 0 words with no exception pending is a mask of a wrong length. */
static unsigned read_mask(JNIEnv *env, jlongArray array, uint64_t *mask) {
    jsize words = (*env)->GetArrayLength(env, array);
    if (words < 1 || words > PINION_MASK_WORDS) {
        return 0;
    }
    (*env)->GetLongArrayRegion(env, array, 0, words, (jlong *)mask);
    return (unsigned)words;
}

static jint JNICALL set_affinity(JNIEnv *env, jclass class, jint tid, jlongArray array) {
    (void)class;
    uint64_t mask[PINION_MASK_WORDS];
    unsigned words = read_mask(env, array, mask);
    return words == 0 ? -EINVAL : pinion_set_affinity(tid, mask, words);
}

static jint JNICALL get_affinity(JNIEnv *env, jclass class, jint tid, jlongArray array) {
    (void)class;
    uint64_t mask[PINION_MASK_WORDS];
    jsize words = (*env)->GetArrayLength(env, array);
    if (words < 1) {
        return -EINVAL;
    }
    if (words > PINION_MASK_WORDS) {
        words = PINION_MASK_WORDS;
    }
    int result = pinion_get_affinity(tid, mask, (unsigned)words);
    if (result >= 0) {
        (*env)->SetLongArrayRegion(env, array, 0, words, (const jlong *)mask);
    }
    return result;
}

static jint JNICALL set_slice(JNIEnv *env, jclass class, jint tid, jlong nanos) {
    (void)env, (void)class;
    return nanos < 0 ? -EINVAL : pinion_set_slice(tid, (uint64_t)nanos);
}

static jlong JNICALL get_slice(JNIEnv *env, jclass class, jint tid) {
    (void)env, (void)class;
    return pinion_get_slice(tid);
}

static jint JNICALL set_timer_slack(JNIEnv *env, jclass class, jlong nanos) {
    (void)env, (void)class;
    return nanos < 0 ? -EINVAL : pinion_set_timer_slack((uint64_t)nanos);
}

static jlong JNICALL get_timer_slack(JNIEnv *env, jclass class) {
    (void)env, (void)class;
    return pinion_get_timer_slack();
}

static jint JNICALL sched_yield_native(JNIEnv *env, jclass class) {
    (void)env, (void)class;
    return sched_yield() < 0 ? -errno : 0;
}

static jint JNICALL sched_getcpu_native(JNIEnv *env, jclass class) {
    (void)env, (void)class;
    int cpu = sched_getcpu();
    return cpu < 0 ? -errno : cpu;
}

static jlong JNICALL thread_cpu_nanos(JNIEnv *env, jclass class, jint tid) {
    (void)env, (void)class;
    return pinion_thread_cpu_nanos(tid);
}

static jlong JNICALL map_shared(JNIEnv *env, jclass class, jlong bytes) {
    (void)env, (void)class;
    return bytes <= 0 ? -EINVAL : pinion_map_shared((uint64_t)bytes);
}

static jint JNICALL unmap_shared(JNIEnv *env, jclass class, jlong address, jlong bytes) {
    (void)env, (void)class;
    return bytes <= 0 ? -EINVAL : pinion_unmap_shared((uint64_t)address, (uint64_t)bytes);
}

static jint JNICALL write_stderr(JNIEnv *env, jclass class, jbyteArray array) {
    (void)class;
    jbyte chunk[1024];
    jsize length = (*env)->GetArrayLength(env, array);
    for (jsize from = 0; from < length; from += (jsize)sizeof chunk) {
        jsize count = length - from < (jsize)sizeof chunk ? length - from : (jsize)sizeof chunk;
        (*env)->GetByteArrayRegion(env, array, from, count, chunk);
        int error = pinion_write_stderr(chunk, (unsigned)count);
        if (error) {
            return error;
        }
    }
    return 0;
}

static jint JNICALL set_process_mask(JNIEnv *env, jclass class, jlongArray array) {
    (void)class;
    uint64_t mask[PINION_MASK_WORDS];
    unsigned words = read_mask(env, array, mask);
    return words == 0 ? -EINVAL : pinion_set_process_mask(mask, words);
}

static jint JNICALL bind_self(JNIEnv *env, jclass class, jlong m, jint cpu) {
    (void)env, (void)class;
    return pinion_bind_self((struct pinion_m *)(uintptr_t)m, cpu);
}

static jint JNICALL unbind_self(JNIEnv *env, jclass class) {
    (void)env, (void)class;
    return pinion_unbind_self();
}

static jint JNICALL rebind(JNIEnv *env, jclass class, jlong m, jint cpu) {
    (void)env, (void)class;
    return pinion_rebind((struct pinion_m *)(uintptr_t)m, cpu);
}

static jint JNICALL install_inheritance(JNIEnv *env, jclass class, jclass thread, jclass process, jclass runtime) {
    (void)class;
    return pinion_install_inheritance(env, thread, process, runtime);
}

static jlong JNICALL blocking_call(JNIEnv *env, jclass class, jint op, jlong call, jlong a, jlong b, jlong c, jlong d) {
    (void)env, (void)class;
    return pinion_blocking_call(op, (uint64_t)call, a, b, c, d);
}

static jint JNICALL interrupt_prepare(JNIEnv *env, jclass class) {
    (void)env, (void)class;
    return pinion_interrupt_prepare();
}

static jint JNICALL call_signal(JNIEnv *env, jclass class, jlong call) {
    (void)env, (void)class;
    return pinion_call_signal((struct pinion_call *)(uintptr_t)call);
}

static jint JNICALL blocked_in(JNIEnv *env, jclass class, jlong m) {
    (void)env, (void)class;
    return pinion_blocked_in((struct pinion_m *)(uintptr_t)m);
}

static jint JNICALL tripwire_start(JNIEnv *env, jclass class, jlong tripwire, jlong p, jlong sysmon, jint cpu) {
    (void)env, (void)class;
    return pinion_tripwire_start((struct pinion_tripwire *)(uintptr_t)tripwire, (struct pinion_p *)(uintptr_t)p, (uint64_t)sysmon, cpu);
}

static jint JNICALL tripwire_arm(JNIEnv *env, jclass class, jlong tripwire) {
    (void)env, (void)class;
    return pinion_tripwire_arm((struct pinion_tripwire *)(uintptr_t)tripwire);
}

static jint JNICALL tripwire_stop(JNIEnv *env, jclass class, jlong tripwire) {
    (void)env, (void)class;
    pinion_tripwire_stop((struct pinion_tripwire *)(uintptr_t)tripwire);
    return 0;
}

static jint JNICALL is_virtual_machine(JNIEnv *env, jclass class) {
    (void)env, (void)class;
    return pinion_is_virtual_machine();
}

static jint JNICALL thread_exists(JNIEnv *env, jclass class, jint tid) {
    (void)env, (void)class;
    return pinion_thread_exists(tid);
}

static jlong JNICALL netpoll_create(JNIEnv *env, jclass class) {
    (void)env, (void)class;
    return pinion_netpoll_create();
}

static jint JNICALL netpoll_close(JNIEnv *env, jclass class, jint fd) {
    (void)env, (void)class;
    return pinion_netpoll_close(fd);
}

static jint JNICALL netpoll_add(JNIEnv *env, jclass class, jint epoll, jint fd, jint generation) {
    (void)env, (void)class;
    return pinion_netpoll_add(epoll, fd, (uint32_t)generation);
}

static jint JNICALL netpoll_wait(JNIEnv *env, jclass class, jint epoll, jlong ready, jlong timeout_nanos) {
    (void)env, (void)class;
    return pinion_netpoll_wait(epoll, (struct pinion_ready *)(uintptr_t)ready, timeout_nanos);
}

static jint JNICALL netpoll_ready(JNIEnv *env, jclass class, jlong words, jint count) {
    (void)env, (void)class;
    return pinion_netpoll_ready((uint64_t *)(uintptr_t)words, count);
}

static jint JNICALL netpoll_wake(JNIEnv *env, jclass class, jint event) {
    (void)env, (void)class;
    return pinion_netpoll_wake(event);
}

static jint JNICALL netpoll_drain(JNIEnv *env, jclass class, jint event) {
    (void)env, (void)class;
    return pinion_netpoll_drain(event);
}

static jlong JNICALL generations(JNIEnv *env, jclass class) {
    (void)env, (void)class;
    return pinion_generations();
}

static jint JNICALL install_resets(JNIEnv *env, jclass class, jclass ioutil, jclass epoll, jclass descriptor) {
    (void)class;
    return pinion_install_resets(env, ioutil, epoll, descriptor);
}

/* In the order of SharedLayout.java. */
static const jlong layout_of[] = {
    sizeof(struct pinion_p),
    offsetof(struct pinion_p, word),
    offsetof(struct pinion_p, holder),
    offsetof(struct pinion_p, id),
    offsetof(struct pinion_p, cpu),
    offsetof(struct pinion_p, spare),
    offsetof(struct pinion_p, alarm),
    sizeof(struct pinion_m),
    offsetof(struct pinion_m, futex),
    offsetof(struct pinion_m, p),
    offsetof(struct pinion_m, epoch),
    offsetof(struct pinion_m, tid),
    offsetof(struct pinion_m, cpu),
    offsetof(struct pinion_m, binding),
    offsetof(struct pinion_m, proof),
    offsetof(struct pinion_m, ready),
    PINION_M_ASLEEP,
    PINION_M_GIVEN,
    PINION_M_ALARM,
    PINION_M_POLLING,
    sizeof(struct pinion_ready),
    offsetof(struct pinion_ready, fd),
    offsetof(struct pinion_ready, generation),
    offsetof(struct pinion_ready, directions),
    PINION_READY_READ,
    PINION_READY_WRITE,
    PINION_READY_MAX,
    PINION_POLL_MAX,
    PINION_FDS,
    PINION_RESET_CONFIGURE_BLOCKING,
    PINION_RESET_EPOLL_CREATE,
    PINION_ON_CPU,
    PINION_IN_NO_CALL,
    PINION_IN_FUTEX,
    PINION_IN_MEMORY_CALL,
    PINION_IN_SLEEP,
    PINION_IN_CALL,
    sizeof(struct pinion_tripwire),
    offsetof(struct pinion_tripwire, armed),
    offsetof(struct pinion_tripwire, stop),
    offsetof(struct pinion_tripwire, tid),
    offsetof(struct pinion_tripwire, beats),
    offsetof(struct pinion_tripwire, alarms),
    offsetof(struct pinion_tripwire, late),
    PINION_TRIPWIRE_ASLEEP,
    PINION_TRIPWIRE_RESTING,
    PINION_STATE_BITS,
    PINION_IDLE,
    PINION_SCHED,
    PINION_RUNNING,
    PINION_SYSCALL,
    PINION_DEAD,
    PINION_INHERIT_START0,
    PINION_INHERIT_FORK_AND_EXEC,
    PINION_INHERIT_AVAILABLE_PROCESSORS,
    sizeof(struct pinion_call),
    offsetof(struct pinion_call, state),
    offsetof(struct pinion_call, tid),
    PINION_CALL_NONE,
    PINION_CALL_WAITING,
    PINION_CALL_INTERRUPTED,
    PINION_CALL_SIGNALLING,
    PINION_CALL_TRY,
    PINION_CALL_UNINTERRUPTIBLE,
    PINION_WOULD_BLOCK,
    PINION_MAY_BLOCK,
    PINION_MAY_WAIT,
    PINION_OP_READ,
    PINION_OP_PREAD,
    PINION_OP_READV,
    PINION_OP_WRITE,
    PINION_OP_PWRITE,
    PINION_OP_WRITEV,
    PINION_OP_OPEN,
    PINION_OP_FSYNC,
    PINION_OP_FDATASYNC,
    PINION_OP_FLOCK,
    PINION_OP_ACCEPT,
    PINION_OP_CONNECT,
    PINION_OP_RECV,
    PINION_OP_SEND,
    PINION_OP_RECVMSG,
    PINION_OP_SENDMSG,
    PINION_OP_POLL,
    PINION_OP_NANOSLEEP,
    PINION_OP_WAITPID,
    PINION_OP_CLOSE,
    PINION_OP_LSEEK,
    PINION_OP_FTRUNCATE,
    PINION_OP_SIZE,
};

/* Returns how many values there are, whatever the array's length. */
static jint JNICALL layout(JNIEnv *env, jclass class, jlongArray array) {
    (void)class;
    jsize count = (jsize)(sizeof layout_of / sizeof *layout_of);
    jsize length = (*env)->GetArrayLength(env, array);
    (*env)->SetLongArrayRegion(env, array, 0, length < count ? length : count, layout_of);
    return count;
}

static const JNINativeMethod holder_methods[] = {
    {"getpid", "()I", (void *)getpid_native},
    {"sendSignal", "(II)I", (void *)send_signal},
    {"gettid", "()I", (void *)gettid_native},
    {"futexWait", "(JIJ)I", (void *)futex_wait},
    {"futexWake", "(JI)I", (void *)futex_wake},
    {"setAffinity", "(I[J)I", (void *)set_affinity},
    {"getAffinity", "(I[J)I", (void *)get_affinity},
    {"setSlice", "(IJ)I", (void *)set_slice},
    {"getSlice", "(I)J", (void *)get_slice},
    {"setTimerSlack", "(J)I", (void *)set_timer_slack},
    {"getTimerSlack", "()J", (void *)get_timer_slack},
    {"schedYield", "()I", (void *)sched_yield_native},
    {"schedGetcpu", "()I", (void *)sched_getcpu_native},
    {"threadCpuNanos", "(I)J", (void *)thread_cpu_nanos},
    {"mapShared", "(J)J", (void *)map_shared},
    {"unmapShared", "(JJ)I", (void *)unmap_shared},
    {"writeStderr", "([B)I", (void *)write_stderr},
    {"setProcessMask", "([J)I", (void *)set_process_mask},
    {"bindSelf", "(JI)I", (void *)bind_self},
    {"unbindSelf", "()I", (void *)unbind_self},
    {"rebind", "(JI)I", (void *)rebind},
    {"blockingCall", "(IJJJJJ)J", (void *)blocking_call},
    {"interruptPrepare", "()I", (void *)interrupt_prepare},
    {"callSignal", "(J)I", (void *)call_signal},
    {"blockedIn", "(J)I", (void *)blocked_in},
    {"tripwireStart", "(JJJI)I", (void *)tripwire_start},
    {"tripwireArm", "(J)I", (void *)tripwire_arm},
    {"tripwireStop", "(J)I", (void *)tripwire_stop},
    {"threadExists", "(I)I", (void *)thread_exists},
    {"isVirtualMachine", "()I", (void *)is_virtual_machine},
    {"netpollCreate", "()J", (void *)netpoll_create},
    {"netpollClose", "(I)I", (void *)netpoll_close},
    {"netpollAdd", "(III)I", (void *)netpoll_add},
    {"netpollWait", "(IJJ)I", (void *)netpoll_wait},
    {"netpollReady", "(JI)I", (void *)netpoll_ready},
    {"netpollWake", "(I)I", (void *)netpoll_wake},
    {"netpollDrain", "(I)I", (void *)netpoll_drain},
    {"generations", "()J", (void *)generations},
    {"installResets0", "(Ljava/lang/Class;Ljava/lang/Class;Ljava/lang/Class;)I", (void *)install_resets},
    {"layout", "([J)I", (void *)layout},
    {"installInheritance0", "(Ljava/lang/Class;Ljava/lang/Class;Ljava/lang/Class;)I", (void *)install_inheritance},
};

/* Boot.openJavaBase: exports the packages to the module, and returns the trusted lookup; NULL with an exception pending. */
static jobject JNICALL open_java_base(JNIEnv *env, jclass class, jobject module) {
    (void)class;
    jclass holder = (*env)->FindClass(env, HOLDER);
    jmethodID export_to = holder ? (*env)->GetStaticMethodID(env, holder, "exportTo", "(Ljava/lang/Module;)V") : NULL;
    if (!export_to) {
        return NULL;
    }
    (*env)->CallStaticVoidMethod(env, holder, export_to, module);
    if ((*env)->ExceptionCheck(env)) {
        return NULL;
    }
    jclass lookup = (*env)->FindClass(env, LOOKUP);
    jfieldID trusted = lookup ? (*env)->GetStaticFieldID(env, lookup, "IMPL_LOOKUP", "L" LOOKUP ";") : NULL;
    return trusted ? (*env)->GetStaticObjectField(env, lookup, trusted) : NULL;
}

static const JNINativeMethod boot_methods[] = {
    {"openJavaBase", "(Ljava/lang/Module;)L" LOOKUP ";", (void *)open_java_base},
};

/* A class that may be missing: NULL then, and no exception left by it. */
static jclass find_class(JNIEnv *env, const char *name) {
    jclass class = (*env)->FindClass(env, name);
    if (!class) {
        (*env)->ExceptionClear(env);
    }
    return class;
}

/* The class of the natives from the bytes that Boot left in a static field; NULL with an exception pending. */
static jclass define_holder(JNIEnv *env, jclass boot) {
    jclass holder = NULL;
    jfieldID field = (*env)->GetStaticFieldID(env, boot, "holder", "[B");
    jbyteArray array = field ? (jbyteArray)(*env)->GetStaticObjectField(env, boot, field) : NULL;
    jbyte *bytes = array ? (*env)->GetByteArrayElements(env, array, NULL) : NULL;
    if (bytes) {
        holder = (*env)->DefineClass(env, HOLDER, NULL, bytes, (*env)->GetArrayLength(env, array));
        (*env)->ReleaseByteArrayElements(env, array, bytes, JNI_ABORT);
    }
    return holder;
}

/* Only this function's own exceptions are cleared. With JNI_ERR the cause stays pending, and the loading code throws it. */
JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM *vm, void *reserved) {
    (void)reserved;
    JNIEnv *env;
    jint result = JNI_ERR;
    if ((*vm)->GetEnv(vm, (void **)&env, JNI_VERSION_10) != JNI_OK) {
        return JNI_ERR;
    }
    if ((*env)->PushLocalFrame(env, 16) != 0) {
        return JNI_ERR;
    }
    jclass boot = find_class(env, BOOT); /* NULL under the agent: the caller is a class of java.base */
    jclass holder = find_class(env, HOLDER);
    if (!holder && boot) {
        holder = define_holder(env, boot);
    }
    if (!holder) {
        goto done;
    }
    /* A second copy of this library (another class loader's) leaves the first one's natives in place. */
    jfieldID registered = (*env)->GetStaticFieldID(env, holder, "registered", "Z");
    if (!registered) {
        goto done;
    }
    if (!(*env)->GetStaticBooleanField(env, holder, registered)) {
        if ((*env)->RegisterNatives(env, holder, holder_methods, sizeof holder_methods / sizeof *holder_methods) != JNI_OK) {
            goto done;
        }
        (*env)->SetStaticBooleanField(env, holder, registered, JNI_TRUE);
    }
    if (boot && (*env)->RegisterNatives(env, boot, boot_methods, 1) != JNI_OK) {
        goto done;
    }
    result = JNI_VERSION_10;
done:
    (*env)->PopLocalFrame(env, NULL);
    return result;
}
