/* daemon.c - vmprocd's beginning and end. */
#include "daemon.h"
#include "boot.h"
#include "log.h"
#include "vmproc/packet.h"
#include "vmproc/rundir.h"

#include <errno.h>
#include <fcntl.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define FAREWELL_MS    3000  /* for the VMs to go when vmprocd ends */
#define LEAVE_AGAIN_MS 1000  /* when somebody was about to come as we wanted to leave */
#define SWEEP_MS       10000 /* for a router to be found that has something to sweep */

/* ---- libvirt's events: a thread that waits for them ---- */

static void *virt_thread(void *arg)
{
    for (;;)
        if (virEventRunDefaultImpl() < 0)
            log_line("libvirt's event loop: %s", virGetLastErrorMessage());
    return NULL;
}

static void ignore_virt_error(void *data, virErrorPtr error)
{
}

static int start_virt(void)
{
    pthread_t thread;

    virSetErrorFunc(NULL, ignore_virt_error); /* who calls reports */
    if (virEventRegisterDefaultImpl() < 0 || virInitialize() < 0)
        return -1;
    return pthread_create(&thread, NULL, virt_thread, NULL) ? -1 : pthread_detach(thread);
}

/* ---- ending ---- */

/* The connection to libvirtd is left to the end of the process: closing it properly could wait for an answer.
 */
static void finish(struct daemon *d)
{
    workdir_remove(&d->work);
    if (d->shutdown_by)
        packet_send(d->shutdown_by->fd, VMP_OK, NULL, 0, NULL, 0, MSG_DONTWAIT);
    log_line("ends");
    uv_stop(&d->loop);
}

static void on_farewell(uv_timer_t *timer)
{
    struct daemon *d = timer->data;

    log_line("some VMs have not ended in time; libvirtd destroys them");
    finish(d);
}

void daemon_shutdown(struct daemon *d, struct client *by)
{
    if (by)
        d->shutdown_by = by;
    if (d->ending)
        return;
    d->ending = true;
    server_close(d);
    uv_timer_start(&d->farewell, on_farewell, FAREWELL_MS, 0);
    fleet_end(d, "vmprocd was told to end");
    daemon_changed(d);
}

void daemon_retire(struct daemon *d, const char *why)
{
    if (d->retired || d->ending)
        return;
    log_line("%s: ends when the last command has", why);
    d->retired = true;
    fleet_retire(d);
    daemon_changed(d);
}

/*
 * Nobody has been here for long. The lock keeps others from connecting to a socket that is about to go, or
 * from starting a second vmprocd; whoever has connected by now keeps this one. There is no such lock when the
 * directory is gone.
 */
static void on_idle(uv_timer_t *timer)
{
    struct daemon *d = timer->data;
    int lock = openat(d->rundir_fd, RUNDIR_LOCK, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

    if (lock < 0 ? errno != ENOENT : flock(lock, LOCK_EX | LOCK_NB) < 0 || server_pending(&d->server)) {
        uv_timer_start(timer, on_idle, LEAVE_AGAIN_MS, 0);
    } else {
        log_line("idle");
        daemon_shutdown(d, NULL);
    }
    if (lock >= 0)
        close(lock);
}

void daemon_changed(struct daemon *d)
{
    if (d->ending) {
        if (fleet_count_all(d) == 0)
            finish(d);
        return;
    }
    if (d->sweeps)
        return; /* until that is done */
    if (d->retired && !fleet_in_use(d))
        daemon_shutdown(d, NULL);
    else if (!TAILQ_EMPTY(&d->server.clients))
        uv_timer_stop(&d->idle);
    else if (!uv_is_active((uv_handle_t *)&d->idle)) {
        log_limit(d->rundir_fd, RUNDIR_LOG);
        uv_timer_start(&d->idle, on_idle, d->set.idle_exit_ms, 0);
    }
}

static void on_signal(uv_signal_t *signal, int signo)
{
    daemon_shutdown(signal->data, NULL);
}

/*
 * The libvirtd of a session is started by libvirt in our name, and its QEMUs come to the nearest subreaper
 * above: us, for where process 1 is slow each VM's end would take libvirtd 2 s. Not while a connection is
 * being made: libvirt waits for the children that it forks then.
 */
void daemon_reap(struct daemon *d)
{
    if (fleet_connects(d))
        return;
    while (waitpid(-1, NULL, WNOHANG) > 0)
        ;
}

static void on_child(uv_signal_t *signal, int signo)
{
    daemon_reap(signal->data);
}

/* ---- the beginning ---- */

static void on_socket(uv_fs_event_t *event, const char *file, int events, int status)
{
    if (file)
        fleet_socket_made(event->data, file);
}

void daemon_watch_sockets(struct daemon *d)
{
    char path[80];

    snprintf(path, sizeof path, "%s/s", d->work.path);
    if (!uv_is_active((uv_handle_t *)&d->sockets))
        uv_fs_event_start(&d->sockets, on_socket, path, 0);
}

/* As at a logout, which removes the user's runtime directory: nobody new can come. */
static void on_runtime_directory(uv_fs_event_t *event, const char *file, int events, int status)
{
    struct daemon *d = event->data;

    if (!server_is_known(&d->server))
        daemon_retire(d, "our socket is gone from where clients look for it");
}

/* A socket that a service manager has handed us is the manager's business. */
static void watch_runtime_directory(struct daemon *d, const char *rundir)
{
    if (!d->server.handed)
        uv_fs_event_start(&d->place, on_runtime_directory, rundir, 0);
}

static void init_handles(struct daemon *d)
{
    uv_fs_event_init(&d->loop, &d->sockets);
    uv_fs_event_init(&d->loop, &d->place);
    uv_timer_init(&d->loop, &d->idle);
    uv_timer_init(&d->loop, &d->farewell);
    uv_signal_init(&d->loop, &d->term);
    uv_signal_init(&d->loop, &d->intr);
    uv_signal_init(&d->loop, &d->child);
    d->sockets.data = d->place.data = d->idle.data = d->farewell.data = d->term.data = d->intr.data =
        d->child.data = d;
    uv_signal_start(&d->term, on_signal, SIGTERM);
    uv_signal_start(&d->intr, on_signal, SIGINT);
    uv_signal_start(&d->child, on_child, SIGCHLD);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
}

/* Binds the socket: now clients can come. */
static int listen_here(struct daemon *d, const char *rundir, bool replace)
{
    int err = server_listen(d, rundir, replace);

    if (err == 0)
        watch_runtime_directory(d, rundir);
    return err;
}

static int init(struct daemon *d, char rundir[RUNDIR_PATH_MAX], bool replace)
{
    const char *what = "runtime directory";
    int err = d->rundir_fd = rundir_open(rundir);

    if (err < 0)
        goto fail;
    log_limit(d->rundir_fd, RUNDIR_LOG);
    settings_read(&d->set);
    replaced_init(&d->replaced);
    tsc_start(&d->tsc);
    d->server.fd = -1;
    TAILQ_INIT(&d->server.clients);
    what = "event loop";
    err = uv_loop_init(&d->loop);
    if (err < 0 || (err = inbox_init(&d->inbox, &d->loop)) < 0)
        goto fail;
    init_handles(d);
    stops_init(d);
    boot_watch_init(d);
    fleet_init(d);
    measure_init(d);
    what = "socket";
    err = d->sweeps ? 0 : listen_here(d, rundir, replace);
    if (err < 0)
        goto fail;
    what = "directory for QEMU";
    err = workdir_init(&d->work, rundir);
    if (err < 0)
        goto fail;
    what = "libvirt";
    err = start_virt() < 0 ? -EIO : 0;
    if (err < 0)
        goto fail;
    return 0;
fail:
    log_line("cannot start: %s: %s", what, strerror(-err));
    return err;
}

static int run(struct daemon *d)
{
    uv_run(&d->loop, UV_RUN_DEFAULT);
    /* Not exit(): threads of libvirt still run, and would do so amid the destructors of their libraries. */
    _exit(0);
}

int daemon_run(int ready_fd, bool replace)
{
    static struct daemon d;
    char rundir[RUNDIR_PATH_MAX];

    if (init(&d, rundir, replace) < 0)
        return 1;
    if (ready_fd >= 0) {
        if (write(ready_fd, "", 1) != 1)
            log_line("nobody waits for us any more");
        close(ready_fd);
    }
    log_line("fleetsh " FLEETSH_VERSION " listens at %s", d.server.path);
    found_init(&d);
    fleet_want(&d);
    daemon_changed(&d);
    return run(&d);
}

static void on_sweep_deadline(uv_timer_t *timer)
{
    daemon_shutdown(timer->data, NULL);
}

int daemon_sweep(void)
{
    static struct daemon d;
    char rundir[RUNDIR_PATH_MAX];

    d.sweeps = true;
    if (init(&d, rundir, false) < 0)
        return 1;
    log_line("sweeps");
    fleet_retire(&d);
    found_init(&d);
    fleet_want_near(&d);
    uv_timer_start(&d.idle, on_sweep_deadline, SWEEP_MS, 0);
    return run(&d);
}

void daemon_swept(struct daemon *d)
{
    if (d->sweeps && fleet_is_swept(d))
        daemon_shutdown(d, NULL);
}
