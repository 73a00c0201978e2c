/* lib.c - memory, strings, formatting. */
#include "lib.h"

#include "usercopy.h"

/* usercopy_raw() is the fastest copy under TCG as well as a safe one; kernel pointers never fault in it. */
void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
    if (n >= 64) {
        copy_words(to, from, n);
        return to;
    }
    char *d = to;
    const char *s = from;
    for (; n >= 8; n -= 8, d += 8, s += 8)
        *(uint64_t *)d = *(const uint64_t *)s;
    while (n--)
        *d++ = *s++;
    return to;
}

void *memmove(void *to, const void *from, size_t n)
{
    char *d = to;
    const char *s = from;
    if (d <= s || d >= s + n) {
        while (n--)
            *d++ = *s++;
    } else {
        while (n--)
            d[n] = s[n];
    }
    return to;
}

void *memset(void *to, int c, size_t n)
{
    uint64_t word = 0x0101010101010101ul * (uint8_t)c;
    char *d = to;
    for (; n >= 64; n -= 64, d += 64) {
        volatile uint64_t *w = (volatile uint64_t *)d;
        w[0] = word, w[1] = word, w[2] = word, w[3] = word;
        w[4] = word, w[5] = word, w[6] = word, w[7] = word;
    }
    for (volatile char *b = d; n; n--)
        *b++ = (char)c;
    return to;
}

int memcmp(const void *a, const void *b, size_t n)
{
    const uint8_t *x = a, *y = b;
    for (; n; n--, x++, y++)
        if (*x != *y)
            return *x < *y ? -1 : 1;
    return 0;
}

size_t strlen(const char *s)
{
    size_t n = 0;
    while (s[n])
        n++;
    return n;
}

size_t strnlen(const char *s, size_t max)
{
    size_t n = 0;
    while (n < max && s[n])
        n++;
    return n;
}

int strcmp(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return (uint8_t)*a - (uint8_t)*b;
}

int strncmp(const char *a, const char *b, size_t n)
{
    for (; n && *a && *a == *b; n--)
        a++, b++;
    return n ? (uint8_t)*a - (uint8_t)*b : 0;
}

char *strchr(const char *s, int c)
{
    for (; *s != (char)c; s++)
        if (!*s)
            return NULL;
    return (char *)s;
}

char *strrchr(const char *s, int c)
{
    const char *found = NULL;
    for (;; s++) {
        if (*s == (char)c)
            found = s;
        if (!*s)
            return (char *)found;
    }
}

struct out {
    char *buf;
    size_t size, len;
};

static void put(struct out *o, char c)
{
    if (o->len + 1 < o->size)
        o->buf[o->len++] = c;
}

static void put_number(struct out *o, uint64_t v, unsigned base, bool negative, int width, char pad)
{
    char digits[24];
    int n = 0;
    do {
        digits[n++] = "0123456789abcdef"[v % base];
        v /= base;
    } while (v);
    if (negative)
        digits[n++] = '-';
    for (int i = n; i < width; i++)
        put(o, pad);
    while (n)
        put(o, digits[--n]);
}

int vformat(char *buf, size_t size, const char *fmt, va_list ap)
{
    struct out o = {buf, size, 0};
    for (; *fmt; fmt++) {
        if (*fmt != '%') {
            put(&o, *fmt);
            continue;
        }
        fmt++;
        char pad = ' ';
        int width = 0, precision = -1, longs = 0;
        if (*fmt == '0')
            pad = *fmt++;
        while (*fmt >= '0' && *fmt <= '9')
            width = width * 10 + *fmt++ - '0';
        if (fmt[0] == '.' && fmt[1] == '*') {
            precision = va_arg(ap, int);
            fmt += 2;
        }
        for (; *fmt == 'l' || *fmt == 'z'; fmt++)
            longs++;
        if (*fmt == 'd') {
            long v = longs ? va_arg(ap, long) : va_arg(ap, int);
            put_number(&o, v < 0 ? 0 - (uint64_t)v : (uint64_t)v, 10, v < 0, width, pad);
        } else if (*fmt == 'u' || *fmt == 'x') {
            uint64_t v = longs ? va_arg(ap, unsigned long) : va_arg(ap, unsigned);
            put_number(&o, v, *fmt == 'u' ? 10 : 16, false, width, pad);
        } else if (*fmt == 's') {
            const char *s = va_arg(ap, const char *);
            for (int i = 0; (precision < 0 || i < precision) && s[i]; i++)
                put(&o, s[i]);
        } else if (*fmt == 'c') {
            put(&o, (char)va_arg(ap, int));
        } else {
            put(&o, *fmt);
        }
    }
    if (size)
        buf[o.len] = '\0';
    return (int)o.len;
}

int format(char *buf, size_t size, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int n = vformat(buf, size, fmt, ap);
    va_end(ap);
    return n;
}

long parse_number(const char *s, const char **end)
{
    long v = 0;
    const char *start = s;
    for (; *s >= '0' && *s <= '9'; s++) {
        if (v > 100000000000000)
            return -1;
        v = v * 10 + *s - '0';
    }
    *end = s;
    return s == start ? -1 : v;
}
