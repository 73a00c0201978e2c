/* What names of grants mean: resolved once, asked for only when they matter; and whoever answers programs that ask. */
#include "tests/unit/tap.h"
#include "vmproc/shim/resolver.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct asked {
    unsigned count;
    char last[NETWORK_NAME_MAX], refused[128];
};

static void note(void *owner, const char *name)
{
    struct asked *asked = owner;
    asked->count++;
    strcpy(asked->last, name);
}

static void note_refused(void *owner, const char *what)
{
    struct asked *asked = owner;
    snprintf(asked->refused, sizeof asked->refused, "%s", what);
}

static struct network_address address(const char *ipv4)
{
    struct network_address a;
    struct sockaddr_in in = {.sin_family = AF_INET};
    uint16_t port;
    inet_pton(AF_INET, ipv4, &in.sin_addr);
    network_take((struct sockaddr *)&in, sizeof in, &a, &port);
    return a;
}

static void resolved(struct network *network, const char *name, const char *ipv4, bool failed)
{
    struct vmp_addresses answer = {.failed = failed, .count = ipv4 != NULL};
    struct network_address a = ipv4 ? address(ipv4) : (struct network_address){{0}};
    strcpy(answer.name, name);
    memcpy(answer.address[0], a.bytes, sizeof a.bytes);
    network_resolved(network, &answer);
}

static enum network_verdict reach(struct network *network, const char *ipv4, uint16_t port)
{
    struct network_address a = address(ipv4);
    return network_may_reach(network, &a, port);
}

static void make(struct network *network, struct asked *asked, const char *first, const char *second)
{
    struct policy policy = POLICY_ORDINARY;
    policy_add(&policy, POLICY_NETWORK, first);
    policy_add(&policy, POLICY_NETWORK, second);
    check(network_init(network, &policy) == 0, "grants are taken");
    policy_free(&policy);
    *asked = (struct asked){0};
    network->ask = note;
    network->refused = note_refused;
    network->owner = asked;
}

static void names(void)
{
    struct network network;
    struct asked asked;
    make(&network, &asked, "db.example:5432", "10.0.0.1:80");
    check(reach(&network, "10.0.0.1", 80) == NETWORK_YES && reach(&network, "10.0.0.1", 81) == NETWORK_NO &&
              asked.count == 0,
          "nobody is asked for what an address decides, or a port");
    check(reach(&network, "10.9.9.9", 5432) == NETWORK_NOT_YET && asked.count == 1 &&
              strcmp(asked.last, "db.example") == 0,
          "an address that a name could be has to wait for it");
    check(reach(&network, "10.9.9.9", 5432) == NETWORK_NOT_YET && asked.count == 1, "it is asked for once");
    resolved(&network, "other.example", "10.9.9.9", false);
    check(reach(&network, "10.9.9.9", 5432) == NETWORK_NOT_YET, "another name's answer is no answer");
    resolved(&network, "db.example", "10.9.9.9", false);
    check(reach(&network, "10.9.9.9", 5432) == NETWORK_YES && reach(&network, "10.9.9.8", 5432) == NETWORK_NO,
          "then it is that address and no other");
    resolved(&network, "db.example", "10.9.9.8", false);
    check(reach(&network, "10.9.9.8", 5432) == NETWORK_NO, "whatever is said of it later");
    network_free(&network);
    make(&network, &asked, "db.example:5432", "0.0.0.0/0:25");
    reach(&network, "10.9.9.9", 5432);
    resolved(&network, "db.example", NULL, true);
    check(reach(&network, "10.9.9.9", 5432) == NETWORK_NO && asked.count == 1,
          "when nobody can be asked that is a refusal, and not asked for again and again");
    check(!network_find_name(&network, "elsewhere.example"), "no other name is known");
    network_free(&network);
    make(&network, &asked, "*:443", "listen:80");
    check(network_find_name(&network, "elsewhere.example") != NULL, "all hosts have all names");
    check(reach(&network, "0.0.0.0", 443) == NETWORK_YES, "no address is this machine's");
    network_free(&network);
    make(&network, &asked, "10.0.0.0/8:*", "10.0.0.0/8:*");
    check(reach(&network, "0.0.0.0", 443) == NETWORK_NO, "and not of a network that it is not in");
    network_free(&network);
}

/* Sends a question of type A and takes the answer: its code, or -1 without one. */
static int question(struct resolver *resolver, int fd, const char *name, uint8_t answer[512])
{
    uint8_t message[300] = {[1] = 7, [2] = 1, [5] = 1};
    size_t at = 12;
    struct pollfd fds[4];
    ssize_t n;
    while (*name) {
        size_t len = strcspn(name, ".");
        message[at] = (uint8_t)len;
        memcpy(message + at + 1, name, len);
        at += 1 + len;
        name += len + (name[len] == '.');
    }
    message[at + 2] = 1;
    message[at + 4] = 1;
    send(fd, message, at + 5, 0);
    poll(fds, resolver_poll_set(resolver, fds, 4), 0);
    resolver_polled(resolver, fds, 1);
    n = recv(fd, answer, 512, MSG_DONTWAIT);
    return n < 12 ? -1 : answer[3] & 15;
}

static void answers(void)
{
    struct network network;
    struct resolver resolver = {.network = &network};
    struct asked asked;
    uint8_t answer[512];
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
    struct pollfd fds[4];
    make(&network, &asked, "db.example:5432", "web.example:80");
    check(resolver_join(&resolver, fd) == 0, "a socket asks");
    check(question(&resolver, fd, "elsewhere.example", answer) == 5, "a name that was not given is refused");
    check_text(asked.refused, "the name elsewhere.example was not given", "that is told");
    check(question(&resolver, fd, "DB.example", answer) == -1 && asked.count == 1,
          "an answer waits for vmprocd");
    resolved(&network, "db.example", "10.1.2.3", false);
    resolver_answer(&resolver);
    check(recv(fd, answer, 512, MSG_DONTWAIT) == 12 + 16 + 16 && answer[1] == 7 && answer[7] == 1 &&
              memcmp(answer + 12 + 16 + 12, (const uint8_t[]){10, 1, 2, 3}, 4) == 0,
          "and has the address");
    check(question(&resolver, fd, "db.example", answer) == 0 && asked.count == 1,
          "the next one is given at once");
    question(&resolver, fd, "web.example", answer);
    resolved(&network, "web.example", NULL, true);
    resolver_answer(&resolver);
    check(recv(fd, answer, 512, MSG_DONTWAIT) > 0 && (answer[3] & 15) == 2, "nobody could be asked");
    check(question(&resolver, fd, "web.example", answer) == -1 && asked.count == 3, "then it is asked again");
    resolved(&network, "web.example", NULL, false);
    resolver_answer(&resolver);
    check(recv(fd, answer, 512, MSG_DONTWAIT) > 0 && (answer[3] & 15) == 3, "there is no such name");
    close(fd);
    poll(fds, resolver_poll_set(&resolver, fds, 4), 0);
    resolver_polled(&resolver, fds, 1);
    check(resolver_poll_count(&resolver) == 0, "who has gone is forgotten");
    network_free(&network);
}

int main(void)
{
    names();
    answers();
    return tap_done();
}
