/*
 * secret.c - for reset.py: `fill` leaves a pattern in all the memory it may use without its VM being given up, `scan`
 * looks at fresh memory of many times that size. Prints "full", "clean", or where what is not zero stands.
 */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#define FILL (3ul << 20)
#define SCAN (48ul << 20)

static unsigned char *pages(size_t n)
{
    unsigned char *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return p == MAP_FAILED ? NULL : p;
}

static int fill(void)
{
    unsigned char *p = pages(FILL);
    if (!p)
        return 1;
    for (size_t i = 0; i < FILL; i += 8)
        memcpy(p + i, "SECRET!\n", 8);
    return puts("full") < 0;
}

static int scan(void)
{
    const unsigned long *p = (void *)pages(SCAN);
    if (!p)
        return 1;
    for (size_t i = 0; i < SCAN / sizeof *p; i++)
        if (p[i])
            return printf("%.8s at %zu\n", (const char *)&p[i], i), 1;
    return puts("clean") < 0;
}

int main(int argc, char **argv)
{
    return argc > 1 && strcmp(argv[1], "fill") == 0 ? fill() : scan();
}
