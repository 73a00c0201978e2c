/* args.c - says how many arguments and bytes of them it got, and checks the auxiliary vector. */
#include <elf.h>
#include <sys/auxv.h>

#include "arch.h"
#include "t.h"

extern char **environ;

int main(int argc, char **argv)
{
    size_t bytes = 0, env = 0;
    unsigned long sum = 0;
    for (int i = 0; i < argc; i++)
        for (char *s = argv[i]; *s; s++, bytes++)
            sum = sum * 31 + (unsigned char)*s;
    for (char **e = environ; *e; e++)
        env++;
    printf("argc %d bytes %zu sum %lu env %zu\n", argc, bytes, sum, env);
    unsigned char *random = (void *)getauxval(AT_RANDOM);
    int nonzero = 0;
    for (int i = 0; i < 16; i++)
        nonzero |= random[i];
    t_check(getauxval(AT_PAGESZ) == 4096 && getauxval(AT_CLKTCK) == 100 && getauxval(AT_PHENT) == 56 &&
                getauxval(AT_PHDR) && getauxval(AT_PHNUM) && getauxval(AT_ENTRY) && nonzero &&
                !getauxval(AT_SECURE),
            "auxv");
    t_check(!strcmp((char *)getauxval(AT_PLATFORM), ARCH_NAME) && ((char *)getauxval(AT_EXECFN))[0] == '/',
            "auxv strings");
    t_check(((unsigned long)__builtin_frame_address(0) & 15) == 0, "the stack is aligned");
    return t_failed;
}
