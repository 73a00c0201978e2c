/*
 * test_file.h - the primaries of test that look at files.
 */
#ifndef BUILTINS_TEST_FILE_H
#define BUILTINS_TEST_FILE_H

#include <stdbool.h>
#include <stdint.h>

bool test_file_has(char letter); /* -letter is such a primary */
bool test_file(char letter, const char *path);
bool test_file_newer(const char *path, const char *other); /* or: path exists and other does not */
bool test_file_same(const char *path, const char *other);
bool test_file_terminal(intmax_t descriptor);

#endif
