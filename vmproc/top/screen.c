/*
 * screen.c - the live view.
 *
 *   line 0      the router's VMs in one line
 *   line 1      what went wrong or was done
 *   line 2      headings
 *   line 3...   a VM each; one is selected, by its number, so that sorting does not change what a key acts on
 *   last line   keys
 *
 *             k                y
 *   LOOKING -----> ASKING ----------> VM destroyed, LOOKING
 *      |  ^          | any other key
 *    h |  | any      '-------------> LOOKING
 *      v  | key
 *   HELPING
 */
#include "top.h"

#include <curses.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINE        1024
#define FIRST_ROW   3
#define LINES_MIN   6
#define COLUMNS_MIN 24
#define ESCAPE_MS   25 /* from ESC to the rest of a key's sequence */

enum mode { LOOKING, ASKING, HELPING };

struct view {
    struct fleet *fleet;
    enum mode mode;
    size_t sort; /* column */
    bool reversed;
    uint64_t selected; /* VM's number; 0: none yet */
    size_t top;        /* first row shown */
    char note[160];
    int interval_ms;
    unsigned repaint; /* so many samples: somebody else has written on the terminal, perhaps */
    bool done;
    sigset_t waiting; /* signal mask while we wait for keys */
};

/* A signal that ends or stops us, once the terminal is as it was: they are blocked but while we wait for
 * keys. */
static volatile sig_atomic_t signalled;

static void note_signal(int signo)
{
    signalled = signo;
}

/* ---- drawing ---- */

static void put_line(int y, const char *text, attr_t attributes)
{
    attrset(attributes);
    move(y, 0);
    addnstr(text, (int)text_fit(text, COLS));
    attrset(A_NORMAL);
}

static void draw_summary(const struct view *view)
{
    const struct fleet *fleet = view->fleet;
    double cpu = 0;
    uint64_t memory = 0;
    char line[LINE];

    for (size_t i = 0; i < fleet->count; i++) {
        cpu += fleet->rows[i].cpu_percent > 0 ? fleet->rows[i].cpu_percent : 0;
        memory += fleet->rows[i].vm.resident_bytes;
    }
    snprintf(line, sizeof line,
             "%zu VM%s: %u running, %u stopped, %u warm  CPU %.0f%%  memory %lluM  router %.64s",
             fleet->count, fleet->count == 1 ? "" : "s", fleet_count(fleet, VM_LEASED),
             fleet_count(fleet, VM_SUSPENDED), fleet_count(fleet, VM_WARM), cpu,
             (unsigned long long)(memory >> 20), fleet->count ? fleet->rows[0].vm.router : "-");
    put_line(0, line, A_BOLD);
}

/* The row that is selected; the first one when that VM has gone. */
static size_t selected_row(const struct view *view)
{
    for (size_t i = 0; i < view->fleet->count; i++)
        if (view->fleet->rows[i].vm.vm == view->selected)
            return i;
    return 0;
}

static void draw_rows(struct view *view)
{
    struct fleet *fleet = view->fleet;
    size_t room = (size_t)(LINES - FIRST_ROW - 1), selected = selected_row(view);
    char line[LINE];

    if (fleet->count > 0)
        view->selected = fleet->rows[selected].vm.vm;
    if (selected < view->top)
        view->top = selected;
    if (selected >= view->top + room)
        view->top = selected - room + 1;
    if (view->top > 0 && view->top + room > fleet->count)
        view->top = fleet->count > room ? fleet->count - room : 0;
    line_format(NULL, COLS, line, sizeof line);
    put_line(2, line, A_UNDERLINE);
    for (size_t i = view->top; i < fleet->count && i < view->top + room; i++) {
        line_format(&fleet->rows[i], COLS, line, sizeof line);
        put_line(FIRST_ROW + (int)(i - view->top), line, i == selected ? A_REVERSE : A_NORMAL);
    }
}

static void draw_help(void)
{
    static const char *const text[] = {
        "Up, Down, PgUp, PgDn, Home, End   select a VM",
        "s   stop its job (^Z)             c   continue it",
        "k   kill the VM                   space  look again now",
        "V J S C M I O A F N   sort by VM, job, state, CPU, memory,",
        "                      in, out, age, image (file), command name",
        "r   reverse the order             q   quit",
        "",
        "JOB is of the shell that started this. MEM is the host's memory in use.",
        "IN and OUT are bytes of files and descriptors, without wires.",
        "AGE is the command's, or that of a VM without one.",
    };

    for (int i = 0; i < (int)(sizeof text / sizeof *text) && FIRST_ROW + i < LINES - 1; i++)
        put_line(FIRST_ROW + i, text[i], A_NORMAL);
}

static void draw(struct view *view)
{
    erase();
    if (view->repaint > 0) {
        clearok(stdscr, TRUE);
        view->repaint--;
    }
    if (LINES < LINES_MIN || COLS < COLUMNS_MIN) {
        put_line(0, "too small", A_NORMAL);
        refresh();
        return;
    }
    draw_summary(view);
    put_line(1, view->note[0] ? view->note : view->fleet->problem, A_NORMAL);
    if (view->mode == HELPING)
        draw_help();
    else
        draw_rows(view);
    put_line(LINES - 1,
             view->mode == HELPING ? "any key goes back"
                                   : "q quit  s stop  c continue  k kill  VJSCMIOAFN sort  r reverse  h help",
             A_DIM);
    move(LINES - 1, COLS - 1);
    refresh();
}

/* ---- keys ---- */

static struct row *selection(const struct view *view)
{
    return view->fleet->count ? &view->fleet->rows[selected_row(view)] : NULL;
}

static void say(struct view *view, const char *what, const struct row *row)
{
    snprintf(view->note, sizeof view->note, "%s VM %llu (%.100s)", what, (unsigned long long)row->vm.vm,
             row->vm.command[0] ? row->vm.command : "no command");
}

static void sample(struct view *view)
{
    fleet_sample(view->fleet); /* on failure the view is empty and says why */
    rows_sort(view->fleet, view->sort, view->reversed);
}

static void signal_selection(struct view *view, int signo, const char *what)
{
    struct row *row = selection(view), acted;

    if (!row)
        return;
    acted = *row;
    if (fleet_signal(view->fleet, &acted, signo))
        snprintf(view->note, sizeof view->note, "%s", view->fleet->problem);
    else
        say(view, what, &acted);
    sample(view);
}

static void kill_selection(struct view *view)
{
    struct row *row = selection(view), acted;

    if (!row)
        return;
    acted = *row;
    if (fleet_kill(view->fleet, acted.vm.vm))
        snprintf(view->note, sizeof view->note, "%s", view->fleet->problem);
    else
        say(view, "killed", &acted);
    view->repaint = 2; /* its shim has told its user */
    sample(view);
}

static void select_by(struct view *view, long by)
{
    long at = (long)selected_row(view) + by, last = (long)view->fleet->count - 1;

    if (last < 0)
        return;
    at = at < 0 ? 0 : at > last ? last : at;
    view->selected = view->fleet->rows[at].vm.vm;
}

static bool sort_key(struct view *view, int key)
{
    for (size_t i = 0; i < column_count; i++) {
        if (columns[i].key != key)
            continue;
        view->sort = i;
        view->reversed = false;
        snprintf(view->note, sizeof view->note, "sorted by %s", columns[i].title);
        rows_sort(view->fleet, view->sort, view->reversed);
        return true;
    }
    return false;
}

static void look_key(struct view *view, int key)
{
    long page = LINES - FIRST_ROW - 1;

    view->note[0] = '\0';
    switch (key) {
    case 'q':
        view->done = true;
        return;
    case 's':
        signal_selection(view, SIGTSTP, "stopping");
        return;
    case 'c':
        signal_selection(view, SIGCONT, "continuing");
        return;
    case 'k':
        if (selection(view)) {
            say(view, "y kills", selection(view));
            view->mode = ASKING;
        }
        return;
    case 'r':
        view->reversed = !view->reversed;
        rows_sort(view->fleet, view->sort, view->reversed);
        return;
    case 'h':
    case '?':
        view->mode = HELPING;
        return;
    case KEY_UP:
        select_by(view, -1);
        return;
    case KEY_DOWN:
        select_by(view, 1);
        return;
    case KEY_PPAGE:
        select_by(view, -page);
        return;
    case KEY_NPAGE:
        select_by(view, page);
        return;
    case KEY_HOME:
        select_by(view, -(long)view->fleet->count);
        return;
    case KEY_END:
        select_by(view, (long)view->fleet->count);
        return;
    default:
        if (sort_key(view, key))
            return;
        view->repaint = 1;
        sample(view);
    }
}

static void handle_key(struct view *view, int key)
{
    enum mode mode = view->mode;

    if (key == KEY_RESIZE)
        return;
    view->mode = LOOKING;
    if (mode == LOOKING) {
        look_key(view, key);
    } else if (mode == ASKING) {
        view->note[0] = '\0';
        if (key == 'y')
            kill_selection(view);
    }
}

/* ---- the loop ---- */

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* As any program that ^Z stops; not left to ncurses, which would draw in a signal handler. */
static void stop(void)
{
    sigset_t set;

    endwin();
    sigemptyset(&set);
    sigaddset(&set, SIGTSTP);
    signal(SIGTSTP, SIG_DFL);
    raise(SIGTSTP);
    sigprocmask(SIG_UNBLOCK, &set, NULL); /* stops here */
    sigprocmask(SIG_BLOCK, &set, NULL);
    signal(SIGTSTP, note_signal);
    signalled = 0;
    clearok(stdscr, TRUE);
}

/* Waits for keys or signals that long. Returns whether something came. */
static bool wait_for_key(struct view *view, int64_t ms)
{
    struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
    struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    int ready = ppoll(&p, 1, &t, &view->waiting);

    if (ready > 0 && (p.revents & (POLLHUP | POLLERR | POLLNVAL)))
        signalled = SIGHUP; /* the terminal has gone */
    return ready != 0;
}

/* Keys until it is time for the next sample. */
static void attend(struct view *view)
{
    int64_t until = now_ms() + view->interval_ms;
    int key;

    while (!view->done) {
        int64_t left = until - now_ms();

        if (left <= 0 || !wait_for_key(view, left))
            return;
        if (signalled == SIGTSTP)
            stop();
        if (signalled)
            return;
        while (!view->done && (key = getch()) != ERR)
            handle_key(view, key);
        draw(view);
    }
}

static void catch_signals(struct view *view)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGWINCH};
    sigset_t set;

    sigemptyset(&set);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        sigaddset(&set, signals[i]);
        if (signals[i] != SIGWINCH) /* that one is ncurses' */
            sigaction(signals[i], &(struct sigaction){.sa_handler = note_signal}, NULL);
    }
    sigprocmask(SIG_BLOCK, &set, &view->waiting);
    signal(SIGPIPE, SIG_IGN);
}

_Noreturn static void die_of(int signo)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, signo);
    signal(signo, SIG_DFL);
    raise(signo);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    _exit(1);
}

int screen_run(struct fleet *fleet, int interval_ms)
{
    static const size_t by_state = 2;
    struct view view = {.fleet = fleet, .sort = by_state, .interval_ms = interval_ms};
    const char *terminal = getenv("TERM");
    SCREEN *screen = newterm(NULL, stdout, stdin);

    if (!screen) {
        fprintf(stderr, "vm top: the terminal type %s is not known: set TERM, or use vm top --once\n",
                terminal && *terminal ? terminal : "(none)");
        return 1;
    }
    catch_signals(&view);
    cbreak();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    set_escdelay(ESCAPE_MS);
    nodelay(stdscr, TRUE);
    curs_set(0);
    while (!view.done && !signalled) {
        sample(&view);
        draw(&view);
        attend(&view);
    }
    endwin();
    delscreen(screen);
    if (signalled)
        die_of(signalled);
    return 0;
}
