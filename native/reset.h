/* Replacing the two natives of the JDK by which a file descriptor begins a new life. */
#ifndef PINION_RESET_H
#define PINION_RESET_H

#include <jni.h>

/* The bits of what was installed; SharedLayout.java has the same. */
#define PINION_RESET_CONFIGURE_BLOCKING 1
#define PINION_RESET_EPOLL_CREATE 2

/* As pinion_install_inheritance. libnio is loaded. */
jint pinion_install_resets(JNIEnv *env, jclass ioutil, jclass epoll, jclass descriptor);

#endif
