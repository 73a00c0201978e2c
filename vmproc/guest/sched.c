/* sched.c - the ring of tasks and the switch between two of them. */
#include "sched.h"

#include "cpu.h"
#include "kmem.h"
#include "pagetable.h"
#include "pmem.h"
#include "trap.h"
#include "vm.h"

static struct task *ended; /* may be freed by whoever runs next */
static struct timer slice;
static uint64_t slice_began;

static void slice_over(struct timer *t)
{
    /* The interrupt was all: the way back to ring 3 looks at the clock. */
}

bool sched_is_shared(void)
{
    return first_task.next != NULL;
}

struct task *sched_first(void)
{
    return &first_task;
}

struct task *sched_new_task(void)
{
    struct task *t = kv_alloc(sizeof *t);
    if (!t)
        return NULL;
    t->leader = t;
    t->kstack = kv_alloc(KSTACK_SIZE);
    t->fpu = page_alloc();
    if (!current->fpu)
        current->fpu = page_alloc();
    if (!t->kstack || !t->fpu || !current->fpu) {
        sched_free_task(t);
        return NULL;
    }
    t->kstack_top = (uint64_t)t->kstack + KSTACK_SIZE;
    return t;
}

void sched_free_task(struct task *t)
{
    if (t->kstack)
        kv_free(t->kstack, KSTACK_SIZE);
    if (t->fpu)
        page_free(t->fpu);
    kv_free(t, sizeof *t);
}

static void join(struct task *t)
{
    struct task **at = &first_task.next;
    while (*at)
        at = &(*at)->next;
    *at = t;
}

void sched_start(struct task *t)
{
    t->ksp = stack_begin(t->kstack_top - sizeof(struct trapframe) - 64, trap_enter_user);
    join(t);
}

void sched_start_kernel(struct task *t, void (*main)(void))
{
    t->ksp = stack_begin(t->kstack_top - 16, main);
    join(t);
}

static bool is_runnable(const struct task *t)
{
    return !t->gone && !t->leader->stopped &&
           (!t->asleep || t->woken || (t->interruptible && signal_pending(t)));
}

/* The next one after current that can run; NULL: no other. */
static struct task *next_runnable(void)
{
    for (struct task *t = current->next; t; t = t->next)
        if (is_runnable(t))
            return t;
    for (struct task *t = &first_task; t && t != current; t = t->next)
        if (is_runnable(t))
            return t;
    return NULL;
}

static void free_ended(void)
{
    while (ended && ended != current) {
        struct task *t = ended;
        ended = t->next;
        sched_free_task(t);
    }
}

static void save_registers(struct task *t)
{
    fpu_save(t->fpu);
    thread_pointer_save(&t->thread_pointer);
    t->kstack_top = kstack_top;
}

static void load_registers(const struct task *t)
{
    pagetable_use(t->mm ? t->mm->root : NULL);
    cpu_set_kernel_stack(t->kstack_top);
    thread_pointer_load(&t->thread_pointer);
    fpu_restore(t->fpu);
}

static void switch_to(struct task *t)
{
    struct task *from = current;
    save_registers(from);
    load_registers(t);
    slice_began = clock_monotonic();
    current = t;
    switch_stack(&from->ksp, t->ksp);
    free_ended();
}

void sched_rest(void)
{
    struct task *t = next_runnable();
    if (t)
        switch_to(t);
    else
        idle();
}

void sched_before_user(void)
{
    struct task *t = sched_is_shared() ? next_runnable() : NULL;
    if (!t)
        return;
    if (clock_monotonic() - slice_began >= SCHED_SLICE_NS) {
        switch_to(t);
        t = next_runnable();
    }
    slice.fire = slice_over;
    if (t && !slice.armed)
        timer_start(&slice, clock_monotonic() + SCHED_SLICE_NS);
}

void sched_yield(void)
{
    struct task *t = next_runnable();
    if (t)
        switch_to(t);
}

static void leave(const struct task *t)
{
    struct task **at = &first_task.next;
    while (*at != t)
        at = &(*at)->next;
    *at = t->next;
}

void sched_remove(struct task *t)
{
    leave(t);
    sched_free_task(t);
}

void sched_end(void)
{
    leave(current);
    current->next = ended;
    ended = current;
    for (;;) {
        struct task *t = &first_task;
        while (t && !is_runnable(t))
            t = t->next;
        if (t)
            switch_to(t);
        idle();
    }
}

void sched_stop_others(void)
{
    for (struct task *t = &first_task; t; t = t->next)
        t->gone = t != current && t->mm;
}
