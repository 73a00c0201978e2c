/* pipeline.c - pipelines (XCU 2.9.2), which of their stages are wired VMs, and asynchronous lists (2.9.3.1).
 */
#include "shell/error.h"
#include "shell/eval.h"
#include "shell/exec.h"
#include "shell/fork.h"
#include "shell/job.h"
#include "shell/redir.h"
#include "shell/shell.h"
#include "shell/symbol.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct stage {
    struct exec_wiring wiring;
    bool in_vm;       /* the command is a program that the guest runs */
    bool reads_edge;  /* descriptor 0 is what the pipeline made it, when the command starts */
    bool writes_edge; /* likewise 1 */
};

/* ---- planning ---- */

/* Whether redirs leave fd alone: neither replaced nor duplicated to another descriptor. */
static bool leaves_alone(const struct redir *redirs, int fd)
{
    for (; redirs; redirs = redirs->next) {
        bool duplicates = redirs->op == REDIR_DUP_IN || redirs->op == REDIR_DUP_OUT;

        if (redirs->fd == fd || redirs->fd_name)
            return false;
        if (duplicates && (!(redirs->word->flags & WORD_STATIC) || atoi(redirs->word->text) == fd))
            return false;
    }
    return true;
}

/* Whether commands run before the command does, with its input: `wc $(cat)`. */
static bool substitutes(const struct node *node)
{
    for (const struct word *word = node->u.simple.words; word; word = word->next)
        if (word_runs(word))
            return true;
    for (const struct assignment *a = node->u.simple.assignments; a; a = a->next)
        if (word_runs(a->value))
            return true;
    for (const struct redir *redir = node->redirs; redir; redir = redir->next)
        if (word_runs(redir->word))
            return true;
    return false;
}

static bool runs_in_vm(struct shell *sh, const struct node *node)
{
    char spec[PATH_MAX];
    const char *path, *reason;
    struct symbol *symbol;
    int error;

    if (node->kind != NODE_SIMPLE || !node->u.simple.words)
        return false;
    symbol = node->u.simple.words->symbol;
    if (!symbol || symbol->function || symbol->builtin)
        return false;
    for (const struct assignment *a = node->u.simple.assignments; a; a = a->next)
        if (strcmp(a->symbol->name, "PATH") == 0)
            return false;
    path = exec_find(sh, symbol, NULL, &error);
    return path && vmproc_kind(path, &reason) == VMPROC_PROGRAM && !vmproc_spec_beside(path, spec);
}

/* Leases the run of stages first..last. Without a lease they are joined by kernel pipes alone. */
static void lease(const struct shell *sh, const struct node *node, struct stage *stages, unsigned first,
                  unsigned last)
{
    struct vmproc_lease leases[VMPROC_MAX_RUN];
    const char *names[VMPROC_MAX_RUN];
    unsigned n = last - first + 1;

    for (unsigned i = 0; i < n; i++)
        names[i] = node->u.list.items[first + i]->u.simple.words->symbol->name;
    if (vmproc_lease_run(leases, names, n, sh->pid, sh->router) != 0)
        return;
    for (unsigned i = 0; i < n; i++)
        stages[first + i].wiring = (struct exec_wiring){
            .lease_fd = leases[i].fd,
            .wire_in = i > 0,
            .wire_out = i + 1 < n,
        };
}

static void plan(struct shell *sh, const struct node *node, struct stage *stages)
{
    unsigned count = node->u.list.count;

    for (unsigned i = 0; i < count; i++) {
        const struct node *item = node->u.list.items[i];

        stages[i] = (struct stage){.wiring.lease_fd = -1};
        if (shell_executes(sh))
            continue;
        stages[i].in_vm = runs_in_vm(sh, item);
        stages[i].reads_edge =
            stages[i].in_vm && leaves_alone(item->redirs, STDIN_FILENO) && !substitutes(item);
        stages[i].writes_edge = leaves_alone(item->redirs, STDOUT_FILENO);
    }
    for (unsigned first = 0, last; first < count; first = last + 1) {
        last = first;
        while (last + 1 < count && last - first + 1 < VMPROC_MAX_RUN && stages[last].in_vm &&
               stages[last].writes_edge && stages[last + 1].in_vm && stages[last + 1].reads_edge)
            last++;
        if (last > first)
            lease(sh, node, stages, first, last);
    }
}

static void close_leases(const struct stage *stages, unsigned count, const struct stage *but)
{
    for (unsigned i = 0; i < count; i++)
        if (&stages[i] != but && stages[i].wiring.lease_fd >= 0)
            close(stages[i].wiring.lease_fd);
}

/* ---- running ---- */

static void place(int from, int to)
{
    if (from >= 0) {
        dup2(from, to);
        close(from);
    }
}

/* Starts all stages as processes of job. Returns false when a fork or a pipe failed. */
static bool start_stages(struct shell *sh, const struct node *node, struct job *job, struct stage *stages,
                         unsigned fork_flags)
{
    unsigned count = node->u.list.count;
    pid_t first = 0;
    int input = -1;

    for (unsigned i = 0; i < count; i++) {
        int ends[2] = {-1, -1};
        pid_t pid;

        if (i + 1 < count && !redir_pipe(sh, ends)) {
            job_abandon(sh, job);
            break;
        }
        pid = shell_fork(sh, job, fork_flags);
        first = i == 0 ? pid : first;
        if (pid == 0) {
            if (ends[0] >= 0)
                close(ends[0]);
            place(input, STDIN_FILENO);
            place(ends[1], STDOUT_FILENO);
            close_leases(stages, count, &stages[i]);
            stages[i].wiring.pipeline = i > 0 ? first : getpid();
            sh->wiring = &stages[i].wiring;
            eval_in_child(sh, node->u.list.items[i]);
        }
        if (input >= 0)
            close(input);
        if (ends[1] >= 0)
            close(ends[1]);
        input = ends[0];
        if (pid < 0)
            break;
    }
    if (input >= 0)
        close(input);
    return sh->unwind == UNWIND_NONE;
}

static struct job *start_pipeline(struct shell *sh, const struct node *node, unsigned fork_flags)
{
    struct arena_mark mark = arena_mark(&sh->scratch);
    unsigned count = node->u.list.count;
    struct stage *stages = arena_alloc(&sh->scratch, count * sizeof *stages);
    struct job *job = job_new(sh, node, count);
    bool started;

    plan(sh, node, stages);
    started = start_stages(sh, node, job, stages, fork_flags);
    close_leases(stages, count, NULL);
    arena_release(&sh->scratch, mark);
    return started ? job : NULL;
}

void eval_pipeline(struct shell *sh, const struct node *node, unsigned flags)
{
    struct job *job;

    (void)flags;
    sh->line = node->line;
    job = start_pipeline(sh, node, FORK_FOREGROUND);
    if (job)
        sh->status = job_wait_foreground(sh, job);
    eval_errexit(sh);
}

static struct job *start_async(struct shell *sh, const struct node *node)
{
    struct job *job;
    pid_t pid;

    if (node->kind == NODE_PIPELINE && !node->redirs)
        return start_pipeline(sh, node, FORK_ASYNC); /* $! is the last command's (2.9.3.1) */
    job = job_new(sh, node, 1);
    pid = shell_fork(sh, job, FORK_ASYNC);
    if (pid == 0)
        eval_in_child(sh, node);
    return pid > 0 ? job : NULL;
}

void eval_async(struct shell *sh, const struct node *node, unsigned flags)
{
    struct job *job = start_async(sh, node->u.child);

    (void)flags;
    if (!job)
        return;
    job_put_in_background(sh, job);
    if (sh->interactive)
        dprintf(STDERR_FILENO, "[%u] %d\n", job_number(job), (int)sh->last_async);
    sh->status = 0;
}
