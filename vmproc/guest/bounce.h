/*
 * bounce.h - the bounce buffer (vmproc/bounce_abi.h), in parts for requests that are under way.
 */
#ifndef GUEST_BOUNCE_H
#define GUEST_BOUNCE_H

#include "types.h"
#include "vmproc/bounce_abi.h"

#define BOUNCE_MOST (256u << 10) /* of one request: two can be under way, or more that are smaller */

struct boot_info;

void bounce_init(const struct boot_info *boot);

/* n bytes of it (1..BOUNCE_MOST), which begin at *at. false: there is none, or it is in use. */
bool bounce_take(uint32_t n, uint32_t *at);
void bounce_give_back(uint32_t at, uint32_t n);
char *bounce_bytes(uint32_t at);

#endif
