/* See replace.h. */
#define _GNU_SOURCE
#include <dlfcn.h>

#include "replace.h"

/*
 * dlsym and dlopen moved to libc in GLIBC_2.34. Bound to their first version, so that the library also loads on older systems, where
 * libdl, which the JVM itself needs, provides them.
 */
#if defined(__x86_64__)
__asm__(".symver dlsym, dlsym@GLIBC_2.2.5");
__asm__(".symver dlopen, dlopen@GLIBC_2.2.5");
#elif defined(__aarch64__)
__asm__(".symver dlsym, dlsym@GLIBC_2.17");
__asm__(".symver dlopen, dlopen@GLIBC_2.17");
#endif

/* The libraries are loaded already and found by their soname. libjava is loaded privately: the default scope does not have it. */
void *pinion_find(const char *library, const char *symbol) {
    void *handle = dlopen(library, RTLD_LAZY | RTLD_NOLOAD);
    return handle ? dlsym(handle, symbol) : NULL;
}

jint pinion_replace(JNIEnv *env, jclass class, const char *name, const char *signature, void *wrapper, jint bit) {
    JNINativeMethod method = {(char *)name, (char *)signature, wrapper};
    if ((*env)->RegisterNatives(env, class, &method, 1) != JNI_OK) {
        (*env)->ExceptionClear(env);
        return 0;
    }
    return bit;
}
