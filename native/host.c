/* What kind of machine this is. */
#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include "calls.h"

/* A hypervisor says so itself, in a bit that is reserved for that (Intel and AMD alike). Elsewhere nobody does: then it counts as bare metal. */
bool pinion_is_virtual_machine(void) {
#if defined(__x86_64__)
    unsigned a;
    unsigned b;
    unsigned c;
    unsigned d;
    return __get_cpuid(1, &a, &b, &c, &d) && c >> 31 & 1;
#else
    return false;
#endif
}
