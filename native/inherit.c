/*
 * Thread.start0, ProcessImpl.forkAndExec and Runtime.availableProcessors, wrapped: on a bound M the original runs while the M is
 * widened to the process's CPUs (binding.c), anywhere else it just runs.
 *
 * Rejected: a JVMTI ThreadStart event, which comes when the new thread already runs, costs every thread of the program, and sees
 * no child processes. Interposing pthread_create and fork: needs LD_PRELOAD. A cached count for availableProcessors: it would miss
 * a changed cpuset or quota, which the original reads itself, as it does -XX:ActiveProcessorCount.
 *
 * Not covered: threads that other native code makes with pthread_create while it runs in a G. They inherit the M's CPU.
 */
#include <stdint.h>

#include "calls.h"
#include "inherit.h"
#include "replace.h"

typedef void(JNICALL *start0_function)(JNIEnv *, jobject);
typedef jint(JNICALL *fork_and_exec_function)(JNIEnv *, jobject, jint, jbyteArray, jbyteArray, jbyteArray, jint, jbyteArray,
                                              jint, jbyteArray, jintArray, jboolean);
typedef jint(JNICALL *processor_count_function)(void);

static start0_function original_start0;
static fork_and_exec_function original_fork_and_exec;
static processor_count_function original_processor_count;

static void JNICALL start0(JNIEnv *env, jobject thread) {
    struct pinion_narrowness kept;
    bool widened = pinion_widen(&kept);
    original_start0(env, thread);
    if (widened) {
        pinion_narrow(&kept);
    }
}

static jint JNICALL fork_and_exec(JNIEnv *env, jobject process, jint mode, jbyteArray helper, jbyteArray program,
                                  jbyteArray arguments, jint argument_count, jbyteArray environment, jint variable_count,
                                  jbyteArray directory, jintArray descriptors, jboolean redirect) {
    struct pinion_narrowness kept;
    bool widened = pinion_widen(&kept);
    jint pid = original_fork_and_exec(env, process, mode, helper, program, arguments, argument_count, environment,
                                      variable_count, directory, descriptors, redirect);
    if (widened) {
        pinion_narrow(&kept);
    }
    return pid;
}

static jint JNICALL available_processors(JNIEnv *env, jobject runtime) {
    (void)env;
    (void)runtime;
    struct pinion_narrowness kept;
    bool widened = pinion_widen(&kept);
    jint count = original_processor_count();
    if (widened) {
        pinion_narrow(&kept);
    }
    return count;
}

jint pinion_install_inheritance(JNIEnv *env, jclass thread, jclass process, jclass runtime) {
    jint installed = 0;
    *(void **)&original_start0 = pinion_find("libjvm.so", "JVM_StartThread");
    *(void **)&original_fork_and_exec = pinion_find("libjava.so", "Java_java_lang_ProcessImpl_forkAndExec");
    *(void **)&original_processor_count = pinion_find("libjvm.so", "JVM_ActiveProcessorCount");
    if (original_start0) {
        installed |= pinion_replace(env, thread, "start0", "()V", (void *)start0, PINION_INHERIT_START0);
    }
    if (original_fork_and_exec) {
        installed |= pinion_replace(env, process, "forkAndExec", "(I[B[B[BI[BI[B[IZ)I", (void *)fork_and_exec,
                             PINION_INHERIT_FORK_AND_EXEC);
    }
    if (original_processor_count) {
        installed |= pinion_replace(env, runtime, "availableProcessors", "()I", (void *)available_processors,
                             PINION_INHERIT_AVAILABLE_PROCESSORS);
    }
    return installed;
}
