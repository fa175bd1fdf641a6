/* Finding a native of the JDK, and putting another in its place. */
#ifndef PINION_REPLACE_H
#define PINION_REPLACE_H

#include <jni.h>

/* NULL: there is none. The library is loaded. */
void *pinion_find(const char *library, const char *symbol);

/* The caller of the calling native must be a class of java.base, or HotSpot warns. bit, or 0 when the class has no such native. */
jint pinion_replace(JNIEnv *env, jclass class, const char *name, const char *signature, void *wrapper, jint bit);

#endif
