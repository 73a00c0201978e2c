/* signal_name.c - names of signals for trap, kill and job notices (XCU trap, kill). */
#include "shell/trap.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct {
    const char *name;
    int number;
} names[] = {
    {"EXIT", 0},       {"HUP", SIGHUP},       {"INT", SIGINT},   {"QUIT", SIGQUIT},   {"ILL", SIGILL},
    {"TRAP", SIGTRAP}, {"ABRT", SIGABRT},     {"BUS", SIGBUS},   {"FPE", SIGFPE},     {"KILL", SIGKILL},
    {"USR1", SIGUSR1}, {"SEGV", SIGSEGV},     {"USR2", SIGUSR2}, {"PIPE", SIGPIPE},   {"ALRM", SIGALRM},
    {"TERM", SIGTERM}, {"STKFLT", SIGSTKFLT}, {"CHLD", SIGCHLD}, {"CONT", SIGCONT},   {"STOP", SIGSTOP},
    {"TSTP", SIGTSTP}, {"TTIN", SIGTTIN},     {"TTOU", SIGTTOU}, {"URG", SIGURG},     {"XCPU", SIGXCPU},
    {"XFSZ", SIGXFSZ}, {"VTALRM", SIGVTALRM}, {"PROF", SIGPROF}, {"WINCH", SIGWINCH}, {"POLL", SIGPOLL},
    {"PWR", SIGPWR},   {"SYS", SIGSYS},       {"IO", SIGIO},     {"IOT", SIGIOT},     {"CLD", SIGCHLD},
};

#define NAMES (sizeof names / sizeof *names)

int signal_number(const char *name)
{
    if (name[0] >= '0' && name[0] <= '9') {
        char *end;
        long number = strtol(name, &end, 10);

        return *end == '\0' && number < NSIG ? (int)number : -1;
    }
    if (strncasecmp(name, "SIG", 3) == 0)
        name += 3;
    for (size_t i = 0; i < NAMES; i++)
        if (strcasecmp(name, names[i].name) == 0)
            return names[i].number;
    if (strncasecmp(name, "RTMIN", 5) == 0 || strncasecmp(name, "RTMAX", 5) == 0) {
        int base = strncasecmp(name, "RTMIN", 5) == 0 ? SIGRTMIN : SIGRTMAX;
        char *end = (char *)name + 5;
        long offset = *end ? strtol(name + 5, &end, 10) : 0;
        long number = base + offset;

        return *end == '\0' && number >= SIGRTMIN && number <= SIGRTMAX ? (int)number : -1;
    }
    return -1;
}

const char *signal_name(int number)
{
    /* Real-time signals by their distance from the nearer end, as kill -l of other systems prints them. */
    static const char *const realtime[] = {
        "RTMIN",    "RTMIN+1",  "RTMIN+2",  "RTMIN+3",  "RTMIN+4",  "RTMIN+5",  "RTMIN+6",  "RTMIN+7",
        "RTMIN+8",  "RTMIN+9",  "RTMIN+10", "RTMIN+11", "RTMIN+12", "RTMIN+13", "RTMIN+14", "RTMIN+15",
        "RTMAX-14", "RTMAX-13", "RTMAX-12", "RTMAX-11", "RTMAX-10", "RTMAX-9",  "RTMAX-8",  "RTMAX-7",
        "RTMAX-6",  "RTMAX-5",  "RTMAX-4",  "RTMAX-3",  "RTMAX-2",  "RTMAX-1",  "RTMAX",
    };

    for (size_t i = 0; i < NAMES; i++)
        if (names[i].number == number)
            return names[i].name;
    if (number >= SIGRTMIN && number <= SIGRTMAX &&
        number - SIGRTMIN < (int)(sizeof realtime / sizeof *realtime))
        return realtime[number - SIGRTMIN];
    return NULL;
}
