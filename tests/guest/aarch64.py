#!/usr/bin/env python3
"""tests/guest/aarch64.py [BUILD_DIR [WORD...]] - run.py with the guest for aarch64, in QEMU's machine virt."""
import os
import shutil
import sys

BUSYBOX = "/usr/aarch64-linux-gnu/bin/busybox"  # scripts/install-deps test puts it there

for need in ("qemu-system-aarch64", "aarch64-linux-gnu-gcc", BUSYBOX):
    if not shutil.which(need):
        print(f"ok 1 - the guest for aarch64 # skip {need} is not installed\n1..1")
        sys.exit(0)
os.environ.update(GUEST_ARCH="aarch64", BUSYBOX=BUSYBOX)

import run  # after the environment, which says whose guest it is

sys.exit(run.main())
