/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REWIND_CZLIB_H
#define REWIND_CZLIB_H
#include <zlib.h>
#endif
