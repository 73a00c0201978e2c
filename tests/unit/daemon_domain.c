/* A VM as domain XML: libvirt's own parser is the judge in tests/daemon; here is what only vmprocd reads. */
#include "tests/unit/tap.h"
#include "vmproc/daemon/domxml.h"
#include "vmproc/daemon/stats.h"
#include "vmproc/daemon/tsc.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void test_domain(void)
{
    struct workdir work = {.instance = "0123abcd",
                           .host = "feed000000000001",
                           .path = "/run/a&b'<c>",
                           .guest = "/g",
                           .resident = "/r",
                           .reset = "/t",
                           .rom_bytes = 4 << 20};
    const char *part[3];

    struct router_facts router = {.dac_label = "+7:+8"};
    struct domain_spec spec = {
        .work = &work, .router = &router, .vm = 12, .name = "n", .memory_bytes = 64 << 20};
    struct domain_owner owner;
    char *xml = domain_xml(&spec);

    check(xml && strstr(xml, "<domain type='qemu'"), "without kvm the type is qemu");
    check(strstr(xml, "mode='bind' path='/run/a&#38;b&#39;&#60;c&#62;/s/12.prev'"),
          "the first of a chain listens at its prev port, and the path is quoted");
    check(domain_owner(strstr(xml, "<fleetsh:vm"), &owner) && owner.uid == geteuid() &&
              strcmp(owner.instance, "0123abcd") == 0 && strcmp(owner.host, "feed000000000001") == 0,
          "the owner is read back from the metadata");
    free(xml);
    spec.linked_to = 11;
    spec.kvm = true;
    xml = domain_xml(&spec);
    check(xml && strstr(xml, "mode='connect' path='/run/a&#38;b&#39;&#60;c&#62;/s/11.next'"),
          "another one connects to the next port of the one before");
    check(strstr(xml, "<kernel>/g</kernel><initrd>/r</initrd>") && !strstr(xml, "numa"),
          "without a ROM QEMU loads kernel and resident program");
    free(xml);
    spec.rom = spec.bounce = spec.ring_prev = spec.ring_next = true;
    snprintf(work.rom, sizeof work.rom, "/a,b");
    xml = domain_xml(&spec);
    check(xml && strstr(xml, "<loader type='rom'>/t</loader>") && !strstr(xml, "<kernel>"),
          "with one there is firmware instead");
    part[0] = strstr(xml, "readonly=on,size=4194304,mem-path=/a,,b'");
    part[1] = strstr(xml, "readonly=on,size=524288,mem-path=/run/a&#38;b&#39;&#60;c&#62;/s/12.bounce'");
    part[2] = strstr(xml, "/s/12.ring'");
    part[3] = strstr(xml, "/s/11.ring'");
    check(!strstr(xml, "<channel") &&
              strstr(xml, "id=fsh-prev,path=/run/a&#38;b&#39;&#60;c&#62;/s/11.next'") &&
              strstr(xml, "id=fsh-err,server=on,wait=off,path=/run/a&#38;b&#39;&#60;c&#62;/s/12.err'"),
          "and its ports are QEMU's alone");
    check(
        part[0] && part[0] < part[1] && part[1] < part[2] && part[2] < part[3] && strstr(xml, "size=71168k"),
        "after RAM come the ROM, the bounce buffer, the VM's own ring, that of the VM before; and their sum");
    check(strstr(xml, "<domain type='kvm'") && strstr(xml, "host-passthrough"), "with kvm the type is kvm");
    free(xml);
    router.far = true;
    spec.rom = spec.bounce = spec.ring_prev = spec.ring_next = false;
    strcpy(router.guest, "/far/guest");
    spec.before = "m";
    xml = domain_xml(&spec);
    check(xml && strstr(xml, "<kernel>/far/guest</kernel>") &&
              strstr(xml, "mode='connect' path='/var/lib/libvirt/fleetsh/m.next'") &&
              !strstr(xml, "/run/a") && !strstr(xml, "+7:+8"),
          "on another machine nothing is named that is here alone");
    free(xml);
    check(!domain_owner("<vm xmlns='urn:fleetsh:vm' uid='0'/>", &owner) &&
              !domain_owner("<vm instance='0123abc' uid='0'/>", &owner),
          "metadata of another kind names no owner");
}

static void test_stats(void)
{
    struct stats stats = {0};

    check(stats_median(&stats) == 0, "the median of nothing is 0");
    stats_add(&stats, 5);
    stats_add(&stats, 1);
    stats_add(&stats, 9);
    check(stats_median(&stats) == 5, "the median of three is the middle one");
    for (unsigned i = 0; i < STATS_KEPT; i++)
        stats_add(&stats, 7);
    check(stats_median(&stats) == 7, "old figures are forgotten");
}

static void test_tsc(void)
{
    const struct timespec pause = {0, 20000000};
    struct tsc tsc;
    double a, b;

    tsc_start(&tsc);
    nanosleep(&pause, NULL);
    a = (double)tsc_hz(&tsc);
    nanosleep(&pause, NULL);
    nanosleep(&pause, NULL);
    b = (double)tsc_hz(&tsc);
    check(a > 1e8 && a / b > 0.9999 && a / b < 1.0001, "after 20 ms the counter's rate is known to 1e-4");
}

int main(void)
{
    test_domain();
    test_stats();
    test_tsc();
    return tap_done();
}
