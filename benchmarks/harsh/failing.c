/* Has the disk be full: after fail_after(n), the nth write from then on and all later ones fail
 * with ENOSPC, in this process. Loaded with LD_PRELOAD; writes to pipes and terminals go through. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static long left = -1;
static long written = 0;

void fail_after(long n) { left = n; written = 0; }
long writes(void) { return written; }

static int is_full(int fd) {
    struct stat facts;
    if (left < 0 || fstat(fd, &facts) || !S_ISREG(facts.st_mode)) return 0;
    __atomic_add_fetch(&written, 1, __ATOMIC_SEQ_CST);
    if (__atomic_sub_fetch(&left, 1, __ATOMIC_SEQ_CST) > 0) return 0;
    left = 0;
    errno = ENOSPC;
    return 1;
}

#define REAL(name) __typeof__(name) *real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *data, size_t n) {
    REAL(write);
    return is_full(fd) ? -1 : real(fd, data, n);
}
ssize_t pwrite64(int fd, const void *data, size_t n, off64_t at) {
    REAL(pwrite64);
    return is_full(fd) ? -1 : real(fd, data, n, at);
}
ssize_t writev(int fd, const struct iovec *parts, int n) {
    REAL(writev);
    return is_full(fd) ? -1 : real(fd, parts, n);
}
