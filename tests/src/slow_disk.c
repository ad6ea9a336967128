/* Preloaded into the program by `SlowDisk`: makes the disk slow beneath the folders that DAWG_SLOW_UNDER names (with a
 * colon between them), while the file that DAWG_SLOW_WHEN names is there.
 *
 * What waits for the disk's own word (fsync) takes two seconds, what looks a name up a fifth of one; two as well in the
 * program's first thread, which draws the window and should do neither. Reading and writing an open file stay as they
 * are: they are what a cache makes fast on a real disk too. While something stands in the file, the disk hangs: its word
 * does not come. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#define SYNC_MS 2000
#define NAME_MS 200

static void wait_ms(long ms) {
    struct timespec left = {ms / 1000, ms % 1000 * 1000000};
    while (nanosleep(&left, &left) != 0) {
    }
}

enum { FAST, SLOW, HANGS };

static int slow_now(void) {
    const char *when = getenv("DAWG_SLOW_WHEN");
    struct stat found;
    if (!when || syscall(SYS_newfstatat, AT_FDCWD, when, &found, 0) != 0) return FAST;
    return found.st_size > 0 ? HANGS : SLOW;
}

/* Relative names are meant from the program's working folder, which is slow. */
static int beneath(const char *path) {
    const char *under = getenv("DAWG_SLOW_UNDER");
    if (!path || !under) return 0;
    if (path[0] != '/') return 1;
    while (*under) {
        size_t length = strcspn(under, ":");
        if (strncmp(path, under, length) == 0 && (path[length] == '/' || !path[length])) return 1;
        under += length + (under[length] == ':');
    }
    return 0;
}

static void name(const char *path) {
    if (beneath(path) && slow_now()) wait_ms(syscall(SYS_gettid) == getpid() ? SYNC_MS : NAME_MS);
}

static void sync_of(int fd) {
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return;
    path[length] = 0;
    if (!beneath(path)) return;
    if (slow_now() == SLOW) wait_ms(SYNC_MS);
    while (slow_now() == HANGS) wait_ms(20);
}

#define REAL(type, called, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, called)

int fsync(int fd) {
    REAL(int, "fsync", int);
    sync_of(fd);
    return real(fd);
}

int fdatasync(int fd) {
    REAL(int, "fdatasync", int);
    sync_of(fd);
    return real(fd);
}

#define MODE(flags) \
    mode_t mode = 0; \
    if ((flags) & (O_CREAT | O_TMPFILE)) { \
        va_list rest; \
        va_start(rest, flags); \
        mode = va_arg(rest, mode_t); \
        va_end(rest); \
    }

int open(const char *path, int flags, ...) {
    REAL(int, "open", const char *, int, ...);
    MODE(flags)
    name(path);
    return real(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    REAL(int, "open64", const char *, int, ...);
    MODE(flags)
    name(path);
    return real(path, flags, mode);
}

int rename(const char *from, const char *to) {
    REAL(int, "rename", const char *, const char *);
    name(from);
    return real(from, to);
}

int unlink(const char *path) {
    REAL(int, "unlink", const char *);
    name(path);
    return real(path);
}

int mkdir(const char *path, mode_t mode) {
    REAL(int, "mkdir", const char *, mode_t);
    name(path);
    return real(path, mode);
}

int statx(int dir, const char *restrict path, int flags, unsigned mask, struct statx *restrict found) {
    REAL(int, "statx", int, const char *restrict, int, unsigned, struct statx *restrict);
    if (*path) name(path);
    return real(dir, path, flags, mask, found);
}

void *opendir(const char *path) {
    REAL(void *, "opendir", const char *);
    name(path);
    return real(path);
}
