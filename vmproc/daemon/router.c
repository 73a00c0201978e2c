#include "adrift.h"
#include "boot.h"
#include "daemon.h"
#include "far_tsc.h"
#include "identity.h"
#include "log.h"
#include "sweep.h"
#include "uri.h"

#include <assert.h>
#include <libvirt/libvirt-qemu.h>
#include <libvirt/virterror.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONNECT_MS       5000 /* also covers the start of a session libvirtd by libvirt */
#define FAR_MS           10000 /* when sending the guest there takes longer, it is used all the same, but later */
#define RETRY_MIN_MS     500
#define RETRY_MAX_MS     10000
#define RESTART_MS       2000 /* what a libvirtd's restart may take */
#define RESTART_RETRY_MS 250
#define RECORD_MS        2000
#define STRAYS_MS        2000 /* guests whose ctl has closed power themselves off in a few ms */

/* What the thread that looks for a router brings back. */
struct attempt {
    struct router *r;
    unsigned epoch;       /* that the connection will have */
    struct record record; /* of DNS-SD, to go by; without a name: none */
    struct router_facts facts;
    virConnectPtr conn;
    char error[256];
};

/* What libvirt's thread tells the loop of a connection. */
struct notice {
    struct router *r;
    unsigned epoch;
    char name[64];  /* of a domain that stopped; "": the connection closed */
    char event[32]; /* of QEMU's, if the domain has not stopped but that has happened */
    char detail[96];
};

/* Calls of sweep.h in a worker. */
struct sweep {
    uv_work_t work;
    const struct workdir *dir;
    struct router *r;
    virConnectPtr conn; /* NULL: processes */
    bool last;          /* of those after its connection was made */
    struct sweep_living living;
    int swept;
};

/* ---- sweeping ---- */

static void sweep_work(uv_work_t *work)
{
    struct sweep *sweep = work->data;

    sweep->swept = sweep->conn ? sweep_domains(sweep->conn, sweep->dir, &sweep->living)
                               : sweep_processes(sweep->dir, &sweep->living);
}

static void sweep_done(uv_work_t *work, int status)
{
    struct sweep *sweep = work->data;

    if (sweep->swept)
        log_line("ended %d VM%s whose owner or libvirtd is gone", sweep->swept, sweep->swept == 1 ? "" : "s");
    if (sweep->conn)
        virConnectClose(sweep->conn);
    if (sweep->last) {
        sweep->r->swept = true;
        daemon_swept(sweep->r->d);
    }
    free(sweep->living.vms);
    free(sweep);
}

/* What lives now, of all routers: two of them may lead to one libvirtd. */
static void list_living(struct daemon *d, struct sweep_living *living)
{
    struct router *r;
    struct vm *vm;

    living->first_vm = d->fleet.next_vm;
    living->vms = calloc(fleet_count_all(d) + 1, sizeof *living->vms);
    assert(living->vms);
    FLEET_FOREACH_VM(d, r, vm)
    living->vms[living->count++] = vm->id;
}

static void start_sweep(struct router *r, virConnectPtr conn, bool last)
{
    struct daemon *d = r->d;
    struct sweep *sweep = calloc(1, sizeof *sweep);

    assert(sweep);
    sweep->work.data = sweep;
    sweep->dir = &d->work;
    sweep->r = r;
    sweep->conn = conn;
    sweep->last = last;
    list_living(d, &sweep->living);
    if (conn)
        virConnectRef(conn);
    uv_queue_work(&d->loop, &sweep->work, sweep_work, sweep_done);
}

static void on_strays(uv_timer_t *timer)
{
    struct router *r = timer->data;

    if (!r->facts.far)
        start_sweep(r, NULL, false);
    if (r->state == ROUTER_UP)
        start_sweep(r, r->conn, true);
}

/* ---- the end of a connection ---- */

/* What is left of a lost connection. Its last reference must not go here: with a libvirtd that hangs it
 * waits. */
struct remains {
    virConnectPtr conn;
    size_t ndoms;
    virDomainPtr doms[];
};

static void *dispose_thread(void *data)
{
    struct remains *remains = data;

    for (size_t i = 0; i < remains->ndoms; i++)
        virDomainFree(remains->doms[i]);
    virConnectClose(remains->conn);
    free(remains);
    return NULL;
}

static void dispose_connection(struct router *r, virConnectPtr conn)
{
    struct remains *remains;
    pthread_t thread;
    struct vm *vm;
    size_t n = 0;

    TAILQ_FOREACH (vm, &r->pool.vms, link)
        n++;
    remains = malloc(sizeof *remains + n * sizeof *remains->doms);
    assert(remains);
    remains->conn = conn;
    remains->ndoms = 0;
    TAILQ_FOREACH (vm, &r->pool.vms, link) {
        if (vm->dom)
            remains->doms[remains->ndoms++] = vm->dom;
        vm->dom = NULL;
    }
    if (pthread_create(&thread, NULL, dispose_thread, remains) == 0)
        pthread_detach(thread);
    else
        free(remains); /* and leave them */
}

static void plan_retry(struct router *r);

static void set_state(struct router *r, enum router_state state)
{
    r->state = state;
    fleet_weigh(r);
}

static void router_lost(struct router *r, const char *why)
{
    virConnectPtr conn = r->conn;

    log_line("router %s lost: %s", r->name, why);
    set_state(r, ROUTER_DOWN);
    r->conn = NULL;
    snprintf(r->error, sizeof r->error, "router lost: %s", why);
    pool_router_lost(r, r->error);
    fleet_move_on(r, r->error);
    dispose_connection(r, conn);
    if (!r->facts.far)
        uv_timer_start(&r->strays, on_strays, STRAYS_MS, 0);
    plan_retry(r);
}

void router_forgotten(struct router *r)
{
    if (r->trust.state != VMP_TRUST_NONE)
        r->trust.state = VMP_TRUST_UNKNOWN;
    if (r->state == ROUTER_UP)
        router_lost(r, "its certificate was forgotten");
}

void router_hangs(struct router *r)
{
    router_lost(r, "libvirtd does not answer any more");
}

static void router_ended(struct router *r, const char *why)
{
    if (!r->facts.far)
        r->restart_by = uv_now(&r->d->loop) + RESTART_MS;
    router_lost(r, why);
}

bool router_answers(const struct router *r)
{
    return r->state == ROUTER_UP && virConnectIsAlive(r->conn) == 1;
}

bool router_restarts(const struct router *r)
{
    return r->state != ROUTER_UP && !r->drained && uv_now(&r->d->loop) < r->restart_by;
}

static void on_notice(void *data)
{
    struct notice *notice = data;
    struct router *r = notice->r;

    if (r->state == ROUTER_UP && r->epoch == notice->epoch) {
        if (notice->event[0])
            boot_monitor_event(r, notice->name, notice->event, notice->detail);
        else if (notice->name[0])
            pool_domain_stopped(r, notice->name, notice->detail);
        else
            router_ended(r, notice->detail);
    }
    free(notice);
}

/* ---- libvirt's callbacks, in its event thread ---- */

static void post_notice(const struct notice *about, const char *name, const char *event, const char *detail)
{
    struct notice *notice = malloc(sizeof *notice);

    assert(notice);
    *notice = *about;
    snprintf(notice->name, sizeof notice->name, "%s", name);
    snprintf(notice->event, sizeof notice->event, "%s", event);
    snprintf(notice->detail, sizeof notice->detail, "%s", detail);
    inbox_post(&about->r->d->inbox, on_notice, notice);
}

static void on_close(virConnectPtr conn, int reason, void *opaque)
{
    static const char *const reasons[] = {
        [VIR_CONNECT_CLOSE_REASON_ERROR] = "I/O error on the connection to libvirtd",
        [VIR_CONNECT_CLOSE_REASON_EOF] = "libvirtd has ended",
        [VIR_CONNECT_CLOSE_REASON_CLIENT] = "the connection to libvirtd was closed",
    };

    post_notice(opaque, "", "",
                (unsigned)reason < sizeof reasons / sizeof *reasons && reasons[reason] ? reasons[reason]
                                                                                       : "closed");
}

static int on_lifecycle(virConnectPtr conn, virDomainPtr dom, int event, int detail, void *opaque)
{
    static const char *const details[] = {
        [VIR_DOMAIN_EVENT_STOPPED_SHUTDOWN] = "it powered itself off",
        [VIR_DOMAIN_EVENT_STOPPED_DESTROYED] = "it was destroyed",
        [VIR_DOMAIN_EVENT_STOPPED_CRASHED] = "it crashed",
        [VIR_DOMAIN_EVENT_STOPPED_FAILED] = "its QEMU ended unexpectedly",
    };
    const char *text = (unsigned)detail < sizeof details / sizeof *details ? details[detail] : NULL;

    if (event == VIR_DOMAIN_EVENT_STOPPED)
        post_notice(opaque, virDomainGetName(dom), "", text ? text : "it stopped");
    return 0;
}

/* How a guest has ended its machine; libvirt's own events do not tell a reset from a power-off. */
static void on_monitor(virConnectPtr conn, virDomainPtr dom, const char *event, long long seconds,
                       unsigned micros, const char *details, void *opaque)
{
    if (boot_wants_event(event, details ? details : ""))
        post_notice(opaque, virDomainGetName(dom), event, details ? details : "");
}

static struct notice *about(const struct attempt *attempt)
{
    struct notice *notice = calloc(1, sizeof *notice);

    assert(notice);
    notice->r = attempt->r;
    notice->epoch = attempt->epoch;
    return notice;
}

/* ---- connecting ---- */

static void connection_failed(struct router *r, const char *error)
{
    if (strcmp(r->error, error) != 0)
        log_line("no router: %s", error);
    snprintf(r->error, sizeof r->error, "%s", error);
    fleet_move_on(r, error);
    if (r->state == ROUTER_DOWN)
        plan_retry(r);
}

bool router_wishes_far(const struct router *r)
{
    return r->wish && uri_is_far(r->wish);
}

static void start_attempt(struct router *r, const struct record *record);
static void on_deadline(uv_timer_t *timer);

/* An alias of libvirt's configuration has been tried in vain: is there a service of that name? false: no. */
static bool goes_on(struct router *r, const struct attempt *attempt, char error[256])
{
    struct record record;

    if (attempt->record.name[0] || !r->wish || strstr(r->wish, "://") ||
        attempt->facts.trust.state != VMP_TRUST_NONE)
        return false;
    switch (found_pick(r, &record)) {
    case FOUND_ONE:
        start_attempt(r, &record);
        return true;
    case FOUND_WAIT:
        set_state(r, ROUTER_CONNECTING);
        r->awaits_record = true;
        uv_timer_start(&r->deadline, on_deadline, RECORD_MS, 0);
        return true;
    case FOUND_NONE:
        found_explain(r, error);
    }
    return false;
}

static bool is_taken(const struct router *r, const char *name)
{
    const struct router *other;

    TAILQ_FOREACH (other, &r->d->fleet.routers, link)
        if (other != r && strcmp(other->name, name) == 0)
            return true;
    return false;
}

/* Two routers may be called the same: the later one gets a number. */
static void take_name(struct router *r, const char *name)
{
    unsigned number = 1;

    snprintf(r->name, sizeof r->name, "%s", name);
    while (is_taken(r, r->name))
        snprintf(r->name, sizeof r->name, "%.50s-%u", name, ++number);
}

/* It answers, but the user has not accepted the certificate that it shows. */
static void connection_refused(struct router *r, const struct attempt *attempt)
{
    char error[256];

    if (!r->name[0])
        take_name(r, attempt->facts.name);
    fleet_weigh(r);
    trust_explain(&r->trust, r->name, error);
    connection_failed(r, error);
}

static void connection_made(struct router *r, struct attempt *attempt)
{
    struct daemon *d = r->d;
    char error[256];

    if (!attempt->facts.far) {
        if (workdir_make(&d->work, attempt->facts.qemu_uid, attempt->facts.qemu_gid, error) < 0) {
            virConnectClose(attempt->conn);
            connection_failed(r, error);
            return;
        }
        daemon_watch_sockets(d);
        attempt->facts.resident_file = d->work.resident_file;
    }
    set_state(r, ROUTER_UP);
    r->conn = attempt->conn;
    r->facts = attempt->facts;
    r->resident = r->facts.resident_file;
    if (d->set.accel)
        snprintf(r->facts.accel, sizeof r->facts.accel, "%s", d->set.accel);
    r->epoch++;
    r->error[0] = '\0';
    r->retry_ms = RETRY_MIN_MS;
    r->restart_by = 0;
    if (!r->record)
        take_name(r, r->facts.name);
    fleet_weigh(r);
    if (attempt->record.name[0]) {
        found_note(d, &attempt->record);
        found_take_offer(r, &attempt->record);
    }
    log_line("router \"%s\" (%s, by %s), accelerator %s", r->name, r->facts.uri, r->facts.found_by,
             r->facts.accel);
    if (virConnectIsAlive(r->conn) != 1) {
        router_lost(r, "libvirtd ended while we connected"); /* its notice came too early */
        return;
    }
    start_sweep(r, r->conn, false);
    /* And once more: a vmprocd that was just killed may hold its lock still, while nobody listens any more. */
    uv_timer_start(&r->strays, on_strays, STRAYS_MS, 0);
    memory_router_up(r);
    adrift_find(r);
    pool_router_up(r);
}

static void on_attempted(void *data)
{
    struct attempt *attempt = data;
    struct router *r = attempt->r;
    struct daemon *d = r->d;
    enum vmp_trust_state refused = attempt->facts.trust.state;

    uv_timer_stop(&r->deadline);
    set_state(r, ROUTER_DOWN);
    if (attempt->facts.trust.fingerprint[0] || !r->trust.peer[0])
        r->trust = attempt->facts.trust;
    if (d->ending && attempt->conn)
        virConnectClose(attempt->conn);
    else if (attempt->conn)
        connection_made(r, attempt);
    else if (r->again)
        router_want(r);
    else if (refused == VMP_TRUST_UNKNOWN || refused == VMP_TRUST_CHANGED)
        connection_refused(r, attempt);
    else if (!goes_on(r, attempt, attempt->error))
        connection_failed(r, attempt->error);
    daemon_reap(d);
    free(attempt);
}

static void *attempt_thread(void *data)
{
    static const char *const monitor_events[] = {"SHUTDOWN", "GUEST_PANICKED"};
    struct attempt *attempt = data;

    attempt->conn = router_find(attempt->r->wish, attempt->record.name[0] ? &attempt->record : NULL,
                                attempt->r->d->work.instance, &attempt->facts, attempt->error);
    if (attempt->conn) {
        if (attempt->facts.far && strstr(attempt->facts.libvirt_uri, "+tls:"))
            identity_of(attempt->facts.libvirt_uri, attempt->facts.certificate,
                        sizeof attempt->facts.certificate);
        virConnectRegisterCloseCallback(attempt->conn, on_close, about(attempt), free);
        for (unsigned i = 0; i < sizeof monitor_events / sizeof *monitor_events; i++)
            virConnectDomainQemuMonitorEventRegister(attempt->conn, NULL, monitor_events[i], on_monitor,
                                                     about(attempt), free, 0);
        virConnectDomainEventRegisterAny(attempt->conn, NULL, VIR_DOMAIN_EVENT_ID_LIFECYCLE,
                                         VIR_DOMAIN_EVENT_CALLBACK(on_lifecycle), about(attempt), free);
    }
    inbox_post(&attempt->r->d->inbox, on_attempted, attempt);
    return NULL;
}

/* There is none, or nobody says: without a wish there are other ways, else there is none. */
static void no_record(struct router *r)
{
    char error[256];

    if (!r->wish) {
        start_attempt(r, NULL);
        return;
    }
    uv_timer_stop(&r->deadline);
    r->awaits_record = false;
    set_state(r, ROUTER_DOWN);
    found_explain(r, error);
    connection_failed(r, error);
}

static void on_deadline(uv_timer_t *timer)
{
    struct router *r = timer->data;

    if (r->awaits_record) {
        no_record(r);
        return;
    }
    set_state(r, ROUTER_STUCK);
    connection_failed(
        r, router_wishes_far(r)
               ? "no answer within 10 s; is the machine up, and the network to it?"
               : "libvirtd accepts the connection but does not answer; is it stopped or overloaded?");
}

static void start_attempt(struct router *r, const struct record *record)
{
    struct attempt *attempt = calloc(1, sizeof *attempt);
    pthread_t thread;

    assert(attempt);
    if (record)
        attempt->record = *record;
    r->awaits_record = r->again = false;
    attempt->r = r;
    attempt->epoch = r->epoch + 1;
    uv_timer_stop(&r->retry);
    if (pthread_create(&thread, NULL, attempt_thread, attempt) != 0) {
        free(attempt);
        connection_failed(r, "no thread could be made to connect to libvirtd");
        return;
    }
    pthread_detach(thread);
    set_state(r, ROUTER_CONNECTING);
    uv_timer_start(&r->deadline, on_deadline,
                   router_wishes_far(r) || (record && !record->local) ? FAR_MS : CONNECT_MS, 0);
}

static void begin(struct router *r)
{
    struct record record;
    enum found_pick pick = found_pick(r, &record);

    if (pick == FOUND_WAIT && !r->wish) {
        uv_timer_stop(&r->retry);
        set_state(r, ROUTER_CONNECTING);
        r->awaits_record = true;
        uv_timer_start(&r->deadline, on_deadline, RECORD_MS, 0);
    } else {
        start_attempt(r, pick == FOUND_ONE ? &record : NULL);
    }
}

void router_look_again(struct router *r)
{
    struct record record;

    if (!r->awaits_record)
        return;
    switch (found_pick(r, &record)) {
    case FOUND_ONE:
        start_attempt(r, &record);
        break;
    case FOUND_NONE:
        no_record(r);
        break;
    case FOUND_WAIT:
        break;
    }
}

static void on_retry(uv_timer_t *timer)
{
    struct router *r = timer->data;

    if (r->state == ROUTER_DOWN && !r->d->ending)
        begin(r);
}

static void plan_retry(struct router *r)
{
    if (r->d->ending || r->offered)
        return;
    if (router_restarts(r)) {
        uv_timer_start(&r->retry, on_retry, RESTART_RETRY_MS, 0);
        return;
    }
    uv_timer_start(&r->retry, on_retry, r->retry_ms, 0);
    r->retry_ms = r->retry_ms * 2 > RETRY_MAX_MS ? RETRY_MAX_MS : r->retry_ms * 2;
}

void router_want(struct router *r)
{
    if (r->state == ROUTER_DOWN)
        begin(r);
    else if (r->state == ROUTER_STUCK)
        fleet_move_on(r, r->error);
}

void router_try_now(struct router *r)
{
    r->retry_ms = RETRY_MIN_MS;
    if (r->state == ROUTER_DOWN)
        begin(r);
    else if (r->state != ROUTER_UP && !r->awaits_record)
        r->again = true;
}

void router_init(struct daemon *d, struct router *r, const char *wish)
{
    uv_timer_t *timers[] = {&r->deadline, &r->retry, &r->strays};
    char name[64];

    r->d = d;
    r->wish = wish;
    for (unsigned i = 0; i < sizeof timers / sizeof *timers; i++) {
        uv_timer_init(&d->loop, timers[i]);
        timers[i]->data = r;
    }
    r->retry_ms = RETRY_MIN_MS;
    if (wish) {
        uri_short_name(wish, name);
        take_name(r, name);
    }
    watchdog_init(r);
    far_tsc_init(r);
    memory_init(r);
    pool_init(r);
}

void router_describe(struct router *r, struct vmp_router *info)
{
    static const char *const states[] = {
        [ROUTER_DOWN] = "not connected",
        [ROUTER_CONNECTING] = "connecting",
        [ROUTER_STUCK] = "failed: does not answer",
        [ROUTER_UP] = "connected",
    };

    *info = (struct vmp_router){
        .warm = pool_count(r, VM_WARM),
        .leased = pool_count(r, VM_LEASED) + pool_count(r, VM_SUSPENDED),
        .cold_start_us = stats_median(&r->pool.cold_start_us),
        .warm_grant_us = stats_median(&r->pool.warm_grant_us),
        .started_total = r->pool.started_total,
        .chosen = r->d->fleet.chosen == r,
        .drained = r->drained && !r->offered,
        .trust = r->trust.state,
        .far = r->facts.far,
        .processors = r->facts.processors,
        .memory_bytes = r->facts.memory_bytes,
    };
    fleet_weigh(r);
    info->start_us = r->placing.cost.start_us;
    info->load_us = r->placing.cost.load_us;
    info->data_us = r->placing.cost.data_us;
    info->rtt_us = r->placing.rtt_us;
    info->waiting = r->pool.nwaiting;
    snprintf(info->architecture, sizeof info->architecture, "%s", r->facts.architecture);
    snprintf(info->images, sizeof info->images, "%s", r->images);
    snprintf(info->labels, sizeof info->labels, "%s", r->labels);
    snprintf(info->fingerprint, sizeof info->fingerprint, "%s", r->trust.fingerprint);
    snprintf(info->name, sizeof info->name, "%s", r->name);
    snprintf(info->uri, sizeof info->uri, "%s", r->facts.uri[0] || !r->wish ? r->facts.uri : r->wish);
    snprintf(info->found_by, sizeof info->found_by, "%s", r->record ? "DNS-SD" : r->facts.found_by);
    if (strcmp(r->facts.accel, "kvm?") != 0)
        snprintf(info->accelerator, sizeof info->accelerator, "%s", r->facts.accel);
    snprintf(info->state, sizeof info->state, "%s",
             r->state == ROUTER_DOWN && r->offered    ? "found"
             : r->state == ROUTER_DOWN && r->error[0] ? "failed"
                                                      : states[r->state]);
    snprintf(info->error, sizeof info->error, "%s", r->error);
    if (r->offered && !r->error[0])
        snprintf(info->error, sizeof info->error, "not used; vm router trust %.40s, then vm router use %.40s",
                 r->name, r->name);
}
