/* socket_call.h - CALL_SOCKET to CALL_SHUTDOWN (guest_abi.h), for call.c's table. */
#ifndef SHIM_SOCKET_CALL_H
#define SHIM_SOCKET_CALL_H

struct call;
struct inherited;

void socket_call_new(struct call *call, struct inherited *none);
void socket_call_connect(struct call *call, struct inherited *f);
void socket_call_bind(struct call *call, struct inherited *f);
void socket_call_listen(struct call *call, struct inherited *f);
void socket_call_accept(struct call *call, struct inherited *f);
void socket_call_name(struct call *call, struct inherited *f);
void socket_call_getsockopt(struct call *call, struct inherited *f);
void socket_call_setsockopt(struct call *call, struct inherited *f);
void socket_call_shutdown(struct call *call, struct inherited *f);

#endif
