/*
 * network.h - what of the network this command was given, and what its names mean.
 *
 * A name is resolved once, by vmprocd, when the program asks for it or first connects to an address that no
 * grant covers by itself; from then on the name is those addresses, whatever DNS says later.
 *
 *   name   UNASKED -- network_ask() --> ASKED -- network_resolved() --> KNOWN (perhaps of no address)
 *                                         ^ '--> FAILED: nobody could be asked; as if of no address
 *                                         '-------- until the program asks for it again
 */
#ifndef SHIM_NETWORK_H
#define SHIM_NETWORK_H

#include "vmproc/network.h"
#include "vmproc/policy.h"
#include "vmproc/vmprocd_proto.h"

struct sockaddr;

enum network_verdict {
    NETWORK_NO,
    NETWORK_YES,
    NETWORK_NOT_YET /* a name of the grants has to be known first */
};

enum network_name_state { NAME_UNASKED, NAME_ASKED, NAME_KNOWN, NAME_FAILED };

struct network_name {
    struct network_name *next;
    char text[NETWORK_NAME_MAX];
    enum network_name_state state;
    struct network_address address[VMP_MAX_ADDRESSES];
    unsigned count;
};

struct network {
    bool open; /* all of it */
    struct network_grant *grant;
    unsigned count;
    struct network_name *names; /* of the grants, and those that were asked for below a grant for all hosts */
    unsigned nnames;
    struct resolver *resolver;                      /* resolver.h: answers programs that ask for names */
    void (*ask)(void *owner, const char *name);     /* asks vmprocd: network_resolved() follows */
    void (*refused)(void *owner, const char *what); /* NULL, or told of what was not given */
    void *owner;
};

/* The grants of a policy. 0, -EINVAL, -ENOMEM. ask, refused and owner are the caller's to set. */
int network_init(struct network *network, const struct policy *policy);
void network_free(struct network *network);

/* Is there anything? */
bool network_is_given(const struct network *network);
/* Is there a host that may be reached, so that names are of use? */
bool network_has_hosts(const struct network *network);

/* May it send there? NOT_YET: what can be asked has been asked. */
enum network_verdict network_may_reach(struct network *network, const struct network_address *address,
                                       uint16_t port);
/* May it be reached there? Port 0: at one that the kernel chooses. */
bool network_may_listen(const struct network *network, const struct network_address *address, uint16_t port);

/* The name, if it was given; NULL: it was not. It may be UNASKED. */
struct network_name *network_find_name(struct network *network, const char *text);
void network_ask(struct network *network, struct network_name *name);
void network_resolved(struct network *network, const struct vmp_addresses *answer);

/* Notes what was refused. Returns -ENETUNREACH. */
int network_refuse(const struct network *network, const char *what, const struct network_address *address,
                   uint16_t port);

#endif
