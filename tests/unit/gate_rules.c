/* A router's policy: what is read, where an error is, and which line decides. */
#include "tests/unit/tap.h"
#include "vmproc/gate/gate.h"

#include <stdlib.h>
#include <unistd.h>

#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const struct {
    const char *text, *error;
} bad[] = {
    {"alice guest allow\n", "1:1: who must be *, cert:PATTERN, uid:NUMBER or user:PATTERN"},
    {"* guest allow\n  uid:x guest allow\n", "2:3: who must be *, cert:PATTERN, uid:NUMBER or user:PATTERN"},
    {"cert: guest allow\n", "1:1: who must be *, cert:PATTERN, uid:NUMBER or user:PATTERN"},
    {"*\n", "1:2: the image is missing"},
    {"* linux allow\n",
     "1:3: the image must be *, guest, boot, other, sha256:DIGITS or a name of a line before"},
    {"* sha256:12 allow\n",
     "1:3: the image must be *, guest, boot, other, sha256:DIGITS or a name of a line before"},
    {"* calc allow\nimage calc sha256:" DIGEST "\n",
     "1:3: the image must be *, guest, boot, other, sha256:DIGITS or a name of a line before"},
    {"image calc\n", "1:1: an image has a name, and the digests of the files that it boots from"},
    {"image guest sha256:" DIGEST "\n", "1:7: a name is of letters, digits, and any of -_.+"},
    {"image ca:lc sha256:" DIGEST "\n", "1:7: a name is of letters, digits, and any of -_.+"},
    {"image calc sha256:" DIGEST "0\n", "1:12: must be sha256: and 64 hexadecimal digits"},
    {"* guest\n", "1:8: allow or deny is missing"},
    {"* guest permit\n", "1:9: must be allow or deny"},
    {"* guest deny memory=1G\n", "1:14: deny gives nothing"},
    {"* guest allow memory=1T\n", "1:15: memory= must be a size such as 512M or 2G"},
    {"* guest allow memory=1G  memory=2G\n", "1:26: this was given before"},
    {"* guest allow cpus=0\n", "1:15: cpus= must be a number above 0"},
    {"* guest allow network=a,,b\n",
     "1:15: network= must be none, any, or names with commas between them, 16 at most"},
    {"* guest allow devices=kvm\n", "1:15: devices= must be none or any"},
    {"* guest allow colour=red\n", "1:15: must be memory=, cpus=, network=, files= or devices="},
    {"\t# a comment\n\n* guest allow x\n", "3:15: must be memory=, cpus=, network=, files= or devices="},
    {"cert:\"CN=a b guest allow\n", "1:1: a \" without its end"},
};

static void check_errors(void)
{
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct gate_rules rules;
        struct gate_error error;
        char said[240] = "no error";

        if (gate_parse(bad[i].text, strlen(bad[i].text), &rules, &error))
            gate_free(&rules);
        else
            snprintf(said, sizeof said, "%u:%u: %s", error.line, error.column, error.text);
        check_text(said, bad[i].error, "an error is found, with its line and column");
    }
}

static const char policy[] =
    "# who image verdict\n"
    "cert:mallory * deny\n"
    "cert:alice guest allow memory=2G\n"
    "cert:\"CN=bob b,O=*\" boot allow memory=1G cpus=2 network=lan,dmz-* files=/srv/*\n"
    "uid:1000 sha256:" DIGEST " allow files=any devices=any\n"
    "user:*@desk guest allow network=any files=none\n";

static struct gate_rules rules;

/* The line that decides, below 0 when it denies. */
static int decide(struct gate_ask ask)
{
    struct gate_verdict verdict = gate_decide(&rules, &ask);

    return verdict.allow ? (int)verdict.line : -(int)verdict.line;
}

static unsigned hashed;

static bool hash(const char *file, char hex[GATE_HEX])
{
    hashed++;
    strcpy(hex, DIGEST);
    return strcmp(file, "/kernel") == 0;
}

#define ASK(...)                                                                                             \
    (struct gate_ask)                                                                                        \
    {                                                                                                        \
        __VA_ARGS__                                                                                          \
    }
#define BOOTS(...)                                                                                           \
    .boots = {__VA_ARGS__}, .nboots = sizeof((struct gate_boot[]){__VA_ARGS__}) / sizeof(struct gate_boot)
#define WORDS(...)                                                                                           \
    {                                                                                                        \
        .word = {__VA_ARGS__}, .count = sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *)               \
    }

static void check_verdicts(void)
{
    struct gate_error error;

    check(gate_parse(policy, sizeof policy - 1, &rules, &error) && rules.count == 5, "a policy is read");
    check(decide(ASK(.cert = "CN=mallory", .kind = GATE_GUEST)) == -2, "deny decides");
    check(decide(ASK(.cert = "O=x,CN=alice", .kind = GATE_GUEST, .memory_bytes = 2ull << 30)) == 3,
          "a certificate is known by its common name");
    check(decide(ASK(.cert = "CN=alice", .kind = GATE_GUEST, .memory_bytes = 3ull << 30)) == -3,
          "more memory than the line gives is denied by it, whatever follows");
    check(decide(ASK(.cert = "CN=alice", .kind = GATE_BOOT)) == 0, "another image is what no line allows");
    check(decide(ASK(.cert = "CN=alicex", .kind = GATE_GUEST)) == 0, "and so is a longer name");
    check(decide(ASK(.cert = "CN=bob b,O=x", .kind = GATE_BOOT, .cpus = 2, .networks = WORDS("lan", "dmz-1"),
                     .files = WORDS("/srv/k"))) == 4,
          "quotes keep blanks, patterns fit");
    check(decide(ASK(.cert = "CN=bob b,O=x", .kind = GATE_BOOT, .networks = WORDS("wan"))) == -4,
          "a network that is not given is denied");
    check(decide(ASK(.cert = "CN=bob b,O=x", .kind = GATE_BOOT, .files = WORDS("/srv/../etc/shadow"))) == -4,
          "no way leads out of a directory");
    check(decide(ASK(.cert = "CN=bob b,O=x", .kind = GATE_BOOT, .device = "hostdev")) == -4,
          "the router's devices are not given by themselves");
    check(decide(ASK(.user = "u@desk", .kind = GATE_GUEST, .files = WORDS("/var/lib/libvirt/fleetsh/k"))) ==
              -6,
          "files=none takes away what is given otherwise");
    check(decide(ASK(.cert = "CN=alice", .kind = GATE_GUEST, .files = WORDS("/var/lib/libvirt/fleetsh/k"))) ==
              3,
          "vmprocd's own files on a router are given");
    check(hashed == 0, "nothing is hashed that no line asks for");
    check(decide(ASK(.has_uid = true, .uid = 1000, .hash = hash, BOOTS({.file = "/kernel"}),
                     .device = "x")) == 5,
          "an image is known by its digest");
    check(decide(ASK(.has_uid = true, .uid = 1000, .hash = hash, BOOTS({.file = "/other"}))) == 0 &&
              hashed == 2,
          "another one is not");
    check(decide(ASK(.has_uid = true, .uid = 1, BOOTS({.digest = DIGEST}))) == 0 &&
              decide(ASK(BOOTS({.digest = DIGEST}))) == 0,
          "and belongs to no other user");
    gate_free(&rules);
    check(decide(ASK(.kind = GATE_GUEST)) == 0, "an empty policy allows nothing");
}

#define OTHER_DIGEST "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
#define THIRD_DIGEST "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"

static void check_names(void)
{
    static const char named[] = "image calc sha256:" DIGEST " sha256:" OTHER_DIGEST "\n"
                                "image calc sha256:" THIRD_DIGEST "\n"
                                "cert:alice calc allow memory=1G\n"
                                "* guest allow\n";
    const char *const alice = "CN=alice";
    struct gate_error error;

    check(gate_parse(named, sizeof named - 1, &rules, &error) && rules.count == 2 && rules.nimages == 2,
          "a policy that names images is read");
    check(decide(ASK(.cert = alice, BOOTS({.digest = DIGEST}, {.digest = OTHER_DIGEST}))) == 3,
          "an image is called so when all that it boots from is listed");
    check(decide(ASK(.cert = alice, BOOTS({.digest = DIGEST}))) == 3, "it need not boot from all of that");
    check(decide(ASK(.cert = alice, BOOTS({.digest = THIRD_DIGEST}))) == 3,
          "a name has as many versions as lines");
    check(decide(ASK(.cert = alice, BOOTS({.digest = DIGEST}, {.digest = THIRD_DIGEST}))) == 0,
          "whose files are not mixed");
    hashed = 0;
    check(decide(ASK(.cert = alice, .hash = hash, BOOTS({.file = "/kernel"}, {.file = "/initrd"}))) == 0 &&
              hashed == 2,
          "nor does a known kernel make an image of what is beside it; each file is hashed once");
    check(decide(ASK(.cert = alice, .hash = hash, BOOTS({.file = "/kernel"}, {.file = NULL}))) == 0,
          "nor of what cannot be looked at");
    check(decide(ASK(.cert = alice)) == 0, "what boots from nothing is none");
    check(decide(ASK(.cert = "CN=bob", BOOTS({.digest = DIGEST}))) == 0, "and it is alice's alone");
    check(decide(ASK(.cert = alice, .memory_bytes = 2ull << 30, BOOTS({.digest = DIGEST}))) == -3,
          "with what the line gives");
    check(decide(ASK(.cert = "CN=bob", .kind = GATE_GUEST, .hash = hash, BOOTS({.file = "/kernel"}))) == 4,
          "other lines hold for all else");
    gate_free(&rules);
}

/* Disks that are made of several files: the hook looks into what is there. */
static void check_disks(void)
{
    static const char disk[] =
        "<domain><devices><disk type='file'><driver type='%s'/><source file='%s'/>%s</disk></devices>"
        "</domain>";
    char path[] = "/tmp/gate-XXXXXX", xml[512];
    uint8_t header[104] = "QFI\xfb\0\0\0\3";
    struct gate_ask ask;
    struct gate_claim claim;
    int fd = mkstemp(path);

#define ASKED(format, more)                                                                                  \
    (snprintf(xml, sizeof xml, disk, format, path, more), gate_read_domain(xml, strlen(xml), &ask, &claim))
    check(fd >= 0 && pwrite(fd, header, sizeof header, 0) == (ssize_t)sizeof header, "a qcow2 image");
    check(ASKED("qcow2", "") && !ask.device && ask.files.count == 1 && ask.nboots == 1,
          "that is one file is a file");
    check(ASKED("qcow2", "<backingStore type='file'><source file='/etc/shadow'/></backingStore>") &&
              ask.device,
          "with a backing file in the XML it is not");
    check(ASKED("raw", "<backingStore/>") && !ask.device, "an empty one is none");
    check(ASKED("vmdk", "") && ask.device, "formats that are not looked into are not");
    header[15] = 104;
    check(pwrite(fd, header, sizeof header, 0) > 0 && ASKED("qcow2", "") && ask.device,
          "nor with one in its header");
    check(ASKED("raw", "") && !ask.device, "which of a raw image is nobody's");
    header[15] = 0;
    header[79] = 4;
    check(pwrite(fd, header, sizeof header, 0) > 0 && ASKED("qcow2", "") && ask.device,
          "nor with its data in another file");
    check(ftruncate(fd, 20) == 0 && ASKED("qcow2", "") && ask.device, "nor what is no such image");
    close(fd);
    unlink(path);
}

static void check_domain(void)
{
    static const char xml[] =
        "<domain type='qemu' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'><metadata>"
        "<f:vm xmlns:f='urn:fleetsh:vm' uid='7' user='u@h' cert='CN=x' boots='image'/></metadata>"
        "<memory "
        "unit='KiB'>2048</memory><vcpu>3</vcpu><os><kernel>/k</kernel><initrd>/i</initrd></os><devices>"
        "<emulator>/usr/bin/qemu-system-x86_64</emulator>"
        "<disk type='file'><source file='/d'/></disk><interface type='network'><source "
        "network='lan'/></interface>"
        "<channel type='unix'><source path='/s'/></channel></devices>"
        "<qemu:commandline><qemu:arg value='-device'/><qemu:arg "
        "value='pvpanic'/></qemu:commandline></domain>";
    static const char *const hostile[] = {
        "<domain><devices><hostdev/></devices></domain>",
        "<domain><devices><filesystem type='mount'/></devices></domain>",
        "<domain><devices><disk type='block'><source dev='/dev/sda'/></disk></devices></domain>",
        "<domain><devices><interface type='direct'><source dev='eth0'/></interface></devices></domain>",
        "<domain><devices><emulator>/tmp/x</emulator></devices></domain>",
        "<domain><devices><serial type='tcp'/></devices></domain>",
        "<domain xmlns:q='x'><q:commandline><q:arg value='-drive'/></q:commandline></domain>",
        "<domain xmlns:q='x'><q:commandline><q:arg value='memory-backend-file,mem-path=/a,mem-path=/b'/>"
        "</q:commandline></domain>",
        "<domain xmlns:q='x'><q:commandline><q:arg "
        "value='socket,id=x,host=h,port=1'/></q:commandline></domain>",
        "<domain xmlns:q='x'><q:commandline><q:arg value='size=9G'/></q:commandline></domain>",
        "<domain xmlns:q='x'><q:commandline><q:arg value='user,id=net'/></q:commandline></domain>",
        "<domain xmlns:q='x'><q:commandline><q:arg "
        "value='stream,id=net,server=off,addr.type=unix,addr.path=/s,"
        "addr.type=inet,addr.host=h'/></q:commandline></domain>",
        "<domain xmlns:q='x'><q:commandline><q:arg value='virtio-net-pci,romfile=/etc/shadow,netdev=net'/>"
        "</q:commandline></domain>",
    };
    static const char linked[] =
        "<domain xmlns:q='x'><q:commandline><q:arg value='-netdev'/><q:arg "
        "value='stream,id=net,server=off,addr.type=unix,addr.path=/s/1.net'/><q:arg value='-device'/><q:arg "
        "value='virtio-net-pci,romfile=,netdev=net,mac=52:54:00:00:02:0f'/></q:commandline></domain>";
    static const char larger[] =
        "<domain xmlns:q='x'><memory unit='MiB'>64</memory><q:commandline><q:arg value='-m'/>"
        "<q:arg value='size=4194304k'/></q:commandline></domain>";
    static const char firmware[] =
        "<domain><os><loader>/l</loader></os><devices><disk type='file'><source file='/d'/></disk>"
        "<interface type='network'><source network='lan'/><rom file='/r'/></interface></devices></domain>";
    struct gate_ask ask;
    struct gate_claim claim;
    unsigned seen = 0;

    check(gate_read_domain(xml, sizeof xml - 1, &ask, &claim) && ask.kind == GATE_BOOT && ask.cpus == 3 &&
              ask.memory_bytes == 2 << 20 && ask.files.count == 4 && ask.networks.count == 1 && !ask.device,
          "a domain's XML is read");
    check(ask.nboots == 3, "and what it boots from");
    check_text(ask.boots[ask.image].file, "/k", "first of all its kernel");
    check(gate_read_domain(firmware, sizeof firmware - 1, &ask, &claim) && ask.nboots == 3 &&
              ask.files.count == 3,
          "firmware is what it boots from, and a file, also a device's own");
    check_text(ask.boots[ask.image].file, "/d", "but the image is the disk");
    check(gate_read_domain(xml, sizeof xml - 1, &ask, &claim), "(again)");
    check(claim.cert && !strcmp(claim.cert, "CN=x") && !strcmp(claim.uid, "7") && !strcmp(ask.user, "u@h"),
          "and who it says to be of");
    for (unsigned i = 0; i < sizeof hostile / sizeof *hostile; i++)
        seen += gate_read_domain(hostile[i], strlen(hostile[i]), &ask, &claim) && ask.device;
    check(gate_read_domain(larger, strlen(larger), &ask, &claim) && ask.memory_bytes == 4ull << 30,
          "memory is what QEMU is told, where that is more");
    check(gate_read_domain(linked, strlen(linked), &ask, &claim) && !ask.device && ask.networks.count == 1 &&
              !strcmp(ask.networks.word[0], "user") && ask.files.count == 1,
          "the network of a bootable image is the network user, and its socket a file");
    check(seen == sizeof hostile / sizeof *hostile, "what leads to the router itself is a device");
    check(!gate_read_domain("<domain", 7, &ask, &claim) && !gate_read_domain("<x/>", 4, &ask, &claim),
          "what is no domain is refused");
}

int main(void)
{
    check_errors();
    check_verdicts();
    check_names();
    check_domain();
    check_disks();
    return tap_done();
}
