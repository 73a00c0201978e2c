/* json_out.h - JSON on standard output, by yajl's generator. */
#ifndef VMPROC_STORE_JSON_OUT_H
#define VMPROC_STORE_JSON_OUT_H

#include <stdint.h>
#include <yajl/yajl_gen.h>

yajl_gen json_out_begin(void);
void json_out_string(yajl_gen gen, const char *key, const char *value);
void json_out_number(yajl_gen gen, const char *key, int64_t value);
void json_out_key(yajl_gen gen, const char *key);

/* Prints it with a newline. */
void json_out_end(yajl_gen gen);

#endif
