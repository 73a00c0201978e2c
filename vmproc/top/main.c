/*
 * main.c - vm-top [--once | --json] [-d SECONDS] [--jobs NUMBER:PGID,...]: started by `vm top`, which knows
 * the jobs.
 */
#include "top.h"

#include <getopt.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MAX_JOBS 1000

enum mode { LIVE, ONCE, JSON };

struct options {
    enum mode mode;
    int interval_ms;
    struct top_job jobs[MAX_JOBS];
    size_t njobs;
};

static int usage(void)
{
    fprintf(stderr, "usage: vm top [--once | --json] [-d SECONDS]\n");
    return 2;
}

/* "1:4711,3:4720" */
static void parse_jobs(struct options *options, const char *text)
{
    int length;

    while (options->njobs < MAX_JOBS) {
        struct top_job *job = &options->jobs[options->njobs];

        if (sscanf(text, "%u:%d%n", &job->number, &job->pgid, &length) != 2)
            return;
        options->njobs++;
        text += length + (text[length] == ',');
    }
}

/* Seconds with a fraction; a tenth at least, an hour at most. */
static int parse_interval(const char *text, int *ms)
{
    char *end;
    double seconds = strtod(text, &end);

    if (end == text || *end || !(seconds >= 0.1 && seconds <= 3600))
        return -1;
    *ms = (int)(seconds * 1000);
    return 0;
}

static int parse(struct options *options, int argc, char **argv)
{
    static const struct option longs[] = {{"once", no_argument, NULL, 'o'},
                                          {"json", no_argument, NULL, 'j'},
                                          {"jobs", required_argument, NULL, 'J'},
                                          {0}};

    for (int c; (c = getopt_long(argc, argv, "d:", longs, NULL)) != -1;) {
        if (c == 'o')
            options->mode = ONCE;
        else if (c == 'j')
            options->mode = JSON;
        else if (c == 'J')
            parse_jobs(options, optarg);
        else if (c != 'd' || parse_interval(optarg, &options->interval_ms))
            return -1;
    }
    return optind == argc ? 0 : -1;
}

int main(int argc, char **argv)
{
    static struct options options = {.interval_ms = 1000};
    struct fleet fleet = {.fd = -1};

    setlocale(LC_CTYPE, "");
    argv[0] = "vm top";
    if (parse(&options, argc, argv))
        return usage();
    fleet.jobs = options.jobs;
    fleet.njobs = options.njobs;
    if (options.mode == JSON)
        return plain_json(&fleet);
    if (options.mode == ONCE || !isatty(STDOUT_FILENO) || !isatty(STDIN_FILENO))
        return plain_table(&fleet);
    return screen_run(&fleet, options.interval_ms);
}
