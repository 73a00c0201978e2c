#include "vm_job.h"
#include "daemon.h"

#include <assert.h>
#include <libvirt/virterror.h>
#include <stdio.h>
#include <stdlib.h>

struct job {
    uv_work_t work;
    struct vm *vm;
    enum vm_job_kind kind;
    virConnectPtr conn; /* create only */
    virDomainPtr dom;   /* a reference; of create: the result */
    char *xml;
    bool failed;
    char error[256];
    void (*done)(struct vm *vm, enum vm_job_kind kind, const char *error);
};

static int do_create(struct job *job)
{
    job->dom = virDomainCreateXML(job->conn, job->xml, VIR_DOMAIN_START_AUTODESTROY);
    return job->dom ? 0 : -1;
}

static int do_destroy(struct job *job)
{
    return virDomainDestroy(job->dom);
}

static int do_suspend(struct job *job)
{
    return virDomainSuspend(job->dom);
}

static int do_resume(struct job *job)
{
    return virDomainResume(job->dom);
}

static int do_reset(struct job *job)
{
    return virDomainReset(job->dom, 0);
}

static int (*const calls[])(struct job *job) = {
    [JOB_CREATE] = do_create, [JOB_DESTROY] = do_destroy, [JOB_SUSPEND] = do_suspend,
    [JOB_RESUME] = do_resume, [JOB_RESET] = do_reset,
};

static void run(uv_work_t *work)
{
    struct job *job = work->data;

    job->failed = calls[job->kind](job) < 0;
    if (job->failed)
        snprintf(job->error, sizeof job->error, "%s", virGetLastErrorMessage());
}

static void finish(uv_work_t *work, int status)
{
    struct job *job = work->data;
    struct vm *vm = job->vm;

    vm->jobs--;
    watchdog_call_ends(vm->r);
    if (job->kind == JOB_CREATE)
        vm->dom = job->dom;
    else
        virDomainFree(job->dom);
    if (job->conn)
        virConnectClose(job->conn);
    job->done(vm, job->kind, job->failed ? job->error : NULL);
    free(job->xml);
    free(job);
}

bool vm_job_start(struct vm *vm, enum vm_job_kind kind, char *xml,
                  void (*done)(struct vm *vm, enum vm_job_kind kind, const char *error))
{
    struct job *job;

    if (kind != JOB_CREATE && !vm->dom)
        return false;
    job = calloc(1, sizeof *job);
    assert(job);
    job->work.data = job;
    job->vm = vm;
    job->kind = kind;
    job->xml = xml;
    job->done = done;
    if (kind == JOB_CREATE) {
        job->conn = vm->r->conn;
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
