/* What passes between a bootable image and the network: each way to get past the grants. */
#include "tap.h"
#include "vmproc/net/filter.h"

#define OTHER 0x0a000001u /* 10.0.0.1 */
#define SYN   FRAME_TCP_SYN
#define ACK   FRAME_TCP_ACK

static const uint8_t guest_mac[6] = NET_LINK_MAC_INIT;

struct made {
    uint8_t bytes[FRAME_MAX];
    size_t len;
};

static void put16(uint8_t *at, unsigned value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value)
{
    put16(at, value >> 16);
    put16(at + 2, value & 0xffff);
}

static struct made ipv4(uint8_t protocol, uint32_t from, unsigned from_port, uint32_t to, unsigned to_port)
{
    struct made m = {.len = 14 + 20 + (protocol == FRAME_TCP ? 20 : 8)};
    memcpy(m.bytes + 6, guest_mac, 6);
    put16(m.bytes + 12, 0x0800);
    m.bytes[14] = 0x45;
    put16(m.bytes + 16, (unsigned)m.len - 14);
    m.bytes[23] = protocol;
    put32(m.bytes + 26, from);
    put32(m.bytes + 30, to);
    put16(m.bytes + 34, from_port);
    put16(m.bytes + 36, to_port);
    put16(m.bytes + 38, 8); /* of UDP: its length */
    return m;
}

static struct made tcp(uint32_t from, unsigned from_port, uint32_t to, unsigned to_port, uint8_t flags)
{
    struct made m = ipv4(FRAME_TCP, from, from_port, to, to_port);
    m.bytes[47] = flags;
    return m;
}

static struct made arp(const uint8_t mac[6], uint32_t from)
{
    struct made m = {.len = 14 + 28};
    static const uint8_t head[] = {0, 1, 8, 0, 6, 4, 0, 1};
    memcpy(m.bytes + 6, guest_mac, 6);
    put16(m.bytes + 12, 0x0806);
    memcpy(m.bytes + 14, head, sizeof head);
    memcpy(m.bytes + 22, mac, 6);
    put32(m.bytes + 28, from);
    return m;
}

static enum filter_action out(struct filter *filter, struct made m)
{
    struct frame frame;
    return frame_read(&frame, m.bytes, m.len) ? filter_from_guest(filter, &frame) : FILTER_DROP;
}

static bool in(struct filter *filter, struct made m)
{
    struct frame frame;
    return frame_read(&frame, m.bytes, m.len) && filter_to_guest(filter, &frame);
}

static void test_destinations(void)
{
    static struct filter filter;
    check(out(&filter, tcp(NET_LINK_GUEST, 1000, OTHER, 80, SYN)) == FILTER_ASK,
          "a new destination is asked for");
    check(out(&filter, tcp(NET_LINK_GUEST, 1001, OTHER, 80, SYN)) == FILTER_WAIT, "once");
    filter_take_verdict(&filter, OTHER, 80, true);
    check(out(&filter, tcp(NET_LINK_GUEST, 1000, OTHER, 80, SYN)) == FILTER_PASS, "what was given passes");
    check(out(&filter, tcp(NET_LINK_GUEST, 1000, OTHER, 81, SYN)) == FILTER_ASK,
          "another port is another destination");
    filter_take_verdict(&filter, OTHER, 81, false);
    check(out(&filter, tcp(NET_LINK_GUEST, 1000, OTHER, 81, SYN)) == FILTER_REFUSE,
          "what was not given is refused");
    filter_forget_refusals(&filter);
    check(out(&filter, tcp(NET_LINK_GUEST, 1000, OTHER, 81, SYN)) == FILTER_ASK,
          "and asked for again when a name is known");
    check(out(&filter, tcp(NET_LINK_GUEST, 1000, OTHER, 80, SYN)) == FILTER_PASS, "what was given stays so");
    out(&filter, tcp(NET_LINK_GUEST, 1000, NET_LINK_HOST, 5, SYN));
    filter_take_verdict(&filter, 0x7f000001, 5, true);
    check(out(&filter, tcp(NET_LINK_GUEST, 1000, NET_LINK_HOST, 5, SYN)) == FILTER_PASS,
          "the host is 127.0.0.1");
    check(out(&filter, tcp(NET_LINK_GUEST, 1000, NET_LINK_NETWORK + 7, 80, SYN)) == FILTER_REFUSE,
          "there is nobody else on the segment");
    check(out(&filter, ipv4(FRAME_UDP, NET_LINK_GUEST, 9, NET_LINK_DNS, 53)) == FILTER_NAMES,
          "names are the shim's");
    check(out(&filter, tcp(NET_LINK_GUEST, 9, NET_LINK_DNS, 53, SYN)) == FILTER_REFUSE, "by datagrams alone");
    check(out(&filter, ipv4(FRAME_UDP, NET_LINK_GUEST, 9, 0xe00000fb, 5353)) == FILTER_DROP,
          "multicast goes nowhere");
    check(out(&filter, ipv4(FRAME_UDP, NET_LINK_GUEST, 9, 0xffffffff, 137)) == FILTER_DROP,
          "nor does broadcast");
    check(out(&filter, ipv4(FRAME_ICMP, NET_LINK_GUEST, 0, OTHER, 0)) == FILTER_DROP,
          "nor do echoes for others");
    check(out(&filter, ipv4(47, NET_LINK_GUEST, 0, OTHER, 0)) == FILTER_REFUSE,
          "other protocols are refused");
}

static void test_spoofing(void)
{
    static struct filter filter;
    static const uint8_t other_mac[6] = {2, 0, 0, 0, 0, 1};
    struct made m = tcp(NET_LINK_GUEST, 1000, OTHER, 80, SYN);
    filter_take_verdict(&filter, OTHER, 80, true);
    check(out(&filter, m) == FILTER_PASS, "it passes with the guest's own addresses");
    m.bytes[11] ^= 1;
    check(out(&filter, m) == FILTER_DROP, "and does not with another's hardware address");
    check(out(&filter, tcp(NET_LINK_GUEST + 1, 1000, OTHER, 80, SYN)) == FILTER_DROP,
          "nor with another's IP address");
    check(out(&filter, tcp(0x7f000001, 1000, OTHER, 80, SYN)) == FILTER_DROP, "nor with this machine's");
    check(out(&filter, arp(guest_mac, NET_LINK_GUEST)) == FILTER_PASS &&
              out(&filter, arp(guest_mac, 0)) == FILTER_PASS,
          "ARP passes for the guest's own address, and to look whether it is free");
    check(out(&filter, arp(guest_mac, NET_LINK_HOST)) == FILTER_DROP, "and not for the host's");
    check(out(&filter, arp(other_mac, NET_LINK_GUEST)) == FILTER_DROP, "nor with another's hardware address");
    check(out(&filter, ipv4(FRAME_UDP, 0, 68, 0xffffffff, 67)) == FILTER_PASS,
          "DHCP passes before there is an address");
    check(out(&filter, ipv4(FRAME_UDP, 0, 69, 0xffffffff, 67)) == FILTER_DROP, "and nothing else does");
}

static void test_fragments(void)
{
    static struct filter filter;
    struct made m = tcp(NET_LINK_GUEST, 1000, OTHER, 80, SYN), vlan = m, cut = m, long_head = m;
    filter_take_verdict(&filter, OTHER, 80, true);
    put16(m.bytes + 20, 0x2000);
    check(out(&filter, m) == FILTER_DROP, "a first fragment does not pass");
    put16(m.bytes + 20, 0x00b9);
    check(out(&filter, m) == FILTER_DROP, "nor does a later one");
    put16(vlan.bytes + 12, 0x8100);
    check(out(&filter, vlan) == FILTER_DROP, "nor another kind of frame");
    cut.len -= 8;
    check(out(&filter, cut) == FILTER_DROP, "nor one that is cut");
    long_head.bytes[14] = 0x4f;
    check(out(&filter, long_head) == FILTER_DROP, "nor one whose header is longer than it is");
    m = ipv4(FRAME_UDP, NET_LINK_GUEST, 9, NET_LINK_DNS, 53);
    put16(m.bytes + 38, 200);
    check(out(&filter, m) == FILTER_DROP, "nor a datagram that is longer than its packet");
}

static void test_listening(void)
{
    static struct filter filter = {.listens = {8080}, .nlistens = 1};
    check(out(&filter, tcp(NET_LINK_GUEST, 8080, OTHER, 999, SYN | ACK)) == FILTER_PASS,
          "who connects is answered");
    check(out(&filter, tcp(NET_LINK_GUEST, 8080, OTHER, 999, ACK)) == FILTER_PASS, "to the end");
    check(out(&filter, tcp(NET_LINK_GUEST, 8080, OTHER, 999, SYN)) == FILTER_ASK,
          "and nobody connected to from that port");
    check(out(&filter, tcp(NET_LINK_GUEST, 8081, OTHER, 999, ACK)) == FILTER_WAIT,
          "other ports answer nobody");
    check(out(&filter, ipv4(FRAME_UDP, NET_LINK_GUEST, 8080, OTHER, 999)) == FILTER_WAIT,
          "datagrams answer nobody");
    check(in(&filter, ipv4(FRAME_UDP, OTHER, 999, NET_LINK_GUEST, 8080)), "who sends one there is heard");
    check(out(&filter, ipv4(FRAME_UDP, NET_LINK_GUEST, 8080, OTHER, 999)) == FILTER_PASS, "and answered");
    check(out(&filter, ipv4(FRAME_UDP, NET_LINK_GUEST, 8080, OTHER, 998)) == FILTER_ASK, "he alone");
    check(out(&filter, ipv4(FRAME_UDP, NET_LINK_GUEST, 8081, OTHER, 999)) == FILTER_WAIT,
          "from that port alone");
    check(!in(&filter, ipv4(FRAME_UDP, OTHER, 999, NET_LINK_GUEST, 8081)), "other ports hear nobody");
    filter_take_verdict(&filter, OTHER, 53, true);
    check(in(&filter, ipv4(FRAME_UDP, OTHER, 53, NET_LINK_GUEST, 8081)), "but whom they may reach");
    check(in(&filter, tcp(OTHER, 999, NET_LINK_GUEST, 8080, SYN)), "TCP comes from the sockets, which know");
}

static void test_answers(void)
{
    struct made m = tcp(NET_LINK_GUEST, 1000, OTHER, 80, SYN), answer;
    struct frame frame;
    frame_read(&frame, m.bytes, m.len);
    answer.len = frame_unreachable(&frame, answer.bytes);
    check(frame_read(&frame, answer.bytes, answer.len) && frame.protocol == FRAME_ICMP &&
              frame.to == NET_LINK_GUEST && answer.bytes[34] == 3 && answer.bytes[35] == 0 &&
              memcmp(answer.bytes + 42, m.bytes + 14, 28) == 0,
          "a refusal says that the network is unreachable, and quotes what was sent");
    answer.len = frame_datagram(NET_LINK_DNS, 53, 1234, "abc", 3, answer.bytes);
    check(frame_read(&frame, answer.bytes, answer.len) && frame.protocol == FRAME_UDP &&
              frame.from_port == 53 && frame.to_port == 1234 && frame.end - frame.payload == 3 &&
              memcmp(answer.bytes + frame.payload, "abc", 3) == 0,
          "a datagram can be read as one");
    check(frame_datagram(NET_LINK_DNS, 53, 1234, m.bytes, FRAME_MAX, answer.bytes) == 0,
          "one that is too long is none");
}

int main(void)
{
    test_destinations();
    test_spoofing();
    test_fragments();
    test_listening();
    test_answers();
    return tap_done();
}
