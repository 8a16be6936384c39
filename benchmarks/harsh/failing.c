/* A disk that fails, for this process; loaded with LD_PRELOAD.
 *
 * After fail_after(n), the nth write from then on and all later ones fail with ENOSPC; writes to
 * pipes and terminals go through. After keep_synced(folder), each fsync leaves a copy of the file in
 * that folder, named by its inode: what would be there after a power cut. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
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

static char kept_in[4096] = "";

void keep_synced(const char *folder) { snprintf(kept_in, sizeof kept_in, "%s", folder); }

static void keep(int fd) {
    struct stat facts;
    char name[4200], source[64], part[65536];
    if (!kept_in[0] || fstat(fd, &facts) || !S_ISREG(facts.st_mode)) return;
    snprintf(source, sizeof source, "/proc/self/fd/%d", fd);
    snprintf(name, sizeof name, "%s/%lu", kept_in, (unsigned long)facts.st_ino);
    int from = open(source, O_RDONLY), to = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ssize_t n;
    REAL(write);
    if (from >= 0 && to >= 0)
        while ((n = read(from, part, sizeof part)) > 0 && real(to, part, (size_t)n) == n) {}
    if (from >= 0) close(from);
    if (to >= 0) close(to);
}

int fsync(int fd) {
    REAL(fsync);
    int failed = real(fd);
    if (!failed) keep(fd);
    return failed;
}
int fdatasync(int fd) {
    REAL(fdatasync);
    int failed = real(fd);
    if (!failed) keep(fd);
    return failed;
}
