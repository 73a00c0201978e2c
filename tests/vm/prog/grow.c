/*
 * grow.c - grow MIB [MIB]...: has that much memory, each page of it written to and read again, one size after the
 * other; between them it gives all back, says so, and waits for a line.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#define PAGE 4096u

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        size_t size = (size_t)strtoul(argv[i], NULL, 10) << 20;
        uint8_t *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) {
            perror("mmap");
            return 2;
        }
        for (size_t at = 0; at < size; at += PAGE)
            *(uint64_t *)(memory + at) = at ^ size;
        for (size_t at = 0; at < size; at += PAGE)
            if (*(uint64_t *)(memory + at) != (at ^ size))
                return 3;
        printf("%s\n", argv[i]);
        fflush(stdout);
        if (getchar() == EOF)
            break;
        munmap(memory, size);
    }
    return 0;
}
