#include "avahi_poll.h"

#include <avahi-common/timeval.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

struct AvahiWatch {
    uv_poll_t poll;
    int fd;     /* as avahi knows it */
    int dup_fd; /* as libuv knows it */
    AvahiWatchEvent happened;
    AvahiWatchCallback callback;
    void *userdata;
};

struct AvahiTimeout {
    uv_timer_t timer;
    AvahiTimeoutCallback callback;
    void *userdata;
};

static const struct {
    AvahiWatchEvent avahi;
    int uv;
} events[] = {
    {AVAHI_WATCH_IN, UV_READABLE},
    {AVAHI_WATCH_OUT, UV_WRITABLE},
    {AVAHI_WATCH_HUP, UV_DISCONNECT},
};
#define NEVENTS (sizeof events / sizeof *events)

static void on_poll(uv_poll_t *poll, int status, int uv_events)
{
    AvahiWatch *watch = poll->data;

    watch->happened = status < 0 ? AVAHI_WATCH_ERR : 0;
    for (unsigned i = 0; i < NEVENTS; i++)
        if (uv_events & events[i].uv)
            watch->happened |= events[i].avahi;
    watch->callback(watch, watch->fd, watch->happened, watch->userdata);
}

static void watch_update(AvahiWatch *watch, AvahiWatchEvent event)
{
    int uv_events = 0;

    for (unsigned i = 0; i < NEVENTS; i++)
        if (event & events[i].avahi)
            uv_events |= events[i].uv;
    if (uv_events)
        uv_poll_start(&watch->poll, uv_events, on_poll);
    else
        uv_poll_stop(&watch->poll);
}

static AvahiWatch *watch_new(const AvahiPoll *api, int fd, AvahiWatchEvent event, AvahiWatchCallback callback,
                             void *userdata)
{
    AvahiWatch *watch = calloc(1, sizeof *watch);

    if (!watch)
        return NULL;
    watch->fd = fd;
    watch->dup_fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    if (watch->dup_fd < 0 || uv_poll_init(api->userdata, &watch->poll, watch->dup_fd) < 0) {
        if (watch->dup_fd >= 0)
            close(watch->dup_fd);
        free(watch);
        return NULL;
    }
    watch->poll.data = watch;
    watch->callback = callback;
    watch->userdata = userdata;
    watch_update(watch, event);
    return watch;
}

static AvahiWatchEvent watch_get_events(AvahiWatch *watch)
{
    return watch->happened;
}

static void on_watch_closed(uv_handle_t *handle)
{
    free(handle->data);
}

static void watch_free(AvahiWatch *watch)
{
    uv_poll_stop(&watch->poll);
    close(watch->dup_fd);
    uv_close((uv_handle_t *)&watch->poll, on_watch_closed);
}

static void on_timer(uv_timer_t *timer)
{
    AvahiTimeout *timeout = timer->data;

    timeout->callback(timeout, timeout->userdata);
}

/* tv is an absolute time by the wall clock; NULL disarms. */
static void timeout_update(AvahiTimeout *timeout, const struct timeval *tv)
{
    AvahiUsec left;

    if (!tv) {
        uv_timer_stop(&timeout->timer);
        return;
    }
    left = -avahi_age(tv);
    uv_timer_start(&timeout->timer, on_timer, left > 0 ? (uint64_t)(left + 999) / 1000 : 0, 0);
}

static AvahiTimeout *timeout_new(const AvahiPoll *api, const struct timeval *tv,
                                 AvahiTimeoutCallback callback, void *userdata)
{
    AvahiTimeout *timeout = calloc(1, sizeof *timeout);

    if (!timeout)
        return NULL;
    uv_timer_init(api->userdata, &timeout->timer);
    timeout->timer.data = timeout;
    timeout->callback = callback;
    timeout->userdata = userdata;
    timeout_update(timeout, tv);
    return timeout;
}

static void on_timeout_closed(uv_handle_t *handle)
{
    free(handle->data);
}

static void timeout_free(AvahiTimeout *timeout)
{
    uv_close((uv_handle_t *)&timeout->timer, on_timeout_closed);
}

void avahi_poll_init(AvahiPoll *poll, uv_loop_t *loop)
{
    *poll = (AvahiPoll){
        .userdata = loop,
        .watch_new = watch_new,
        .watch_update = watch_update,
        .watch_get_events = watch_get_events,
        .watch_free = watch_free,
        .timeout_new = timeout_new,
        .timeout_update = timeout_update,
        .timeout_free = timeout_free,
    };
}
