/* Policies: what is written is read again, nonsense is refused, and what they leave of an environment. */
#include "tests/unit/tap.h"
#include "vmproc/policy.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void round_trip(void)
{
    struct policy p = POLICY_ORDINARY, q;
    int fd;
    check(policy_is_ordinary(&p), "the ordinary policy is ordinary");
    p.cwd = POLICY_READ;
    p.tmpdir = POLICY_NONE;
    p.explain = true;
    p.memory_bytes = 5000000000u;
    p.cpu_seconds = 7;
    p.file_bytes = 1u << 20;
    check(!policy_is_ordinary(&p), "another one is not");
    policy_add(&p, POLICY_PATH_READ, "/a b");
    policy_add(&p, POLICY_ENV_SET, "X=");
    fd = policy_write(&p);
    check(fd >= 0 && policy_read(&q, fd) == 0, "a policy is written and read");
    check(q.arguments == POLICY_WRITE && q.cwd == POLICY_READ && q.tmpdir == POLICY_NONE &&
              q.rest == POLICY_NONE && q.explain && !q.env_listed && q.memory_bytes == 5000000000u &&
              q.cpu_seconds == 7 && q.file_bytes == 1u << 20,
          "its settings are the same");
    check(q.count == 2 && q.items[0].kind == POLICY_PATH_READ && strcmp(q.items[0].text, "/a b") == 0 &&
              q.items[1].kind == POLICY_ENV_SET && strcmp(q.items[1].text, "X=") == 0,
          "its items are the same");
    check(pwrite(fd, "x", 1, 0) < 0 && ftruncate(fd, 0) < 0, "what was written cannot be changed");
    policy_free(&p);
    policy_free(&q);
    close(fd);
}

static int read_text(const char *text, size_t len)
{
    struct policy p;
    int fd = memfd_create("test", 0), err;
    if (len && write(fd, text, len) != (ssize_t)len)
        return 1;
    err = policy_read(&p, fd);
    policy_free(&p);
    close(fd);
    return err;
}

static void nonsense(void)
{
    check(read_text("a1\0r/x", 7) == 0, "a short policy is read");
    check(read_text("", 0) == -EINVAL && read_text("a1", 2) == -EINVAL && read_text("\0", 1) == -EINVAL,
          "an empty one, and one without an end, is refused");
    check(read_text("a3", 3) == -EINVAL && read_text("a", 2) == -EINVAL && read_text("ax", 3) == -EINVAL &&
              read_text("?1", 3) == -EINVAL,
          "an unknown setting or value is refused");
}

static bool environment_is(const struct policy *p, const char *expected)
{
    char *envp[] = {"A=1", "LC_ALL=C", "LC_TIME=D", "LC=", "AB=2", NULL}, text[128] = "";
    char **left = policy_environment(p, envp);
    for (char **e = left; *e; e++)
        strcat(strcat(text, *e), " ");
    free(left);
    return strcmp(text, expected) == 0;
}

static void environment(void)
{
    struct policy p = POLICY_ORDINARY;
    check(environment_is(&p, "A=1 LC_ALL=C LC_TIME=D LC= AB=2 "), "an ordinary policy passes everything");
    policy_add(&p, POLICY_ENV_DROP, "A");
    policy_add(&p, POLICY_ENV_SET, "LC=x");
    check(environment_is(&p, "LC_ALL=C LC_TIME=D AB=2 LC=x "),
          "variables are dropped and set by their whole name");
    policy_free(&p);
    p = POLICY_ORDINARY;
    p.env_listed = true;
    check(environment_is(&p, ""), "a policy that lists passes nothing else");
    policy_add(&p, POLICY_ENV_PASS, "LC_*");
    policy_add(&p, POLICY_ENV_PASS, "A");
    policy_add(&p, POLICY_ENV_DROP, "LC_TIME");
    check(environment_is(&p, "A=1 LC_ALL=C "),
          "what is listed is passed, a star is anything, and what is dropped is not");
    policy_free(&p);
}

int main(void)
{
    round_trip();
    nonsense();
    environment();
    return tap_done();
}
