/*
 * kernel.c - a kernel of one page of code that does what the words of its command line say, one after the
 * other:
 *
 *   show        the whole command line, in brackets
 *   module      the first module (initrd)
 *   cat         input to output, until ^D
 *   line        one line of input to output
 *   bytes       each of the 256 bytes once
 *   flood=N     N kilobytes of numbered lines
 *   hvc         from now on the console is the first virtio-console, not the first serial port
 *   debugcon    likewise QEMU's debug console
 *   exit=N      N to the debug-exit port 0xf4
 *   poweroff reset triple panic halt spin
 *
 * Words that it does not know are skipped: they are part of what `show` shows.
 */
#include "kernel.h"

#define COM1 0x3f8

static bool on_hvc, on_debugcon;

/* ---- the console ---- */

static void serial_init(void)
{
    outb(COM1 + 1, 0);
    outb(COM1 + 3, 3);    /* 8 bits, no parity */
    outb(COM1 + 2, 0xc1); /* FIFOs, with what is in them */
    outb(COM1 + 4, 3);
}

static void serial_put(char c)
{
    while (!(inb(COM1 + 5) & 0x20))
        ;
    outb(COM1, (uint8_t)c);
}

static char serial_get(void)
{
    while (!(inb(COM1 + 5) & 1))
        ;
    return (char)inb(COM1);
}

static void put(const char *bytes, uint32_t n)
{
    if (on_hvc) {
        hvc_write(bytes, n);
        return;
    }
    while (n--) {
        if (on_debugcon)
            outb(0xe9, (uint8_t)*bytes++);
        else
            serial_put(*bytes++);
    }
}

static void puts(const char *text)
{
    uint32_t n = 0;

    while (text[n])
        n++;
    put(text, n);
}

static char get(void)
{
    return on_hvc ? hvc_read() : serial_get();
}

static void put_number(uint32_t n)
{
    char digits[10];
    uint32_t at = sizeof digits;

    do
        digits[--at] = (char)('0' + n % 10);
    while (n /= 10);
    put(digits + at, sizeof digits - at);
}

/* ---- ends ---- */

static void halt(void)
{
    for (;;)
        __asm__ volatile("cli; hlt");
}

/* ACPI's sleep control where the machine has it: microvm with ACPI, pc (its chipset's port after it is set), q35. */
static void power_off(void)
{
    outw(0x604, 0x2000);                             /* q35, and pc since its ports were moved there */
    outw(0xb004, 0x2000);                            /* pc before that */
    *(volatile uint8_t *)0xfea00200 = 5 << 2 | 0x20; /* microvm's generic event device */
    halt();
}

static void reset(void)
{
    outb(0x64, 0xfe);
    halt();
}

static void triple_fault(void)
{
    static const struct {
        uint16_t limit;
        uint32_t base;
    } __attribute__((packed)) none = {0, 0};

    __asm__ volatile("lidt %0; int3" : : "m"(none));
    halt();
}

static void panic(void)
{
    outb(0x505, 1); /* pvpanic: panicked */
    halt();
}

/* ---- words ---- */

static bool begins(const char *word, const char *with)
{
    while (*with)
        if (*word++ != *with++)
            return false;
    return true;
}

static bool is(const char *word, const char *name)
{
    while (*name)
        if (*word++ != *name++)
            return false;
    return *word == ' ' || !*word;
}

static uint32_t number(const char *text)
{
    uint32_t n = 0;

    while (*text >= '0' && *text <= '9')
        n = n * 10 + (uint32_t)(*text++ - '0');
    return n;
}

static void cat(bool line)
{
    char c;

    while ((c = get()) != 4) {
        put(&c, 1);
        if (line && c == '\n')
            return;
    }
}

static void flood(uint32_t kilobytes)
{
    for (uint32_t i = 0; i < kilobytes * 64; i++) { /* lines of 16 bytes */
        char line[17] = "line 0000000000\n";
        uint32_t n = i;

        for (int at = 14; at > 4; at--, n /= 10)
            line[at] = (char)('0' + n % 10);
        put(line, 16);
    }
}

static void bytes(void)
{
    for (int i = 0; i < 256; i++) {
        char c = (char)i;

        put(&c, 1);
    }
}

static void do_word(const char *word, const struct boot *boot)
{
    if (is(word, "show")) {
        puts("[");
        puts(boot->cmdline);
        puts("]\n");
    } else if (is(word, "module")) {
        put(boot->module, boot->module_len);
    } else if (is(word, "cat")) {
        cat(false);
    } else if (is(word, "line")) {
        cat(true);
    } else if (is(word, "bytes")) {
        bytes();
    } else if (begins(word, "flood=")) {
        flood(number(word + 6));
    } else if (is(word, "hvc")) {
        on_hvc = hvc_init();
        if (!on_hvc)
            puts("no virtio-console\n");
    } else if (is(word, "debugcon")) {
        on_debugcon = true;
    } else if (begins(word, "exit=")) {
        outl(0xf4, number(word + 5));
        halt();
    } else if (is(word, "poweroff")) {
        power_off();
    } else if (is(word, "reset")) {
        reset();
    } else if (is(word, "triple")) {
        triple_fault();
    } else if (is(word, "panic")) {
        panic();
    } else if (is(word, "halt")) {
        halt();
    } else if (is(word, "spin")) {
        puts("spinning\n");
        for (;;)
            ;
    } else if (is(word, "memory")) {
        put_number(boot->memory_mib);
        puts("\n");
    }
}

void run(const struct boot *boot)
{
    const char *word = boot->cmdline;

    serial_init();
    while (*word) {
        while (*word == ' ')
            word++;
        if (*word)
            do_word(word, boot);
        while (*word && *word != ' ')
            word++;
    }
    halt();
}
