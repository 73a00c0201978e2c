/* sendfile.c - sendfile: from descriptor 0 to 1; on standard error what it returned and where the input stands after it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <unistd.h>

int main(void)
{
    ssize_t n = sendfile(1, 0, NULL, 1 << 20);
    const char *error = n < 0 ? strerror(errno) : "no error";
    fprintf(stderr, "%zd, %s, at %ld\n", n, error, (long)lseek(0, 0, SEEK_CUR));
    return 0;
}
