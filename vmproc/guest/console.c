/* console.c - the control queues, and which port has which number. */
#include "console.h"

#include "lib.h"
#include "log.h"
#include "pmem.h"
#include "vmproc/guest_abi.h"

#define FEATURE_MULTIPORT (1ul << 1)
#define CONFIG_MAX_PORTS  4
#define MAX_PORTS         16u /* looked at; the host has named six */

enum control_event {
    DEVICE_READY = 0,
    PORT_ADD = 1,
    PORT_REMOVE = 2,
    PORT_READY = 3,
    PORT_OPEN = 6,
    PORT_NAME = 7,
};

struct control {
    uint32_t port;
    uint16_t event, value;
};

struct port ports[NPORTS];
static struct port control;
static struct port *by_number[MAX_PORTS];
static uint32_t max_ports;
static struct virtio_device device;

static const struct {
    const char *name;
    uint32_t tx_size;
} wanted[NPORTS] = {
    [PORT_CTL] = {GUEST_PORT_CTL, 64u << 10},   [PORT_9P] = {GUEST_PORT_9P, 512u << 10},
    [PORT_OUT] = {GUEST_PORT_OUT, 256u << 10},  [PORT_ERR] = {GUEST_PORT_ERR, 64u << 10},
    [PORT_PREV] = {GUEST_PORT_PREV, PAGE_SIZE}, [PORT_NEXT] = {GUEST_PORT_NEXT, 256u << 10},
};

/* Port 0 has the first two queues, the control queues are the next two, then two for each port. */
static uint16_t first_queue(uint32_t port)
{
    return (uint16_t)(port == 0 ? 0 : 2 + 2 * port);
}

static void send_control(uint32_t port, uint16_t event, uint16_t value)
{
    struct control *m = (void *)port_reserve(&control, sizeof *m);
    if (!m)
        return; /* cannot be: the device takes these at once, and the ring has room for all of them */
    *m = (struct control){port, event, value};
    port_commit(&control, sizeof *m);
}

static void name_port(uint32_t number, const char *name, size_t len)
{
    if (number >= max_ports || by_number[number])
        return;
    for (unsigned i = 0; i < NPORTS; i++) {
        struct port *port = &ports[i];
        if (port->present || strlen(wanted[i].name) != len || memcmp(wanted[i].name, name, len) != 0)
            continue;
        uint16_t queue = first_queue(number);
        if (!virtq_init(&port->rx, &device, queue) || !virtq_init(&port->tx, &device, queue + 1))
            return;
        port->number = number;
        port->present = true;
        by_number[number] = port;
        send_control(number, PORT_OPEN, 1);
    }
}

static void set_open(struct port *port, bool open)
{
    if (port->host_open == open)
        return;
    port->host_open = open;
    waitq_wake(&port->rx_wait);
    waitq_wake(&port->tx_wait);
    if (port->changed)
        port->changed(port);
}

static void handle_control(const struct control *m, const char *rest, size_t rest_len)
{
    struct port *port = m->port < max_ports ? by_number[m->port] : NULL;
    if (m->event == PORT_ADD && m->port < max_ports)
        send_control(m->port, PORT_READY, 1);
    else if (m->event == PORT_NAME)
        name_port(m->port, rest, strnlen(rest, rest_len));
    else if (m->event == PORT_OPEN && port)
        set_open(port, m->value);
    else if (m->event == PORT_REMOVE && port)
        set_open(port, false);
}

/* One buffer is one message. */
static void control_arrived(struct port *c)
{
    const char *bytes;
    size_t n;
    while ((n = port_peek(c, &bytes)) != 0) {
        struct control m;
        if (n >= sizeof m) {
            memcpy(&m, bytes, sizeof m);
            handle_control(&m, bytes + sizeof m, n - sizeof m);
        }
        port_consume(c, n);
    }
}

bool console_init(void)
{
    if (!virtio_find(&device, VIRTIO_ID_CONSOLE) ||
        !(virtio_negotiate(&device, FEATURE_MULTIPORT) & FEATURE_MULTIPORT))
        return false;
    max_ports = MIN(virtio_config(&device, CONFIG_MAX_PORTS), MAX_PORTS);
    if (!virtq_init(&control.rx, &device, 2) || !virtq_init(&control.tx, &device, 3))
        return false;
    for (unsigned i = 0; i < NPORTS; i++)
        port_init(&ports[i], wanted[i].name, wanted[i].tx_size);
    port_init(&control, "control", PAGE_SIZE);
    control.eager = true;
    control.arrived = control_arrived;
    virtio_ready(&device);
    port_receive(&control, 32);
    send_control(0, DEVICE_READY, 1);
    /* QEMU answers from within the notification, another device might take its time. */
    port_poll(&control);
    while (!ports[PORT_CTL].present)
        idle();
    return true;
}

void console_interrupt(void)
{
    virtio_ack_interrupt(&device);
    port_poll(&control);
    for (unsigned i = 0; i < NPORTS; i++) {
        struct port *port = &ports[i];
        if (!port->present)
            continue;
        port_poll(port);
        if (port->tx_wait.first && virtq_in_flight(&port->tx))
            waitq_wake(&port->tx_wait);
    }
}

/* The last port that there could be is none: the host has named six. */
void console_rest(void)
{
    if (max_ports > NPORTS && !by_number[max_ports - 1])
        virtq_renew_unused(&device, first_queue(max_ports - 1));
}
