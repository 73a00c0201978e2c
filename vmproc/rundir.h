/*
 * rundir.h - the user's runtime directory, where shells, shims and vmprocd meet.
 *
 *   $XDG_RUNTIME_DIR/fleetsh, else /run/user/UID/fleetsh when /run/user/UID is the user's own, else
 * /tmp/fleetsh-UID
 *
 * Invariant: whoever got the directory from rundir_open() knows that it is a real directory of this user's
 * with mode 0700: nobody else can put a socket or a lock there.
 *
 *   vmprocd.sock  the daemon listens here
 *   vmprocd.PID   the same socket by another name, which stays when another daemon takes this one's place: what
 *                 a running command starts finds the daemon of that command by it
 *   vmprocd.lock  flock(2)ed by a client from before it starts the daemon until the daemon is ready, and by the
 *                 daemon (LOCK_NB) while it takes its socket away to end: so there are never two daemons that
 *                 take new commands, and nobody connects to one that is leaving. A daemon that was given
 *                 --ready-fd does not lock.
 *   vmprocd.log   the daemon's standard error
 *   pin-HASH/     a router's certificate: vmproc/daemon/pin.h
 */
#ifndef VMPROC_RUNDIR_H
#define VMPROC_RUNDIR_H

#define RUNDIR_SOCKET "vmprocd.sock"
#define RUNDIR_OWN    "vmprocd." /* and its process id */
#define RUNDIR_LOCK   "vmprocd.lock"
#define RUNDIR_LOG    "vmprocd.log"

/* Longest path of the directory, NUL included, such that a socket in it still fits sockaddr_un. */
#define RUNDIR_PATH_MAX 90

/*
 * Creates and verifies the directory; fills path. Returns a close-on-exec directory descriptor that the
 * caller closes, or -errno: EPERM when what stands there is a link, another's, or open to others;
 * ENAMETOOLONG.
 */
int rundir_open(char path[RUNDIR_PATH_MAX]);

#endif
