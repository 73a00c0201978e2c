/* vm_client.c - one connection a question: LIST, ROUTER, KILL, SHUTDOWN of vmprocd_proto.h. */
#include "builtins/vm_client.h"
#include "shell/arena.h"
#include "shell/error.h"
#include "vmproc/packet.h"
#include "vmproc/vmproc.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ANSWER_MS   10000   /* for the whole answer */
#define MAX_OLD     16      /* vmprocds that have been replaced and still have commands */
#define MAX_RECORDS 100000u /* no router runs so many; a daemon gone mad does not take our memory */

struct exchange {
    enum vmp_type question;
    const void *body;
    uint32_t body_len;
    enum vmp_type record; /* type of the records before END; 0: the answer is OK */
    bool then_ok;         /* OK comes after them instead of END */
    size_t record_size;
    unsigned char *records; /* malloc'ed */
    size_t count;
    const char *name;  /* of the utility that asks, for messages; NULL: vm */
    bool until_closed; /* wait for the peer to go, too */
    int fd;            /* goes with the question; 0: none does */
};

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool is_absent(int error)
{
    return error == -ENOENT || error == -ECONNREFUSED;
}

static void keep_record(struct exchange *exchange, const void *record)
{
    size_t size = exchange->record_size;

    exchange->records = xrealloc(exchange->records, (exchange->count + 1) * size);
    memcpy(exchange->records + exchange->count++ * size, record, size);
}

/* Descriptors are no part of any answer here. */
static void close_descriptors(struct packet *packet)
{
    while (packet->nfds > 0)
        close(packet->fds[--packet->nfds]);
}

static bool says_replaced(const struct packet *packet)
{
    struct vmp_error error;

    memcpy(&error, packet->body, sizeof error);
    return packet->head.type == VMP_ERROR && packet->head.len == sizeof error && error.code == VMP_E_REPLACED;
}

/*
 * Returns 1: more to come, 0: complete, -errno. VMP_ERROR has been told when it returns -ECANCELED; -ESTALE:
 * a newer vmprocd is installed.
 */
static int take_packet(struct shell *sh, struct exchange *exchange, struct packet *packet)
{
    close_descriptors(packet);
    if (says_replaced(packet))
        return -ESTALE;
    if (packet->head.version != VMP_VERSION && exchange->question != VMP_SHUTDOWN)
        return -EPROTONOSUPPORT;
    if (packet->head.type == VMP_ERROR && packet->head.len == sizeof(struct vmp_error)) {
        struct vmp_error *error = (struct vmp_error *)packet->body;
        error->text[sizeof error->text - 1] = '\0';
        error_print(sh, "%s: %s", exchange->name ? exchange->name : "vm", error->text);
        return -ECANCELED;
    }
    if (exchange->record == 0)
        return packet->head.type == VMP_OK && packet->head.len == 0 ? 0 : -EPROTO;
    if (packet->head.type == (exchange->then_ok ? VMP_OK : VMP_END) && packet->head.len == 0)
        return 0;
    if (packet->head.type != exchange->record || packet->head.len != exchange->record_size ||
        exchange->count == MAX_RECORDS)
        return -EPROTO;
    keep_record(exchange, packet->body);
    return 1;
}

static int receive_until(int fd, struct packet *packet, int64_t deadline)
{
    int error;

    do {
        int64_t left = deadline - now_ms();
        error = left > 0 ? packet_recv_within(fd, packet, (int)left) : -ETIMEDOUT;
    } while (error == -EINTR || error == -EAGAIN);
    return error;
}

static int converse(struct shell *sh, int fd, struct exchange *exchange)
{
    int64_t deadline = now_ms() + ANSWER_MS;
    struct packet packet;
    int more = 1;
    int error = packet_send(fd, exchange->question, exchange->body, exchange->body_len, &exchange->fd,
                            exchange->fd > 0, 0);

    while (error == 0 && more > 0) {
        error = receive_until(fd, &packet, deadline);
        if (error == 0)
            more = take_packet(sh, exchange, &packet);
    }
    if (error == 0 && more == 0 && exchange->until_closed) {
        while ((error = receive_until(fd, &packet, deadline)) == 0)
            close_descriptors(&packet);
        return error == -EPIPE ? 0 : error;
    }
    return error != 0 ? error : more;
}

static void explain(struct shell *sh, int error)
{
    switch (error) {
    case -ECANCELED: /* has been told */
        break;
    case -EPIPE:
        error_print(sh, "vm: vmprocd ended before it answered");
        break;
    case -ETIMEDOUT:
        error_print(sh, "vm: vmprocd does not answer");
        break;
    case -ESTALE:
        error_print(sh, "vm: the running vmprocd is older; the next command that runs in a VM replaces it");
        break;
    case -EPROTONOSUPPORT:
        error_print(sh, "vm: the running vmprocd is of another version; end its commands and use `vm stop`");
        break;
    case -EPROTO:
        error_print(sh, "vm: vmprocd answered with a malformed packet");
        break;
    default:
        error_print_errno(sh, -error, "vm: vmprocd");
        break;
    }
}

/*
 * Asks at *fd; with start, one that has been replaced makes room for the new one, whose connection *fd then
 * is. 0 or -errno.
 */
static int ask_at(struct shell *sh, bool start, int *fd, struct exchange *exchange)
{
    int error = converse(sh, *fd, exchange);

    if (error == -ESTALE && start) {
        int new = vmproc_replace(*fd);

        close(*fd);
        *fd = new;
        error = new < 0 ? new : converse(sh, new, exchange);
    }
    return error;
}

/* Returns 0, 1 after a message, or -ENOENT when no vmprocd runs and start is false. */
static int ask(struct shell *sh, bool start, struct exchange *exchange)
{
    int fd = vmproc_connect(start);

    if (fd < 0) {
        if (!start && is_absent(fd))
            return -ENOENT;
        error_print_errno(sh, -fd, start ? "vm: vmprocd cannot be started" : "vm: vmprocd cannot be reached");
        return 1;
    }
    int error = ask_at(sh, start, &fd, exchange);
    if (fd >= 0)
        close(fd);
    if (error == 0)
        return 0;
    explain(sh, error);
    free(exchange->records);
    return 1;
}

static int by_number(const void *a, const void *b)
{
    const struct vmp_vm *x = a, *y = b;

    return (x->vm > y->vm) - (x->vm < y->vm);
}

/* Control characters of a command's text must not reach the terminal. */
static void make_text(char *field, size_t size)
{
    field[size - 1] = '\0';
    for (; *field; field++)
        if ((unsigned char)*field < 0x20 || *field == 0x7f)
            *field = '?';
}

#define MAKE_TEXT(field) make_text(field, sizeof(field))

int vm_fetch_list(struct shell *sh, struct vm_list *list)
{
    struct exchange exchange = {.question = VMP_LIST, .record = VMP_VM, .record_size = sizeof(struct vmp_vm)};
    int error = ask(sh, false, &exchange);

    *list = (struct vm_list){NULL, 0};
    if (error == -ENOENT)
        return 0;
    if (error != 0)
        return error;
    list->items = (struct vmp_vm *)exchange.records;
    list->count = exchange.count;
    if (list->count > 0)
        qsort(list->items, list->count, sizeof *list->items, by_number);
    for (size_t i = 0; i < list->count; i++) {
        MAKE_TEXT(list->items[i].domain);
        MAKE_TEXT(list->items[i].router);
        MAKE_TEXT(list->items[i].command);
        MAKE_TEXT(list->items[i].image);
    }
    return 0;
}

int vm_fetch_routers(struct shell *sh, struct vm_routers *routers)
{
    struct exchange exchange = {
        .question = VMP_ROUTER, .record = VMP_ROUTER_INFO, .record_size = sizeof(struct vmp_router)};
    int error = ask(sh, true, &exchange);

    *routers = (struct vm_routers){NULL, 0};
    if (error != 0)
        return 1;
    routers->items = (struct vmp_router *)exchange.records;
    routers->count = exchange.count;
    for (size_t i = 0; i < routers->count; i++) {
        MAKE_TEXT(routers->items[i].architecture);
        MAKE_TEXT(routers->items[i].images);
        MAKE_TEXT(routers->items[i].labels);
        MAKE_TEXT(routers->items[i].name);
        MAKE_TEXT(routers->items[i].uri);
        MAKE_TEXT(routers->items[i].found_by);
        MAKE_TEXT(routers->items[i].accelerator);
        MAKE_TEXT(routers->items[i].state);
        MAKE_TEXT(routers->items[i].error);
        MAKE_TEXT(routers->items[i].fingerprint);
    }
    return 0;
}

int vm_request_kill(struct shell *sh, uint64_t vm)
{
    struct vmp_kill body = {.vm = vm};
    struct exchange exchange = {.question = VMP_KILL, .body = &body, .body_len = sizeof body};
    int error = ask(sh, false, &exchange);

    if (error == -ENOENT)
        error_print(sh, "vm: no VM runs");
    return error != 0;
}

int vm_request_choice(struct shell *sh, enum vmp_type verb, const char *router)
{
    struct vmp_choice body = {""};
    struct exchange exchange = {.question = verb, .body = &body, .body_len = sizeof body};

    snprintf(body.router, sizeof body.router, "%s", router);
    return ask(sh, true, &exchange) != 0;
}

int vm_request_place(struct shell *sh, const char *router)
{
    struct vmp_place body = {.flags = VMP_PLACE_ASK};
    struct exchange exchange = {.question = VMP_PLACE, .body = &body, .body_len = sizeof body, .name = "on"};

    snprintf(body.on, sizeof body.on, "%s\n", router);
    return ask(sh, true, &exchange) != 0;
}

int vm_request_trust(struct shell *sh, const char *router, const char *fingerprint)
{
    struct vmp_trust body = {.router = ""};
    struct exchange exchange = {.question = VMP_TRUST, .body = &body, .body_len = sizeof body};

    snprintf(body.router, sizeof body.router, "%s", router);
    snprintf(body.fingerprint, sizeof body.fingerprint, "%s", fingerprint);
    return ask(sh, true, &exchange) != 0;
}

int vm_request_trace(struct shell *sh, int fd)
{
    struct exchange exchange = {.question = VMP_TRACE, .fd = fd};
    int error, connection = vmproc_connect(true);

    if (connection < 0) {
        error_print_errno(sh, -connection, "vm: vmprocd cannot be started");
        return -1;
    }
    error = ask_at(sh, true, &connection, &exchange);
    if (error == 0)
        return connection;
    explain(sh, error);
    if (connection >= 0)
        close(connection);
    return -1;
}

int vm_request_strace(struct shell *sh, uint64_t vm, int fd, uint32_t flags)
{
    struct vmp_strace body = {.vm = vm, .flags = flags};
    struct exchange exchange = {.question = VMP_STRACE, .body = &body, .body_len = sizeof body, .fd = fd};
    int error = ask(sh, false, &exchange);

    if (error == -ENOENT)
        error_print(sh, "vm: no VM runs");
    return error != 0;
}

int vm_request_debug(struct shell *sh, uint64_t vm, struct vmp_stub *stub)
{
    struct vmp_debug body = {.vm = vm, .flags = stub ? 0 : DEBUG_END};
    struct exchange exchange = {.question = VMP_DEBUG, .body = &body, .body_len = sizeof body};
    int error;

    if (stub) {
        exchange.record = VMP_STUB;
        exchange.record_size = sizeof *stub;
        exchange.then_ok = true;
    }
    error = ask(sh, false, &exchange);
    if (error == -ENOENT)
        error_print(sh, "vm: no VM runs");
    if (error == 0 && stub && exchange.count != 1) {
        explain(sh, -EPROTO);
        error = 1;
    } else if (error == 0 && stub) {
        memcpy(stub, exchange.records, sizeof *stub);
        MAKE_TEXT(stub->path);
    }
    if (error == 0)
        free(exchange.records);
    return error != 0;
}

/* Others in whose place that one has come may still have commands. */
int vm_request_shutdown(struct shell *sh)
{
    struct exchange exchange = {.question = VMP_SHUTDOWN, .until_closed = true};
    int old[MAX_OLD], error = ask(sh, false, &exchange), count = vmproc_connect_all(old, MAX_OLD);

    for (int i = 0; i < count; i++) {
        converse(sh, old[i], &exchange);
        close(old[i]);
    }
    return error != 0 && error != -ENOENT;
}
