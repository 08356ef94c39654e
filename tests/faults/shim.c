/* A disk that fails when it is told to, and one that writes down what is done to it. Preloaded into an interpreter (LD_PRELOAD).

   It stands between the program and the calls that change files below some paths:

       open (for writing, for making, or of a folder), write, pwrite, ftruncate, fsync, fdatasync, close, flock,
       rename, link, unlink, mkdir, rmdir, and their forms with 64 bits and with the descriptor of a folder

   shim_fail(paths, at, fault)   call number `at` fails as `fault` says; from 1; 0 only counts
   shim_record(paths, log)       every call that succeeded is written to the descriptor `log`, in the form of `struct call`;
                                 and what is written to stdout, as 's'
   shim_rest()                   neither
   shim_counted(), shim_struck() how many calls there were, and whether one was made to fail; they can be asked of a child after
                                 its death, for the numbers are in memory that both share
*/

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum fault { NOTHING, KILL, IO, SPACE, TEAR, IO_FOR_GOOD, SPACE_FOR_GOOD };
enum fate { GO_ON, REFUSE, HALF, DIE_AFTER };

struct numbers { long counted, struck; };
/* What follows it in the log: the path, the other path of a rename or link, the bytes written. */
struct call { int64_t what, inode, offset, path, other, bytes; };

static struct numbers *numbers;
static char below[PATH_MAX];
static long strike_at;
static enum fault fault_kind;
static int armed, log_descriptor = -1;

#define REAL(type, name, ...) REAL_OF(type, name, (__VA_ARGS__))
#define REAL_OF(type, name, parameters)        \
    static type (*real) parameters;            \
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, #name)

static void arm(const char *paths)
{
    snprintf(below, sizeof below, "%s", paths);
    numbers->counted = numbers->struck = 0;
    armed = 1;
}

void shim_fail(const char *paths, long at, int fault)
{
    strike_at = at;
    fault_kind = fault;
    arm(paths);
}

void shim_record(const char *paths, int log)
{
    strike_at = 0;
    log_descriptor = log;
    arm(paths);
}

/* A program that knows nothing of the shim is told by its environment: FAULT_PATHS, FAULT_AT, FAULT_KIND. */
__attribute__((constructor)) static void begin(void)
{
    numbers = mmap(NULL, sizeof *numbers, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    const char *paths = getenv("FAULT_PATHS"), *at = getenv("FAULT_AT"), *kind = getenv("FAULT_KIND");
    if (paths && at && kind) shim_fail(paths, atol(at), atoi(kind));
}

void shim_rest(void) { armed = 0; log_descriptor = -1; }
long shim_counted(void) { return numbers->counted; }
long shim_struck(void) { return numbers->struck; }

/* The path of what a descriptor has open; "" where it has none. */
static const char *path_of(int descriptor, char *path)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    path[length < 0 ? 0 : length] = 0;
    return path;
}

/* A path as seen from the root; `folder` is the descriptor that it is relative to, or AT_FDCWD. */
static const char *whole(int folder, const char *given, char *path)
{
    char start[PATH_MAX] = "";
    if (given[0] != '/') {
        if (folder != AT_FDCWD) path_of(folder, start);
        else if (!getcwd(start, sizeof start)) start[0] = 0;
        strncat(start, "/", sizeof start - strlen(start) - 1);
    }
    snprintf(path, PATH_MAX, "%.2000s%.2000s", start, given);  /* half a path each, so that both fit */
    return path;
}

/* Whether a path is one of those, or below one of them; they are set apart by colons. */
static int is_watched(const char *path)
{
    const char *at = below;
    while (armed && *at) {
        size_t length = strcspn(at, ":");
        if (!strncmp(path, at, length) && (!path[length] || path[length] == '/' || path[length] == '.')) return 1;
        at += length + (at[length] == ':');
    }
    return 0;
}

static void die(void)
{
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

/* What becomes of a call. `takes_room`: only such a call fails on a full disk. `can_tear`: half of it can be done. */
static enum fate fate_of(int takes_room, int can_tear)
{
    long number = __sync_add_and_fetch(&numbers->counted, 1);
    int for_good = fault_kind == IO_FOR_GOOD || fault_kind == SPACE_FOR_GOOD;
    int of_space = fault_kind == SPACE || fault_kind == SPACE_FOR_GOOD;
    if (!strike_at || !(number == strike_at || (for_good && number > strike_at)) || (of_space && !takes_room)) return GO_ON;
    numbers->struck = 1;
    if (fault_kind == KILL) die();
    if (fault_kind == TEAR) return can_tear ? HALF : DIE_AFTER;
    errno = of_space ? ENOSPC : EIO;
    return REFUSE;
}

static void record(char what, int64_t inode, const char *path, const char *other, int64_t offset, const void *bytes, size_t count)
{
    if (log_descriptor < 0) return;
    REAL(ssize_t, writev, int, const struct iovec *, int);
    int before = errno;
    struct call call = { what, inode, offset, strlen(path), strlen(other), count };
    struct iovec parts[] = {
        { &call, sizeof call }, { (void *)path, strlen(path) }, { (void *)other, strlen(other) }, { (void *)bytes, count },
    };
    if (real(log_descriptor, parts, 4) < 0) die();
    errno = before;
}

static int64_t inode_of(int descriptor)
{
    struct stat found;
    return fstat(descriptor, &found) ? -1 : (int64_t)found.st_ino;
}

static int exists(const char *path)
{
    struct stat found;
    return lstat(path, &found) == 0;
}

/* A call that is watched: refused, done, or done before the end. `then` is what to do where it was done. */
#define CALL(type, watched, takes_room, perform, then)               \
    do {                                                             \
        if (!(watched)) return perform;                              \
        enum fate fate = fate_of(takes_room, 0);                     \
        if (fate == REFUSE) return -1;                               \
        type result = perform;                                       \
        if (fate == DIE_AFTER) die();                                \
        if (result >= 0) { then; }                                   \
        return result;                                               \
    } while (0)

#define OPENED(made)                                                                                   \
    if (made) record('c', inode_of(result), path, "", 0, "", 0);                                       \
    else if (flags & O_TRUNC) record('t', inode_of(result), path, "", 0, "", 0)

#define OPEN(name)                                                                                     \
    int name(const char *given, int flags, ...)                                                        \
    {                                                                                                  \
        REAL(int, name, const char *, int, ...);                                                       \
        va_list rest;                                                                                  \
        va_start(rest, flags);                                                                         \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;                        \
        va_end(rest);                                                                                  \
        char path[PATH_MAX] = "";                                                                      \
        int changes = flags & (O_WRONLY | O_RDWR | O_CREAT | O_DIRECTORY);                             \
        int watched = armed && changes && is_watched(whole(AT_FDCWD, given, path));                    \
        int made = watched && (flags & O_CREAT) && !exists(path);                                      \
        CALL(int, watched, made, real(given, flags, mode), OPENED(made));                              \
    }

#define OPENAT(name)                                                                                   \
    int name(int folder, const char *given, int flags, ...)                                            \
    {                                                                                                  \
        REAL(int, name, int, const char *, int, ...);                                                  \
        va_list rest;                                                                                  \
        va_start(rest, flags);                                                                         \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;                        \
        va_end(rest);                                                                                  \
        char path[PATH_MAX] = "";                                                                      \
        int changes = flags & (O_WRONLY | O_RDWR | O_CREAT | O_DIRECTORY);                             \
        int watched = armed && changes && is_watched(whole(folder, given, path));                      \
        int made = watched && (flags & O_CREAT) && !exists(path);                                      \
        CALL(int, watched, made, real(folder, given, flags, mode), OPENED(made));                      \
    }

OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

#define WRITTEN(perform_whole, perform_half, offset)                                                   \
    char path[PATH_MAX] = "";                                                                          \
    if (!armed || !is_watched(path_of(descriptor, path))) return perform_whole;                        \
    enum fate fate = fate_of(1, 1);                                                                    \
    if (fate == REFUSE) return -1;                                                                     \
    if (fate == HALF && perform_half >= -1) die();                                                     \
    int64_t at = log_descriptor < 0 ? 0 : (offset);                                                    \
    ssize_t done = perform_whole;                                                                      \
    if (done > 0) record('w', inode_of(descriptor), path, "", at, bytes, done);                        \
    return done

ssize_t write(int descriptor, const void *bytes, size_t count)
{
    REAL(ssize_t, write, int, const void *, size_t);
    if (descriptor == STDOUT_FILENO && log_descriptor >= 0) record('s', 0, "", "", 0, bytes, count);
    WRITTEN(real(descriptor, bytes, count), real(descriptor, bytes, count / 2), lseek(descriptor, 0, SEEK_CUR));
}

#define PWRITE(name, type)                                                                             \
    ssize_t name(int descriptor, const void *bytes, size_t count, type offset)                         \
    {                                                                                                  \
        REAL(ssize_t, name, int, const void *, size_t, type);                                          \
        WRITTEN(real(descriptor, bytes, count, offset), real(descriptor, bytes, count / 2, offset), offset); \
    }

PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define ON_DESCRIPTOR(name, parameters, arguments, takes_room, then)                                   \
    int name parameters                                                                                \
    {                                                                                                  \
        REAL_OF(int, name, parameters);                                                                     \
        char path[PATH_MAX] = "";                                                                      \
        int watched = armed && is_watched(path_of(descriptor, path));                                  \
        CALL(int, watched, takes_room, real arguments, then);                                          \
    }

#define SYNCED record('f', inode_of(descriptor), path, "", 0, "", 0)
#define CUT record('t', inode_of(descriptor), path, "", length, "", 0)

ON_DESCRIPTOR(fsync, (int descriptor), (descriptor), 1, SYNCED)
ON_DESCRIPTOR(fdatasync, (int descriptor), (descriptor), 1, SYNCED)
ON_DESCRIPTOR(ftruncate, (int descriptor, off_t length), (descriptor, length), length > 0, CUT)
ON_DESCRIPTOR(ftruncate64, (int descriptor, off64_t length), (descriptor, length), length > 0, CUT)
ON_DESCRIPTOR(flock, (int descriptor, int how), (descriptor, how), 0, (void)0)

/* The descriptor is gone, whatever close answers. */
int close(int descriptor)
{
    REAL(int, close, int);
    char path[PATH_MAX] = "";
    if (!armed || !is_watched(path_of(descriptor, path))) return real(descriptor);
    enum fate fate = fate_of(0, 0);
    int error = errno, result = real(descriptor);
    if (fate == DIE_AFTER) die();
    if (fate != REFUSE) return result;
    errno = error;
    return -1;
}

#define ON_PATH(name, parameters, arguments, folder, takes_room, what)                                 \
    int name parameters                                                                                \
    {                                                                                                  \
        REAL_OF(int, name, parameters);                                                                     \
        char path[PATH_MAX] = "";                                                                      \
        int watched = armed && is_watched(whole(folder, given, path));                                 \
        CALL(int, watched, takes_room, real arguments, record(what, 0, path, "", 0, "", 0));        \
    }

ON_PATH(unlink, (const char *given), (given), AT_FDCWD, 0, 'u')
ON_PATH(unlinkat, (int folder, const char *given, int flags), (folder, given, flags), folder, 0, 'u')
ON_PATH(rmdir, (const char *given), (given), AT_FDCWD, 0, 'u')
ON_PATH(mkdir, (const char *given, mode_t mode), (given, mode), AT_FDCWD, 1, 'm')
ON_PATH(mkdirat, (int folder, const char *given, mode_t mode), (folder, given, mode), folder, 1, 'm')

#define ON_TWO_PATHS(name, parameters, arguments, from_folder, to_folder, what)                        \
    int name parameters                                                                                \
    {                                                                                                  \
        REAL_OF(int, name, parameters);                                                                     \
        char from[PATH_MAX] = "", to[PATH_MAX] = "";                                                   \
        int watched = armed && is_watched(whole(to_folder, given_to, to));                             \
        if (watched) whole(from_folder, given_from, from);                                             \
        CALL(int, watched, 1, real arguments, record(what, 0, from, to, 0, "", 0));                   \
    }

ON_TWO_PATHS(rename, (const char *given_from, const char *given_to), (given_from, given_to), AT_FDCWD, AT_FDCWD, 'r')
ON_TWO_PATHS(renameat, (int from_folder, const char *given_from, int to_folder, const char *given_to),
             (from_folder, given_from, to_folder, given_to), from_folder, to_folder, 'r')
ON_TWO_PATHS(link, (const char *given_from, const char *given_to), (given_from, given_to), AT_FDCWD, AT_FDCWD, 'l')
ON_TWO_PATHS(linkat, (int from_folder, const char *given_from, int to_folder, const char *given_to, int flags),
             (from_folder, given_from, to_folder, given_to, flags), from_folder, to_folder, 'l')

/* Copies go by read and write, which are watched. */
ssize_t sendfile(int to, int from, off_t *offset, size_t count)
{
    (void)to, (void)from, (void)offset, (void)count;
    errno = ENOSYS;
    return -1;
}
