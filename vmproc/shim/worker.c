/* worker.c - the pool of waiting threads. */
#include "worker.h"
#include "cancel.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#define STACK_BYTES (64u << 10)

struct worker {
    struct workers *pool;
    pid_t tid; /* set by the worker before it takes its first operation */
    pthread_cond_t wake;
    struct op *op; /* NULL: idle */
};

struct workers {
    pthread_mutex_t lock; /* over everything below */
    struct worker worker[WORKERS_MAX];
    unsigned count;
    unsigned busy;        /* submitted and not yet taken back */
    struct op *done_head; /* first in, first out */
    struct op **done_tail;
    int event_fd;
};

/* read(2) may return short, write(2) must not: it goes on as a blocking descriptor's would. */
static long write_all(struct op *op)
{
    while (op->done < op->len) {
        long n = cancel_syscall(&op->cancelled, SYS_write, op->file->fd, (long)op->buf + (long)op->done,
                                (long)(op->len - op->done), 0, 0);
        if (n <= 0)
            return n;
        op->done += (size_t)n;
    }
    return (long)op->done;
}

static long perform(struct op *op)
{
    const int *flag = &op->cancelled;
    switch (op->kind) {
    case OP_READ:
        return cancel_syscall(flag, SYS_read, op->file->fd, (long)op->buf, (long)op->len, 0, 0);
    case OP_WRITE:
        return write_all(op);
    case OP_OPEN:
        return cancel_syscall(flag, SYS_openat, AT_FDCWD, (long)op->path, op->flags, 0, 0);
    case OP_IOCTL:
        return cancel_syscall(flag, SYS_ioctl, op->file->fd, (long)op->request, (long)op->arg, 0, 0);
    case OP_SETLKW:
        return cancel_syscall(flag, SYS_fcntl, op->file->fd, op->flags, (long)op->arg, 0, 0);
    case OP_FLOCK:
        return cancel_syscall(flag, SYS_flock, op->file->fd, op->flags, 0, 0, 0);
    case OP_POLL:
    case OP_TRY:
        break; /* never given to a worker */
    }
    return -EINVAL;
}

static void *worker_main(void *arg)
{
    struct worker *self = arg;
    struct workers *pool = self->pool;
    sigset_t terminal_stops;
    sigemptyset(&terminal_stops);
    sigaddset(&terminal_stops, SIGTTIN);
    sigaddset(&terminal_stops, SIGTTOU);
    pthread_mutex_lock(&pool->lock);
    self->tid = (pid_t)syscall(SYS_gettid);
    for (;;) {
        struct op *op;
        uint64_t one = 1;
        while (!self->op)
            pthread_cond_wait(&self->wake, &pool->lock);
        op = self->op;
        pthread_mutex_unlock(&pool->lock);
        pthread_sigmask(SIG_UNBLOCK, &terminal_stops, NULL);
        op->result = perform(op);
        pthread_sigmask(SIG_BLOCK, &terminal_stops, NULL);
        pthread_mutex_lock(&pool->lock);
        self->op = NULL;
        op->worker = NULL;
        op->next = NULL;
        *pool->done_tail = op;
        pool->done_tail = &op->next;
        if (write(pool->event_fd, &one, sizeof one) < 0)
            abort();
    }
    return NULL;
}

static struct workers *workers_new(void)
{
    struct workers *pool = calloc(1, sizeof *pool);
    if (!pool)
        return NULL;
    pool->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (pool->event_fd < 0) {
        free(pool);
        return NULL;
    }
    pthread_mutex_init(&pool->lock, NULL);
    pool->done_tail = &pool->done_head;
    return pool;
}

static int start_worker(struct workers *pool, struct worker *worker)
{
    pthread_attr_t attr;
    pthread_t thread;
    sigset_t blocked, before;
    int err;
    worker->pool = pool;
    pthread_cond_init(&worker->wake, NULL);
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, STACK_BYTES);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    sigfillset(&blocked);
    sigdelset(&blocked, CANCEL_SIGNAL);
    pthread_sigmask(SIG_SETMASK, &blocked, &before); /* the new thread inherits it */
    err = pthread_create(&thread, &attr, worker_main, worker);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attr);
    return -err;
}

static struct worker *idle_worker(struct workers *pool)
{
    for (unsigned i = 0; i < pool->count; i++)
        if (!pool->worker[i].op)
            return &pool->worker[i];
    if (pool->count == WORKERS_MAX || start_worker(pool, &pool->worker[pool->count]))
        return NULL;
    return &pool->worker[pool->count++];
}

int workers_submit(struct ops *ops, struct op *op)
{
    struct worker *worker;
    if (!ops->workers && !(ops->workers = workers_new()))
        return -ENOMEM;
    pthread_mutex_lock(&ops->workers->lock);
    worker = idle_worker(ops->workers);
    if (worker) {
        worker->op = op;
        op->worker = worker;
        ops->workers->busy++;
        pthread_cond_signal(&worker->wake);
    }
    pthread_mutex_unlock(&ops->workers->lock);
    return worker ? 0 : -EAGAIN;
}

void workers_cancel(struct ops *ops, struct op *op)
{
    __atomic_store_n(&op->cancelled, 1, __ATOMIC_SEQ_CST);
    pthread_mutex_lock(&ops->workers->lock);
    /* Under the lock the worker cannot begin another operation: the signal meets this one or none. */
    if (op->worker && op->worker->tid)
        syscall(SYS_tgkill, getpid(), op->worker->tid, CANCEL_SIGNAL);
    pthread_mutex_unlock(&ops->workers->lock);
}

int workers_event_fd(const struct workers *workers)
{
    return workers->event_fd;
}

void workers_clear_event(struct workers *workers)
{
    uint64_t count;
    if (read(workers->event_fd, &count, sizeof count) < 0 && errno != EAGAIN)
        abort();
}

struct op *workers_take_done(struct workers *workers)
{
    struct op *op;
    pthread_mutex_lock(&workers->lock);
    op = workers->done_head;
    if (op) {
        workers->done_head = op->next;
        if (!workers->done_head)
            workers->done_tail = &workers->done_head;
        workers->busy--;
    }
    pthread_mutex_unlock(&workers->lock);
    return op;
}

bool workers_busy(const struct workers *workers)
{
    return workers->busy > 0;
}
