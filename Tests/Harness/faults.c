// SPDX-License-Identifier: GPL-3.0-or-later
// Lets one file operation below a folder go wrong; LD_PRELOADed by faults.py.
//
// FAULT_HOME names the folder, FAULT_LOG a file that gets a line for each operation, FAULT_AT the
// number of the operation (from 1; 0 for none), FAULT_KIND what happens to it: eio, enospc, short
// (half is written, and said so), before and after (the process is killed), torn (half is written,
// then it is killed).

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_int operations;

static int is_inside(const char *path) {
  const char *home = getenv("FAULT_HOME");
  return home && path && strncmp(path, home, strlen(home)) == 0;
}

static const char *path_of(int file, char *buffer) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, buffer, PATH_MAX - 1);
  if (length < 0) return NULL;
  buffer[length] = 0;
  return buffer;
}

static void note(int number, const char *name, const char *path) {
  const char *log = getenv("FAULT_LOG");
  if (!log) return;
  int file = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND, 0600);
  char line[PATH_MAX + 64];
  int length = snprintf(line, sizeof line, "%d %s %s\n", number, name, path);
  if (file >= 0) {
    syscall(SYS_write, file, line, length);
    syscall(SYS_close, file);
  }
}

static void die(void) {
  kill(getpid(), SIGKILL);
  pause();
}

// What is to happen to this operation: nothing, or one of the kinds.
static const char *fault(const char *name, const char *path) {
  if (!is_inside(path)) return NULL;
  int number = atomic_fetch_add(&operations, 1) + 1;
  note(number, name, path);
  const char *at = getenv("FAULT_AT"), *kind = getenv("FAULT_KIND");
  if (!at || !kind || atoi(at) != number) return NULL;
  if (strcmp(kind, "before") == 0) die();
  if (strcmp(kind, "eio") == 0) errno = EIO;
  if (strcmp(kind, "enospc") == 0) errno = ENOSPC;
  return kind;
}

static int is_error(const char *kind) {
  return kind && (strcmp(kind, "eio") == 0 || strcmp(kind, "enospc") == 0);
}

#define REAL(name) __typeof__(&name) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

// An operation that is done whole or not at all.
#define WHOLE(result, name, path, call)             \
  const char *kind = fault(#name, path);            \
  if (is_error(kind)) return -1;                    \
  REAL(name);                                       \
  result value = real call;                         \
  if (kind && strcmp(kind, "after") == 0) die();    \
  return value

// A write, of which half may be done.
#define PARTLY(name, file, count, whole, half)                      \
  char buffer[PATH_MAX];                                            \
  const char *kind = fault(#name, path_of(file, buffer));           \
  if (is_error(kind)) return -1;                                    \
  REAL(name);                                                       \
  int halves = kind && strcmp(kind, "after") != 0;                  \
  ssize_t value = halves ? real half : real whole;                  \
  if (kind && strcmp(kind, "short") != 0) die();                    \
  return value

ssize_t write(int file, const void *bytes, size_t count) {
  PARTLY(write, file, count, (file, bytes, count), (file, bytes, count / 2));
}
ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) {
  PARTLY(pwrite, file, count, (file, bytes, count, offset), (file, bytes, count / 2, offset));
}
ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t offset) {
  PARTLY(pwrite64, file, count, (file, bytes, count, offset), (file, bytes, count / 2, offset));
}
ssize_t read(int file, void *bytes, size_t count) {
  char buffer[PATH_MAX];
  WHOLE(ssize_t, read, path_of(file, buffer), (file, bytes, count));
}
ssize_t pread(int file, void *bytes, size_t count, off_t offset) {
  char buffer[PATH_MAX];
  WHOLE(ssize_t, pread, path_of(file, buffer), (file, bytes, count, offset));
}
ssize_t pread64(int file, void *bytes, size_t count, off64_t offset) {
  char buffer[PATH_MAX];
  WHOLE(ssize_t, pread64, path_of(file, buffer), (file, bytes, count, offset));
}
int fsync(int file) {
  char buffer[PATH_MAX];
  WHOLE(int, fsync, path_of(file, buffer), (file));
}
int fdatasync(int file) {
  char buffer[PATH_MAX];
  WHOLE(int, fdatasync, path_of(file, buffer), (file));
}
int ftruncate(int file, off_t length) {
  char buffer[PATH_MAX];
  WHOLE(int, ftruncate, path_of(file, buffer), (file, length));
}
int ftruncate64(int file, off64_t length) {
  char buffer[PATH_MAX];
  WHOLE(int, ftruncate64, path_of(file, buffer), (file, length));
}
int rename(const char *from, const char *to) { WHOLE(int, rename, to, (from, to)); }
int unlink(const char *path) { WHOLE(int, unlink, path, (path)); }
int mkdir(const char *path, mode_t mode) { WHOLE(int, mkdir, path, (path, mode)); }

// Opening counts where it may create a file.
#define OPEN(name, path, flags, first)                                   \
  mode_t mode = 0;                                                       \
  if ((flags) & (O_CREAT | __O_TMPFILE)) {                               \
    va_list list;                                                        \
    va_start(list, flags);                                               \
    mode = va_arg(list, mode_t);                                         \
    va_end(list);                                                        \
  }                                                                      \
  const char *kind = (flags) & O_CREAT ? fault(#name, path) : NULL;      \
  if (is_error(kind)) return -1;                                         \
  REAL(name);                                                            \
  int value = real first;                                                \
  if (kind && strcmp(kind, "after") == 0) die();                         \
  return value

int open(const char *path, int flags, ...) { OPEN(open, path, flags, (path, flags, mode)); }
int open64(const char *path, int flags, ...) { OPEN(open64, path, flags, (path, flags, mode)); }
int openat(int folder, const char *path, int flags, ...) {
  OPEN(openat, path, flags, (folder, path, flags, mode));
}
int openat64(int folder, const char *path, int flags, ...) {
  OPEN(openat64, path, flags, (folder, path, flags, mode));
}
