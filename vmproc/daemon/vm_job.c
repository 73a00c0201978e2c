#include "vm_job.h"
#include "adrift.h"
#include "boot.h"
#include "bootxml.h"
#include "daemon.h"
#include "debug.h"
#include "relay.h"

#include "vmproc/router_policy.h"

#include <assert.h>
#include <libvirt/libvirt-qemu.h>
#include <libvirt/virterror.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct job {
    uv_work_t work;
    struct vm *vm;
    enum vm_job_kind kind;
    virConnectPtr conn; /* create and find only */
    unsigned epoch;     /* its */
    virDomainPtr dom;   /* a reference; of create and find: the result */
    enum vm_found found;
    char *xml;
    const char *uri; /* of the router, when its ports are to be opened over the network; else NULL */
    const char *name;
    struct relay *relay; /* reset: the VM's; create: the result */
    int ports[VM_NPORTS];
    bool failed, halted;
    char error[256];
    void (*done)(struct vm *vm, enum vm_job_kind kind, const char *error);
};

/* What a router's policy says stands within what libvirt says of its hook's end. */
static void take_error(struct job *job)
{
    const char *message = virGetLastErrorMessage(), *refusal = strstr(message, ROUTER_POLICY_MARK);

    if (refusal) {
        refusal += strlen(ROUTER_POLICY_MARK);
        snprintf(job->error, sizeof job->error, ROUTER_POLICY_REFUSAL "%.*s", (int)strcspn(refusal, "\n"),
                 refusal);
    } else {
        snprintf(job->error, sizeof job->error, "%s", message);
    }
}

/*
 * Descriptors can be given only to a domain that is defined: it is so until it runs. What it was defined as
 * goes with an undefined domain's end.
 */
static int create_with_disk(struct job *job, int fd)
{
    virDomainPtr dom = virDomainDefineXML(job->conn, job->xml);

    if (!dom)
        return -1;
    if (virDomainFDAssociate(dom, BOOT_DISK_FD_NAME, 1, &fd, 0) == 0 &&
        virDomainCreateWithFlags(dom, VIR_DOMAIN_START_AUTODESTROY) == 0)
        job->dom = dom;
    else
        take_error(job);
    virDomainUndefine(dom);
    if (!job->dom)
        virDomainFree(dom);
    return job->dom ? 0 : -1;
}

static int create_boot(struct job *job)
{
    struct boot *boot = job->vm->boot;

    if (boot_prepare(boot, job->error) < 0)
        return -1;
    job->xml = boot_xml(boot);
    if (job->xml && boot->plan.disk_fd >= 0)
        return create_with_disk(job, boot->plan.disk_fd);
    if (job->xml)
        job->dom = virDomainCreateXML(job->conn, job->xml, VIR_DOMAIN_START_AUTODESTROY);
    return job->dom ? 0 : -1;
}

static int do_create(struct job *job)
{
    if (job->vm->boot)
        return create_boot(job);
    job->dom =
        virDomainCreateXML(job->conn, job->xml, adrift_lives(job->vm) ? 0 : VIR_DOMAIN_START_AUTODESTROY);
    if (!job->dom)
        return -1;
    if (!job->uri)
        return 0;
    job->relay = relay_open(job->uri, job->name, job->ports, job->error);
    if (job->relay)
        return 0;
    virDomainDestroy(job->dom);
    virDomainFree(job->dom);
    job->dom = NULL;
    return -1;
}

static int do_destroy(struct job *job)
{
    return virDomainDestroy(job->dom);
}

static int do_suspend(struct job *job)
{
    return virDomainSuspend(job->dom);
}

/* A debugger may have let it go on already. */
static int do_resume(struct job *job)
{
    int state;

    if (virDomainResume(job->dom) == 0)
        return 0;
    take_error(job);
    return virDomainGetState(job->dom, &state, NULL, 0) == 0 && state == VIR_DOMAIN_RUNNING ? 0 : -1;
}

static int do_reset(struct job *job)
{
    if (virDomainReset(job->dom, 0) < 0)
        return -1;
    return job->relay ? relay_reopen(job->relay, job->ports, job->error) : 0;
}

static int do_find(struct job *job)
{
    int state;

    job->dom = virDomainLookupByName(job->conn, job->name);
    if (job->dom && virDomainGetState(job->dom, &state, NULL, 0) == 0) {
        job->found = state == VIR_DOMAIN_PAUSED ? VM_FOUND_PAUSED : VM_FOUND_RUNNING;
        return 0;
    }
    if (virGetLastErrorCode() == VIR_ERR_NO_DOMAIN)
        job->found = VM_FOUND_NONE;
    return -1;
}

static int do_look(struct job *job)
{
    char *registers = NULL;
    int err = virDomainQemuMonitorCommand(job->dom, "info registers", &registers,
                                          VIR_DOMAIN_QEMU_MONITOR_COMMAND_HMP);

    job->halted = err == 0 && boot_is_halted(registers);
    free(registers);
    return err;
}

static int do_debug(struct job *job)
{
    char path[108];

    workdir_socket(&job->vm->d->work, job->vm->id, DEBUG_SOCKET, path);
    return job->kind == JOB_DEBUG ? debug_open(job->dom, path, job->error)
                                  : debug_end(job->dom, path, job->error);
}

static int (*const calls[])(struct job *job) = {
    [JOB_CREATE] = do_create, [JOB_DESTROY] = do_destroy, [JOB_SUSPEND] = do_suspend,
    [JOB_RESUME] = do_resume, [JOB_RESET] = do_reset,     [JOB_LOOK] = do_look,
    [JOB_DEBUG] = do_debug,   [JOB_DEBUG_END] = do_debug, [JOB_FIND] = do_find,
};

static void run(uv_work_t *work)
{
    struct job *job = work->data;

    job->failed = calls[job->kind](job) < 0;
    if (job->failed && !job->error[0])
        take_error(job);
}

/* What an earlier connection has told is worth nothing: that one is lost. */
static void take_found(struct vm *vm, struct job *job)
{
    bool counts = vm->r->state == ROUTER_UP && vm->r->epoch == job->epoch && !vm->dom;

    vm->found = counts ? job->found : VM_FOUND_NOTHING;
    if (counts && !job->failed)
        vm->dom = job->dom;
    else if (job->dom)
        virDomainFree(job->dom);
}

static void finish(uv_work_t *work, int status)
{
    struct job *job = work->data;
    struct vm *vm = job->vm;

    vm->jobs--;
    watchdog_call_ends(vm->r);
    if (job->kind == JOB_CREATE) {
        vm->dom = job->dom;
        vm->relay = job->relay;
    } else if (job->kind == JOB_FIND) {
        take_found(vm, job);
    } else
        virDomainFree(job->dom);
    vm->halted = job->halted;
    for (unsigned i = 0; i < VM_NPORTS; i++)
        if (job->ports[i] >= 0)
            vm->arrived[i] = job->ports[i];
    if (job->conn)
        virConnectClose(job->conn);
    job->done(vm, job->kind, job->failed ? job->error : NULL);
    free(job->xml);
    free(job);
}

bool vm_job_start(struct vm *vm, enum vm_job_kind kind, char *xml,
                  void (*done)(struct vm *vm, enum vm_job_kind kind, const char *error))
{
    bool connects = kind == JOB_CREATE || kind == JOB_FIND;
    struct job *job;

    if (!connects && !vm->dom)
        return false;
    job = calloc(1, sizeof *job);
    assert(job);
    job->work.data = job;
    job->vm = vm;
    job->kind = kind;
    job->xml = xml;
    job->done = done;
    job->name = vm->name;
    for (unsigned i = 0; i < VM_NPORTS; i++)
        job->ports[i] = -1;
    if (kind == JOB_CREATE && vm->r->facts.far)
        job->uri = vm->r->facts.libvirt_uri;
    if (kind == JOB_RESET)
        job->relay = vm->relay;
    if (connects) {
        job->conn = vm->r->conn;
        job->epoch = vm->r->epoch;
        virConnectRef(job->conn);
    } else {
        job->dom = vm->dom;
        virDomainRef(job->dom);
    }
    vm->jobs++;
    watchdog_call_begins(vm->r);
    uv_queue_work(&vm->d->loop, &job->work, run, finish);
    return true;
}
