/*
 * browse.h - sees which services of type _libvirt._tcp are advertised over DNS-SD, for as long as vmprocd lives.
 *
 * A thread of its own with a loop of its own, as avahi-client waits for D-Bus to answer its calls, half a minute if
 * need be. It tells the loop of all there is whenever that changes:
 *
 *   no D-Bus  <---- tried again ----> no avahi-daemon <--------> browsing: each sighting is resolved and stays so
 *
 * A sighting is a service on one interface by one protocol; those of one place are one record. What was seen before
 * avahi-daemon ended counts until its successor has told all it has.
 *
 *   asked ----> resolved: told at once, or in 2 s when its only address is one of its link
 *     | ^--------- again ---------- failed: nobody has answered in 5 s; who does later is heard
 *     '---------------------------^
 *
 * Each has its own clocks: one that is not there, as of a machine that was switched off, holds up no other.
 */
#ifndef VMPROC_DAEMON_BROWSE_H
#define VMPROC_DAEMON_BROWSE_H

#include "inbox.h"
#include "record.h"

struct browse_news {
    void *arg;
    bool answers;  /* avahi-daemon is there */
    bool settled;  /* what this host advertises is among it, or avahi-daemon is not there */
    bool complete; /* others have had the time to answer, too */
    unsigned count;
    struct record records[];
};

/* on_news(malloc'd struct browse_news) runs on inbox's loop. 0, or -errno. */
int browse_start(struct inbox *inbox, void (*on_news)(void *news), void *arg);

#endif
