/* Records what a process writes under a folder, in its order, for tests of power loss.
 *
 * Preloaded into the process. POWER_ROOT names the folder, POWER_TRACE the file that takes the record. Each call is
 * made and recorded under one lock, so that the record has the order in which the system saw the calls. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define FILES 4096

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *root;
static size_t root_length;
static int trace = -1;
static uint32_t handles[FILES];
static uint32_t last_handle;

static void put(const void *bytes, size_t length) {
    const char *rest = bytes;
    while (length > 0) {
        ssize_t done = syscall(SYS_write, trace, rest, length);
        if (done <= 0) abort();
        rest += done;
        length -= (size_t)done;
    }
}

static void record(char kind, uint32_t handle, uint64_t number, const void *first, size_t first_length,
                   const void *second, size_t second_length) {
    uint32_t lengths[2] = {(uint32_t)first_length, (uint32_t)second_length};
    put(&kind, 1);
    put(&handle, sizeof handle);
    put(&number, sizeof number);
    put(lengths, sizeof lengths);
    put(first, first_length);
    put(second, second_length);
}

__attribute__((constructor)) static void begin(void) {
    root = getenv("POWER_ROOT");
    const char *path = getenv("POWER_TRACE");
    if (root == NULL || path == NULL) return;
    root_length = strlen(root);
    trace = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (trace < 0) abort();
}

/* The name below the folder; empty for the folder itself, NULL elsewhere. */
static const char *below(const char *path) {
    if (trace < 0 || path == NULL || strncmp(path, root, root_length) != 0) return NULL;
    if (path[root_length] == '\0') return path + root_length;
    return path[root_length] == '/' ? path + root_length + 1 : NULL;
}

static int is_watched(int fd) { return trace >= 0 && fd >= 0 && fd < FILES && handles[fd] != 0; }

static int open_any(const char *path, int flags, mode_t mode) {
    const char *name = below(path);
    if (name == NULL) {
        int fd = (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
        if (fd >= 0 && fd < FILES) handles[fd] = 0;
        return fd;
    }
    pthread_mutex_lock(&lock);
    struct stat before;
    int was_there = lstat(path, &before) == 0;
    int fd = (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    int error = errno;
    if (fd >= FILES) abort();
    if (fd >= 0) {
        handles[fd] = ++last_handle;
        uint64_t how = (was_there ? 0 : 1) | ((flags & O_TRUNC) ? 2 : 0);
        record('O', handles[fd], how, name, strlen(name), "", 0);
    }
    pthread_mutex_unlock(&lock);
    errno = error;
    return fd;
}

#define MODE(flags, mode)                                   \
    mode_t mode = 0;                                        \
    if ((flags) & (O_CREAT | __O_TMPFILE)) {                \
        va_list rest;                                       \
        va_start(rest, flags);                              \
        mode = va_arg(rest, mode_t);                        \
        va_end(rest);                                       \
    }

int open(const char *path, int flags, ...) {
    MODE(flags, mode)
    return open_any(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    MODE(flags, mode)
    return open_any(path, flags | O_LARGEFILE, mode);
}

int openat(int folder, const char *path, int flags, ...) {
    MODE(flags, mode)
    if (path[0] == '/' || folder == AT_FDCWD) return open_any(path, flags, mode);
    return (int)syscall(SYS_openat, folder, path, flags, mode);
}

int openat64(int folder, const char *path, int flags, ...) {
    MODE(flags, mode)
    if (path[0] == '/' || folder == AT_FDCWD) return open_any(path, flags | O_LARGEFILE, mode);
    return (int)syscall(SYS_openat, folder, path, flags | O_LARGEFILE, mode);
}

int fcntl64(int fd, int command, ...) {
    va_list rest;
    va_start(rest, command);
    void *argument = va_arg(rest, void *);
    va_end(rest);
    int result = (int)syscall(SYS_fcntl, fd, command, argument);
    if ((command == F_DUPFD || command == F_DUPFD_CLOEXEC) && result >= 0 && result < FILES)
        handles[result] = fd >= 0 && fd < FILES ? handles[fd] : 0;
    return result;
}

int fcntl(int fd, int command, ...) {
    va_list rest;
    va_start(rest, command);
    void *argument = va_arg(rest, void *);
    va_end(rest);
    return fcntl64(fd, command, argument);
}

ssize_t write(int fd, const void *bytes, size_t length) {
    if (!is_watched(fd)) return syscall(SYS_write, fd, bytes, length);
    pthread_mutex_lock(&lock);
    int flags = (int)syscall(SYS_fcntl, fd, F_GETFL, 0);
    off_t at = lseek(fd, 0, (flags & O_APPEND) ? SEEK_END : SEEK_CUR);
    ssize_t done = syscall(SYS_write, fd, bytes, length);
    int error = errno;
    if (done > 0) record('W', handles[fd], (uint64_t)at, bytes, (size_t)done, "", 0);
    pthread_mutex_unlock(&lock);
    errno = error;
    return done;
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    if (!is_watched(fd) || count < 1) return syscall(SYS_writev, fd, parts, count);
    return write(fd, parts[0].iov_base, parts[0].iov_len);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) {
    if (!is_watched(fd)) return syscall(SYS_pwrite64, fd, bytes, length, at);
    pthread_mutex_lock(&lock);
    ssize_t done = syscall(SYS_pwrite64, fd, bytes, length, at);
    int error = errno;
    if (done > 0) record('W', handles[fd], (uint64_t)at, bytes, (size_t)done, "", 0);
    pthread_mutex_unlock(&lock);
    errno = error;
    return done;
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) { return pwrite64(fd, bytes, length, at); }

int ftruncate64(int fd, off64_t length) {
    if (!is_watched(fd)) return (int)syscall(SYS_ftruncate, fd, length);
    pthread_mutex_lock(&lock);
    int result = (int)syscall(SYS_ftruncate, fd, length);
    int error = errno;
    if (result == 0) record('T', handles[fd], (uint64_t)length, "", 0, "", 0);
    pthread_mutex_unlock(&lock);
    errno = error;
    return result;
}

int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

static int sync_any(long call, int fd) {
    if (!is_watched(fd)) return (int)syscall(call, fd);
    pthread_mutex_lock(&lock);
    int result = (int)syscall(call, fd);
    int error = errno;
    if (result == 0) record('S', handles[fd], 0, "", 0, "", 0);
    pthread_mutex_unlock(&lock);
    errno = error;
    return result;
}

int fsync(int fd) { return sync_any(SYS_fsync, fd); }

int fdatasync(int fd) { return sync_any(SYS_fdatasync, fd); }

int rename(const char *from, const char *to) {
    const char *first = below(from), *second = below(to);
    if (first == NULL || second == NULL) return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
    pthread_mutex_lock(&lock);
    int result = (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
    int error = errno;
    if (result == 0) record('R', 0, 0, first, strlen(first), second, strlen(second));
    pthread_mutex_unlock(&lock);
    errno = error;
    return result;
}

int link(const char *from, const char *to) {
    const char *first = below(from), *second = below(to);
    if (first == NULL || second == NULL) return (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
    pthread_mutex_lock(&lock);
    int result = (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
    int error = errno;
    if (result == 0) record('L', 0, 0, first, strlen(first), second, strlen(second));
    pthread_mutex_unlock(&lock);
    errno = error;
    return result;
}

int unlink(const char *path) {
    const char *name = below(path);
    if (name == NULL) return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
    pthread_mutex_lock(&lock);
    int result = (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
    int error = errno;
    if (result == 0) record('U', 0, 0, name, strlen(name), "", 0);
    pthread_mutex_unlock(&lock);
    errno = error;
    return result;
}
