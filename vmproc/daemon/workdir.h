/*
 * workdir.h - the directory that vmprocd shares with the QEMUs of its VMs.
 *
 *   root, QEMU runs as another user   /run/fleetsh-vm-INSTANCE      root:QEMU's group 0710
 *   else                              RUNDIR/fleetsh-vm-INSTANCE    the user's, 0700 (/tmp/... when too long)
 *
 *   lock       locked (flock) while this vmprocd lives: what bears its instance is not an orphan
 *   guest.elf  a copy: QEMU need not reach the build tree or a home directory, and all VMs boot the same one
 *   guest-aarch64.image  the same for programs of that architecture, where it was built
 *   multiboot.elf  a copy of the loader for multiboot kernels
 *   resident   a copy of the program that the toolbox links to, the guest's initrd
 *   rom        both in one file, which all VMs map, read-only (vmproc/rom_abi.h); and
 *   reset.rom  the firmware that goes with it
 *   img/       copies of kernels and initrds that users boot (boot_files.c); root:QEMU's group 0710
 *   s/N.ring   memory of the wire from VM N to the next one (vmproc/ring_abi.h): a VM that was reset may
 *              get another successor, which maps the same
 *   s/N.con s/N.exit s/N.disk   of a VM that boots an image: sockets to which its QEMU connects, and what it
 *              writes to its disk
 *   s/N.gdb    where VM N's QEMU listens for gdb, while it is to (debug.h); 0600
 *   s/         sockets N.ctl N.9p N.out N.err N.prev N.next of VM N; QEMU's user:group, 2700: nobody but
 * QEMU's user (and root) can connect to a VM's ports. Set-group-id, because libvirt makes the listening
 *              sockets as root with mode 0664, and the next VM's QEMU must be able to connect to one.
 *
 * QEMU's user owns s/ alone: one that was taken over by its guest cannot change what the next VM boots.
 */
#ifndef VMPROC_DAEMON_WORKDIR_H
#define VMPROC_DAEMON_WORKDIR_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#define INSTANCE_LEN 8  /* hexadecimal digits, random */
#define HOST_ID_LEN  16 /* hexadecimal digits, of this machine */

struct workdir {
    char instance[INSTANCE_LEN + 1];
    char user[160]; /* NAME@HOST, for people */
    char host[HOST_ID_LEN + 1];
    char path[64];
    int lock_fd;
    uid_t qemu_uid; /* whose s/ is, when it is not ours */
    gid_t qemu_gid;
    bool foreign;
    char guest[80], resident[80]; /* resident: "" when there is none */
    char rom[80], reset[80];      /* "" when they cannot be made */
    char loader[80];              /* likewise */
    char aarch64[96];             /* the guest for that architecture; "": it was not built */
    uint32_t rom_bytes;
    struct stat resident_file; /* of the original */
};

/* Chooses the instance and the directory, removes those that dead instances of this user left. */
int workdir_init(struct workdir *work, const char *rundir);

/* Makes it so that QEMU, running as that user, can work in it. Idempotent. 0, or -errno with why in error. */
int workdir_make(struct workdir *work, uid_t qemu_uid, gid_t qemu_gid, char error[256]);

/* The program that is to be resident: what the toolbox's links lead to. 0 or -errno. */
int workdir_find_resident(char path[PATH_MAX]);

/* port: one of GUEST_PORT_*. */
void workdir_socket(const struct workdir *work, uint64_t vm, const char *port, char path[108]);
void workdir_ring(const struct workdir *work, uint64_t vm, char path[108]);
/* Makes the file of a ring, which QEMU opens. 0 or -errno. */
int workdir_make_ring(const struct workdir *work, uint64_t vm);
/* Takes the bytes out of it, for all who map it. 0 or -errno. */
int workdir_empty_ring(const struct workdir *work, uint64_t vm);
/* Whether the writer of the wire with that key has said that it has written all. */
bool workdir_ring_has_ended(const struct workdir *work, uint64_t vm, uint64_t key);
void workdir_unlink_ring(const struct workdir *work, uint64_t vm);
void workdir_bounce(const struct workdir *work, uint64_t vm, char path[108]);
/*
 * Makes the file of a bounce buffer, which QEMU opens. Its descriptor, by which it is emptied later, whatever has that
 * name by then; or -errno.
 */
int workdir_make_bounce(const struct workdir *work, uint64_t vm);
int workdir_empty_bounce(int fd); /* as workdir_empty_ring() */
/* The sockets, the ring and the bounce buffer. */
void workdir_unlink_sockets(const struct workdir *work, uint64_t vm);

/* A session's libvirtd leaves a log of each VM in the user's cache for ever: removes that of domain. */
void workdir_unlink_session_log(const char *domain);

/* Whether that instance's vmprocd (of this user) lives. */
bool workdir_instance_lives(const struct workdir *work, const char *instance);

void workdir_remove(struct workdir *work);

#endif
