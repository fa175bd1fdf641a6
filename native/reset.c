/*
 * IOUtil.configureBlocking and EPoll.create, wrapped: each call begins a new generation of its file descriptor, so that what is known of
 * an earlier file of that number no longer counts (the essay is in dev.pinion.netpoll.Netpoll).
 *
 * The JDK calls the first once for each socket, channel and pipe before a virtual thread waits for it, and the second for each Selector.
 * Rejected: the close. It comes in five natives, and not at all where other native code closes.
 */
#include "calls.h"
#include "replace.h"
#include "reset.h"

typedef void(JNICALL *configure_blocking_function)(JNIEnv *, jclass, jobject, jboolean);
typedef jint(JNICALL *epoll_create_function)(JNIEnv *, jclass);

static configure_blocking_function original_configure_blocking;
static epoll_create_function original_epoll_create;
static jfieldID descriptor_fd;

static void JNICALL configure_blocking(JNIEnv *env, jclass class, jobject descriptor, jboolean blocking) {
    pinion_next_generation((*env)->GetIntField(env, descriptor, descriptor_fd));
    original_configure_blocking(env, class, descriptor, blocking);
}

static jint JNICALL epoll_create_native(JNIEnv *env, jclass class) {
    jint fd = original_epoll_create(env, class);
    pinion_next_generation(fd);
    return fd;
}

jint pinion_install_resets(JNIEnv *env, jclass ioutil, jclass epoll, jclass descriptor) {
    jint installed = 0;
    descriptor_fd = (*env)->GetFieldID(env, descriptor, "fd", "I");
    if (!descriptor_fd) {
        (*env)->ExceptionClear(env);
        return 0;
    }
    *(void **)&original_configure_blocking = pinion_find("libnio.so", "Java_sun_nio_ch_IOUtil_configureBlocking");
    *(void **)&original_epoll_create = pinion_find("libnio.so", "Java_sun_nio_ch_EPoll_create");
    if (original_configure_blocking) {
        installed |= pinion_replace(env, ioutil, "configureBlocking", "(Ljava/io/FileDescriptor;Z)V", (void *)configure_blocking,
                                    PINION_RESET_CONFIGURE_BLOCKING);
    }
    if (original_epoll_create) {
        installed |= pinion_replace(env, epoll, "create", "()I", (void *)epoll_create_native, PINION_RESET_EPOLL_CREATE);
    }
    return installed;
}
