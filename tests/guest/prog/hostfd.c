/* hostfd.c - calls on inherited descriptors; the test looks at what reaches the host. */
#include <poll.h>

#include "t.h"

int main(void)
{
    struct pollfd in = {0, POLLIN, 0};
    if (write(1, "hello\n", 6) != 6 || lseek(1, 5, SEEK_SET) != 7 || ftruncate(1, 3) != 0 || fsync(1) != 0)
        return 1;
    return poll(&in, 1, -1) == 1 && in.revents == POLLIN ? 0 : 2;
}
