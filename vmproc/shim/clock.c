#include "clock.h"
#include "shim.h"

#include <errno.h>
#include <stdint.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define NEVER ((time_t)1 << 40) /* s since the epoch; the timer is there to be cancelled */

int clock_watch(void)
{
    const struct itimerspec never = {.it_value.tv_sec = NEVER};
    int fd = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);

    if (fd >= 0 && timerfd_settime(fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL) < 0) {
        close(fd);
        fd = -1;
    }
    return fd;
}

void clock_jumped(struct shim *shim)
{
    uint64_t expired;

    if (read(shim->clock_fd, &expired, sizeof expired) < 0 && errno == ECANCELED)
        ctl_send_clock(shim);
}
