/* boot_plan.c - writing, reading and checking a plan. */
#include "vmproc/boot_plan.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEALS (F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL)

int boot_plan_write(const struct boot_plan *plan)
{
    int fd = memfd_create("fleetsh-boot", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    ssize_t n;
    int err;
    if (fd < 0)
        return -errno;
    n = write(fd, plan, sizeof *plan);
    if (n == sizeof *plan && fcntl(fd, F_ADD_SEALS, SEALS) == 0)
        return fd;
    err = n < 0 || n == sizeof *plan ? -errno : -EIO;
    close(fd);
    return err;
}

static bool is_sound(const struct boot_plan *p)
{
    return p->version == BOOT_PLAN_VERSION && p->load < BOOT_NLOADS && p->machine < BOOT_NMACHINES &&
           p->console < BOOT_NCONSOLES && p->input < BOOT_NINPUTS && p->disk < BOOT_NDISKS &&
           p->bus < BOOT_NBUSES && p->exit_port <= 0xffff && p->cmdline_len <= BOOT_CMDLINE_MAX &&
           strnlen(p->cmdline, sizeof p->cmdline) == p->cmdline_len &&
           strnlen(p->input_after, sizeof p->input_after) < sizeof p->input_after &&
           (p->kernel_fd >= 0) == (p->load != BOOT_LOAD_DISK) &&
           (p->disk_fd >= 0) == (p->disk != BOOT_NO_DISK) &&
           (p->load != BOOT_LOAD_DISK || (p->disk_fd >= 0 && p->initrd_fd < 0));
}

/* Sealed: what has been checked does not change afterwards. */
int boot_plan_read(struct boot_plan *plan, int fd)
{
    struct stat st;
    int seals = fcntl(fd, F_GET_SEALS);
    if (seals < 0 || (seals & SEALS) != SEALS || fstat(fd, &st) || st.st_size != sizeof *plan ||
        pread(fd, plan, sizeof *plan, 0) != sizeof *plan)
        return -EINVAL;
    return is_sound(plan) ? 0 : -EINVAL;
}

unsigned boot_plan_files(const struct boot_plan *plan, int fds[3])
{
    const int all[] = {plan->kernel_fd, plan->initrd_fd, plan->disk_fd};
    unsigned n = 0;
    for (unsigned i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i] >= 0)
            fds[n++] = all[i];
    return n;
}
