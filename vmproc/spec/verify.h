/* verify.h - is the program still the one that its spec means? */
#ifndef VMPROC_SPEC_VERIFY_H
#define VMPROC_SPEC_VERIFY_H

#include "spec.h"

/*
 * Checks a spec that lies in the store against its name, and the program against "digest", by its record where it has
 * one. *fd: what was looked at, open, and with a shared lock when it lies in the store, so that `vm image gc` keeps it;
 * -1: there is no "digest". The shim runs that file and no other (vmproc/shim/verify.c). false: spec->error.
 */
bool verify_spec(struct spec *spec, int *fd);

#endif
