/*
 * daemon.h - vmprocd: what its parts share. All of it belongs to the loop's thread; libvirt is called from
 * libuv's workers and from the thread that looks for a router, which come back through uv_queue_work() or the
 * inbox.
 *
 *   server  listens, reads requests             client  one connection: a request, or a lease and its VM
 *   fleet   the routers, and who runs where       router  one libvirtd: connected, lost  watchdog  it hangs
 *   found   routers that DNS-SD tells of            browse    its eyes, a thread
 *   pool    which VM of a router is leased, started, ended  vm  one VM's states
 *   measure what VMs use, when somebody asks      memory  how much they may, and what when it is more
 *   boot    VMs that boot an image instead of our guest
 *   stops   notices that a shim stands still    replaced  notices that a newer one is installed
 */
#ifndef VMPROC_DAEMON_DAEMON_H
#define VMPROC_DAEMON_DAEMON_H

#include "fleet.h"
#include "inbox.h"
#include "measure.h"
#include "replaced.h"
#include "server.h"
#include "settings.h"
#include "stops.h"
#include "tsc.h"
#include "workdir.h"

#include <uv.h>

struct daemon {
    uv_loop_t loop;
    struct inbox inbox;
    struct settings set;
    struct workdir work;
    struct tsc tsc;
    struct fleet fleet;
    struct found found;
    struct stops stops;
    struct replaced replaced;
    struct measure measure;
    struct server server;
    uv_fs_event_t sockets; /* notices the sockets that libvirt makes */
    uv_fs_event_t place;   /* notices that our own is gone */
    uv_timer_t idle, farewell, boot_watch;
    uv_signal_t term, intr, child;
    int rundir_fd;
    bool retired; /* nobody new can come: we end when the last command has */
    bool sweeps;  /* nobody can come at all: we end when what killed ones have left is swept */
    bool ending;
    struct client *shutdown_by; /* whom to answer when the last VM is gone */
};

/*
 * Runs vmprocd until it ends; a byte is written to ready_fd (if >= 0) once it listens. replace: in the place
 * of the one that listens, if there is one. Returns the exit status.
 */
int daemon_run(int ready_fd, bool replace);

/*
 * Ends what vmprocds of this user that were killed have left on this machine (sweep.h), within some seconds. It does not listen,
 * so it is in nobody's way. Returns the exit status.
 */
int daemon_sweep(void);

/* To be called when a router has been swept. */
void daemon_swept(struct daemon *d);

/* Ends everything, then the loop. by: who asked by VMP_SHUTDOWN, or NULL. */
void daemon_shutdown(struct daemon *d, struct client *by);

/* Nobody new can come, for that reason: ends when the last command has. */
void daemon_retire(struct daemon *d, const char *why);

/* To be called when a VM or a client has gone: goes on with ending or with counting idle time. */
void daemon_changed(struct daemon *d);

/* Reaps processes that libvirtd has left to us, where that is safe. */
void daemon_reap(struct daemon *d);

/* The working directory is ready: begin to notice sockets in it. */
void daemon_watch_sockets(struct daemon *d);

#endif
