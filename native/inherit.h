/* Replacing the three natives of the JDK through which a bound M would hand on its CPU. */
#ifndef PINION_INHERIT_H
#define PINION_INHERIT_H

#include <jni.h>

/* The bits of what was installed; SharedLayout.java has the same. */
#define PINION_INHERIT_START0 1
#define PINION_INHERIT_FORK_AND_EXEC 2
#define PINION_INHERIT_AVAILABLE_PROCESSORS 4

/* The caller of the calling native must be a class of java.base, or HotSpot warns. Leaves no exception pending. */
jint pinion_install_inheritance(JNIEnv *env, jclass thread, jclass process, jclass runtime);

#endif
