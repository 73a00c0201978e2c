/*
 * layout.h - where things lie in memory: ARCH/memory.h. Used by C and assembly.
 *
 * Everywhere the program's half is USER_BASE to USER_TOP, all physical memory is mapped from DIRECT_BASE, device registers among
 * it, and kernel allocations larger than a page lie from KV_BASE.
 */
#ifndef GUEST_LAYOUT_H
#define GUEST_LAYOUT_H

#if defined __x86_64__
#include "x86_64/memory.h"
#elif defined __aarch64__
#include "aarch64/memory.h"
#endif

#define KSTACK_SIZE 32768

#endif
