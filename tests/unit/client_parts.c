/* The client library's small parts: options of the shim, the lifeline, the runtime directory, packets. */
#include "tests/unit/tap.h"
#include "vmproc/packet.h"
#include "vmproc/rundir.h"
#include "vmproc/shim_args.h"
#include "vmproc/vmproc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static void options(void)
{
    struct shim_args a = {.lease_fd = 7,
                          .pipeline = 4712,
                          .wire_in = true,
                          .lifeline_fd = -1,
                          .usage_fd = 12,
                          .shell_pid = 4711,
                          .trace = true,
                          .last = true,
                          .events_fd = 13,
                          .parcel_fd = 14,
                          .policy_fd = 5,
                          .program_fd = 15,
                          .strace_fd = -1,
                          .daemon_pid = 815,
                          .boot_fd = 16,
                          .own_files = 9},
                     b;
    char text[SHIM_ARGS_MAX];
    shim_args_format(&a, text);
    check_text(text,
               "v=3,l=7,i=1,o=0,g=-1,u=12,s=4711,t=1,d=1,e=13,f=14,p=5,k=15,y=-1,z=0,h=815,b=16,n=4712,w=9",
               "options are one string, the version first");
    check(shim_args_parse(&b, text) == 0 && b.lease_fd == 7 && b.wire_in && !b.wire_out &&
              b.lifeline_fd == -1 && b.usage_fd == 12 && b.shell_pid == 4711 && b.trace && b.last &&
              b.events_fd == 13 && b.parcel_fd == 14 && b.policy_fd == 5 && b.program_fd == 15 &&
              b.daemon_pid == 815 && b.boot_fd == 16 && b.own_files == 9,
          "options are read as they were written");
    check(shim_args_parse(&b, "v=1,l=7") == -EINVAL, "another version is refused");
    check(shim_args_parse(&b, "v=3,x=7") == -EINVAL, "an unknown option is refused");
    check(shim_args_parse(&b, "v=3,") == -EINVAL && shim_args_parse(&b, "") == -EINVAL &&
              shim_args_parse(&b, "v=3;l=2") == -EINVAL && shim_args_parse(&b, "v=3,l=-2") == -EINVAL,
          "malformed options are refused");
}

static void lifelines(void)
{
    struct vmproc_lifeline line = VMPROC_LIFELINE_INIT, sub;
    check(vmproc_lifeline_open(&line) == 0 && line.read_fd >= 10 && line.write_fd >= 10 &&
              fcntl(line.read_fd, F_GETFD) == FD_CLOEXEC,
          "a lifeline's descriptors are high and close-on-exec");
    sub = (struct vmproc_lifeline){dup(line.read_fd), -1};
    check(!vmproc_lifeline_cut(&sub), "the lifeline of a living shell is not cut");
    vmproc_lifeline_detach(&line);
    check(!vmproc_lifeline_cut(&sub), "the lifeline of a shell that left in order is not cut");
    close(line.read_fd);
    close(sub.read_fd);
    line = (struct vmproc_lifeline)VMPROC_LIFELINE_INIT;
    vmproc_lifeline_open(&line);
    close(line.write_fd);
    line.write_fd = -1;
    check(vmproc_lifeline_cut(&line), "the lifeline of a killed shell is cut");
}

static void usage(void)
{
    struct vmproc_usage shell = VMPROC_USAGE_INIT, subshell;
    struct vmproc_cpu used = {5, 7}, seen;
    vmproc_usage_add(shell.fd, &used);
    seen = vmproc_usage_read(&shell);
    check(seen.user_ns == 0 && seen.system_ns == 0, "without a page no CPU time is counted");
    check(vmproc_usage_open(&shell) == 0 && shell.fd >= 10 && fcntl(shell.fd, F_GETFD) == FD_CLOEXEC,
          "the page of CPU times has a high descriptor that is close-on-exec");
    vmproc_usage_add(shell.fd, &used);
    subshell = shell;
    vmproc_usage_in_subshell(&subshell);
    vmproc_usage_add(shell.fd, &used);
    seen = vmproc_usage_read(&shell);
    check(seen.user_ns == 10 && seen.system_ns == 14, "CPU times of VMs add up");
    seen = vmproc_usage_read(&subshell);
    check(seen.user_ns == 5 && seen.system_ns == 7, "a subshell counts from its beginning");
    close(shell.fd);
}

static void runtime_directory(void)
{
    char base[] = "/tmp/client_rundirXXXXXX", path[RUNDIR_PATH_MAX], wide[200];
    struct stat st;
    int fd;
    setenv("XDG_RUNTIME_DIR", mkdtemp(base), 1);
    fd = rundir_open(path);
    check(fd >= 0 && fstat(fd, &st) == 0 && (st.st_mode & 0777) == 0700,
          "the runtime directory is made with mode 0700");
    close(fd);
    chmod(path, 0750);
    check(rundir_open(path) == -EPERM, "one that is open to others is refused");
    rmdir(path);
    check(symlink("/tmp", path) == 0 && rundir_open(path) == -EPERM, "a link in its place is refused");
    unlink(path);
    snprintf(wide, sizeof wide, "/%0150d", 1);
    setenv("XDG_RUNTIME_DIR", wide, 1);
    check(rundir_open(path) == -ENAMETOOLONG, "a path that no socket can have is refused");
    setenv("XDG_RUNTIME_DIR", base, 1);
    check(vmproc_connect(false) == -ENOENT, "without vmprocd there is no connection");
    snprintf(wide, sizeof wide, "%s/fleetsh/%s", base, RUNDIR_SOCKET);
    unlink(wide);
    snprintf(wide, sizeof wide, "%s/fleetsh", base);
    rmdir(wide);
    rmdir(base);
}

static void packets(void)
{
    struct vmp_lease lease = {.count = 3}, got;
    struct packet p;
    int pair[2], fds[2] = {0, 1};
    check(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) == 0 &&
              packet_send(pair[0], VMP_LEASE, &lease, sizeof lease, fds, 2, 0) == 0 &&
              packet_recv(pair[1], &p, 0) == 0,
          "a packet with descriptors goes through");
    memcpy(&got, p.body, sizeof got);
    check(p.head.type == VMP_LEASE && p.nfds == 2 && got.count == 3, "its body and descriptors are the same");
    close(p.fds[0]);
    close(p.fds[1]);
    check(packet_recv_within(pair[1], &p, 1) == -ETIMEDOUT, "waiting is bounded");
    check(send(pair[0], "abc", 3, 0) == 3 && packet_recv(pair[1], &p, 0) == -EPROTO,
          "a short packet is refused");
    check(send(pair[0], "\1\0\1\0\20\0\0\0abc", 11, 0) == 11 && packet_recv(pair[1], &p, 0) == -EPROTO,
          "a packet whose length is not its own is refused");
    close(pair[0]);
    check(packet_recv(pair[1], &p, 0) == -EPIPE, "the end of a connection is told");
    close(pair[1]);
}

int main(void)
{
    options();
    lifelines();
    usage();
    runtime_directory();
    packets();
    return tap_done();
}
