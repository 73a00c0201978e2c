/* edit_ask.c - the child, and what it writes into a pipe: numbers and strings, each of those with its NUL. */
#include "shell/edit_ask.h"
#include "shell/arena.h"
#include "shell/edit_state.h"
#include "shell/fork.h"
#include "shell/keyboard.h"
#include "shell/redir.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define STUCK_MS    50  /* a child that is killed is gone sooner, or hangs */
#define PATIENCE_MS 40  /* then the user is told that there is something to wait for... */
#define TELL_MS     250 /* ...and how far it is, so often */

struct head {
    size_t start, listed_from, count, left_out;
};

/* ---- the child ---- */

static void tell(FILE *out, const char *text)
{
    fwrite(text, 1, strlen(text) + 1, out);
}

static void answer(int fd, const struct completions *found)
{
    FILE *out = fdopen(fd, "w");
    const struct head head = {found->start, found->listed_from, found->count, found->left_out};

    if (!out)
        _exit(1);
    fwrite(&head, sizeof head, 1, out);
    tell(out, found->common);
    tell(out, found->ending);
    for (size_t i = 0; i < found->count; i++) {
        tell(out, found->items[i].text);
        tell(out, found->items[i].about ? found->items[i].about : "");
    }
    _exit(fflush(out) == 0 ? 0 : 1);
}

/* ---- the parent ---- */

struct collected {
    char *bytes;
    size_t len, cap;
};

static void tell_progress(struct edit *edit, size_t so_far)
{
    const char *message = edit->message;
    char text[80];

    if (so_far > 0)
        snprintf(text, sizeof text, "looking: %zu so far; ^C ends it", so_far);
    else
        snprintf(text, sizeof text, "looking; ^C ends it");
    edit->message = text;
    edit_show(edit);
    edit->message = message; /* the next frame is without it */
}

/* All that comes. false: the user did not want to wait. */
static bool collect(struct edit *edit, int fd, const volatile size_t *so_far, struct collected *all)
{
    int patience = PATIENCE_MS;

    for (;;) {
        enum keyboard_event event = keyboard_wait(fd, patience);
        if (event == KEYBOARD_SIGNAL) {
            if (!edit_attend(edit))
                return false;
            continue;
        }
        if (event == KEYBOARD_NOTHING) {
            tell_progress(edit, so_far ? *so_far : 0);
            patience = TELL_MS;
            continue;
        }
        if (all->cap - all->len < 4096)
            all->bytes = xrealloc(all->bytes, all->cap = 2 * all->cap + 8192);
        ssize_t n = read(fd, all->bytes + all->len, all->cap - all->len - 1);
        if (n == 0)
            return true;
        if (n < 0 && errno != EINTR)
            return false;
        all->len += n > 0 ? (size_t)n : 0;
    }
}

static char *take(const char **at, const char *end)
{
    size_t len = strnlen(*at, (size_t)(end - *at));
    char *text = xmalloc(len + 1);

    memcpy(text, *at, len);
    text[len] = '\0';
    *at += *at + len < end ? len + 1 : len;
    return text;
}

static bool understand(const struct collected *all, struct edit_answer *answer)
{
    const char *at = all->bytes, *end = at + all->len;
    struct head head;

    if (all->len < sizeof head || all->bytes[all->len - 1] != '\0')
        return false;
    memcpy(&head, at, sizeof head);
    at += sizeof head;
    answer->found =
        (struct completions){.start = head.start, .listed_from = head.listed_from, .left_out = head.left_out};
    answer->found.common = take(&at, end);
    answer->ending = take(&at, end);
    answer->found.items = xmalloc((head.count + 1) * sizeof *answer->found.items);
    for (size_t i = 0; i < head.count; i++) {
        struct completion *item = &answer->found.items[i];
        *item = (struct completion){0};
        item->text = take(&at, end);
        item->about = take(&at, end);
        if (!*item->about) {
            free(item->about);
            item->about = NULL;
        }
        answer->found.count++;
    }
    return true;
}

void edit_end_child(pid_t child)
{
    struct pollfd end = {.fd = (int)syscall(SYS_pidfd_open, child, 0), .events = POLLIN};

    kill(child, SIGKILL);
    if (end.fd >= 0) {
        poll(&end, 1, STUCK_MS);
        close(end.fd);
    }
    waitpid(child, NULL, WNOHANG);
}

static bool receive(struct edit *edit, pid_t child, int fd, const volatile size_t *so_far,
                    struct edit_answer *answer)
{
    struct collected all = {0};
    bool whole = collect(edit, fd, so_far, &all);

    close(fd);
    if (!whole)
        edit_end_child(child);
    while (whole && waitpid(child, NULL, 0) < 0 && errno == EINTR)
        continue;
    whole = whole && understand(&all, answer);
    free(all.bytes);
    return whole;
}

/* Memory that the child shares; NULL: it will not be told how far it is. */
static volatile size_t *new_count(void)
{
    void *page = mmap(NULL, sizeof(size_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    return page == MAP_FAILED ? NULL : page;
}

static void free_count(volatile size_t *count)
{
    if (count)
        munmap((void *)count, sizeof *count);
}

/* line, or else word. */
static bool ask(struct edit *edit, const char *line, size_t cursor, const char *word, size_t limit,
                struct edit_answer *result)
{
    bool answered = false;
    int ends[2];

    *result = (struct edit_answer){0};
    edit_show(edit); /* what is waited for */
    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    ends[0] = redir_move_high(ends[0]);
    ends[1] = redir_move_high(ends[1]);
    volatile size_t *so_far = new_count();
    pid_t child = shell_fork(edit->sh, NULL, FORK_NO_JOB);
    if (child == 0) {
        struct completions found = {.so_far = so_far};
        if (line)
            complete_line(edit->sh, line, cursor, limit, &found);
        else
            complete_pathnames(edit->sh, word, limit, &found);
        answer(ends[1], &found);
    }
    close(ends[1]);
    if (child > 0)
        answered = receive(edit, child, ends[0], so_far, result);
    else
        close(ends[0]);
    free_count(so_far);
    return answered;
}

bool edit_ask_line(struct edit *edit, const char *line, size_t cursor, size_t limit,
                   struct edit_answer *answer)
{
    return ask(edit, line, cursor, NULL, limit, answer);
}

bool edit_ask_pathnames(struct edit *edit, const char *word, size_t limit, struct edit_answer *answer)
{
    return ask(edit, NULL, 0, word, limit, answer);
}

void edit_answer_free(struct edit_answer *answer)
{
    completions_free(&answer->found);
    free(answer->ending);
}
