/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REWIND_CPREFETCH_H
#define REWIND_CPREFETCH_H

/* Asks for the cache line of an address without waiting for it; any address will do. */
static inline __attribute__((always_inline)) void rewind_prefetch(unsigned long address) {
  __builtin_prefetch((const void *)address);
}

#endif
