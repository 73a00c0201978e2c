#include "sweep.h"
#include "domxml.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool is_over(const struct sweep_living *living, uint64_t vm)
{
    for (size_t i = 0; i < living->count; i++)
        if (living->vms[i] == vm)
            return false;
    return vm < living->first_vm;
}

static bool orphan(virDomainPtr dom, const struct workdir *work, const struct sweep_living *living)
{
    const char *name = virDomainGetName(dom);
    struct domain_owner owner;
    char *metadata;
    uint64_t vm;
    bool is = false;

    if (!name || strncmp(name, DOMAIN_PREFIX, strlen(DOMAIN_PREFIX)) != 0)
        return false;
    metadata = virDomainGetMetadata(dom, VIR_DOMAIN_METADATA_ELEMENT, DOMAIN_METADATA_URI, 0);
    /* Whether a vmprocd on another machine lives cannot be told from here. */
    if (metadata && domain_owner(metadata, &owner) && owner.uid == geteuid() &&
        strcmp(owner.host, work->host) == 0) {
        if (strcmp(owner.instance, work->instance) == 0)
            is = sscanf(name, DOMAIN_PREFIX "%*[0-9a-f]-%" SCNu64, &vm) == 1 && is_over(living, vm);
        else
            is = !workdir_instance_lives(work, owner.instance);
    }
    free(metadata);
    return is;
}

int sweep_domains(virConnectPtr conn, const struct workdir *work, const struct sweep_living *living)
{
    virDomainPtr *doms;
    int n = virConnectListAllDomains(conn, &doms, VIR_CONNECT_LIST_DOMAINS_TRANSIENT), swept = 0;

    for (int i = 0; i < n; i++) {
        if (orphan(doms[i], work, living) && virDomainDestroy(doms[i]) == 0)
            swept++;
        virDomainFree(doms[i]);
    }
    if (n >= 0)
        free(doms);
    return swept;
}

/* Whether that process is the QEMU of a VM of ours that is over. */
static bool ours(const char *pid, const struct workdir *work, const struct sweep_living *living)
{
    char path[64], args[4096], prefix[64];
    const char *guest;
    uint64_t vm;
    ssize_t n;
    int fd;

    snprintf(path, sizeof path, "/proc/%.20s/cmdline", pid);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    n = read(fd, args, sizeof args);
    close(fd);
    if (n <= 0)
        return false;
    snprintf(prefix, sizeof prefix, "guest=" DOMAIN_PREFIX "%s-", work->instance);
    guest = memmem(args, (size_t)n, prefix, strlen(prefix));
    args[n - 1] = '\0';
    return guest && sscanf(guest + strlen(prefix), "%" SCNu64, &vm) == 1 && is_over(living, vm);
}

int sweep_processes(const struct workdir *work, const struct sweep_living *living)
{
    struct dirent *entry;
    DIR *proc = opendir("/proc");
    int swept = 0;

    while (proc && (entry = readdir(proc))) {
        int pidfd;

        if (entry->d_name[0] < '1' || entry->d_name[0] > '9' || !ours(entry->d_name, work, living))
            continue;
        /* Looked at again through a descriptor: the number may be another process's by now. */
        pidfd = (int)syscall(SYS_pidfd_open, atoi(entry->d_name), 0);
        if (pidfd >= 0 && ours(entry->d_name, work, living) &&
            syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0) == 0)
            swept++;
        if (pidfd >= 0)
            close(pidfd);
    }
    if (proc)
        closedir(proc);
    return swept;
}
