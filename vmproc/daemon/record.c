#include "record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SSH_PORT     22
#define PLAIN_PORT   16509
#define HOST_MAX_LEN 90 /* with the rest a URI in struct vmp_router */

static const struct {
    const char *key;
    size_t offset, size;
} keys[] = {
#define KEY(name)                                                                                            \
    {                                                                                                        \
#name, offsetof(struct record, name), sizeof((struct record *)0)->name                               \
    }
    KEY(txtvers), KEY(uri), KEY(accel), KEY(arch), KEY(id), KEY(images), KEY(labels),
#undef KEY
};
#define NKEYS (sizeof keys / sizeof *keys)

static bool is_plain(const uint8_t *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (text[i] < 0x20 || text[i] > 0x7e)
            return false;
    return true;
}

void record_take_txt(struct record *record, const uint8_t *text, size_t size)
{
    const uint8_t *equals = memchr(text, '=', size);
    size_t len = equals ? (size_t)(equals - text) : size;

    for (unsigned i = 0; i < NKEYS; i++) {
        size_t left = equals ? size - len - 1 : 0;

        if (strlen(keys[i].key) != len || strncasecmp(keys[i].key, (const char *)text, len) != 0)
            continue;
        if (!(record->keys & 1u << i) && left < keys[i].size && is_plain(text + len + 1, left))
            memcpy((char *)record + keys[i].offset, text + len + 1, left);
        record->keys |= 1u << i;
    }
}

/* UTF-8, which avahi sees to, without control characters of either set. */
static bool is_showable(const char *name)
{
    const unsigned char *at = (const unsigned char *)name;

    for (; *at; at++)
        if (*at < 0x20 || *at == 0x7f || (*at == 0xc2 && at[1] < 0xa0))
            return false;
    return name[0] != '\0';
}

static bool is_host(const char *host)
{
    static const char good[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";

    return host[0] && host[0] != '-' && strlen(host) < HOST_MAX_LEN && host[strspn(host, good)] == '\0';
}

/* A record without TXT, as libvirt itself once published them, tells by its port how it is spoken to. */
static const char *refusal_of_far(const struct record *record)
{
    if (!is_host(record->host))
        return "its host's name is not one";
    if (record->port == PLAIN_PORT)
        return "its connection is not encrypted";
    if (record->port == 0 || (record->uri[0] && strcmp(record->uri, "qemu:///system") != 0))
        return "its uri is not one that may be taken from the network";
    return NULL;
}

static const char *refusal_of_local(const struct record *record)
{
    if (strcmp(record->uri, "qemu:///system") != 0 && strcmp(record->uri, "qemu:///session") != 0)
        return "its uri is not one that may be taken from the network";
    return NULL;
}

bool record_acceptable(const struct record *record, const char **why)
{
    if (!is_showable(record->name))
        *why = "its name cannot be shown";
    else if (record->txtvers[0] && strcmp(record->txtvers, "1") != 0)
        *why = "its record is of a version that is not known";
    else
        *why = record->local ? refusal_of_local(record) : refusal_of_far(record);
    return *why == NULL;
}

bool record_same_place(const struct record *a, const struct record *b)
{
    if (a->port != b->port || a->local != b->local)
        return false;
    for (unsigned i = 0; i < RECORD_ADDRESSES && a->address[i][0]; i++)
        for (unsigned j = 0; j < RECORD_ADDRESSES && b->address[j][0]; j++)
            if (strcmp(a->address[i], b->address[j]) == 0)
                return true;
    return strcasecmp(a->host, b->host) == 0;
}

void record_add_address(struct record *record, const char *address)
{
    unsigned i = 0;

    while (i < RECORD_ADDRESSES && record->address[i][0] && strcmp(record->address[i], address) != 0)
        i++;
    if (i < RECORD_ADDRESSES && strlen(address) < sizeof record->address[i])
        strcpy(record->address[i], address);
}

bool record_leads_to(const struct record *record, const char *host, const char *port)
{
    if (!host[0] || strtoul(port, NULL, 10) != record->port)
        return false;
    for (unsigned i = 0; i < RECORD_ADDRESSES; i++)
        if (strcmp(host, record->address[i]) == 0)
            return true;
    return strcasecmp(host, record->host) == 0;
}

bool record_is_other(const struct record *record, const struct record *known)
{
    return known->id[0] && strcmp(record->name, known->name) == 0 && strcmp(record->id, known->id) != 0;
}

void record_far_uri(const struct record *record, const char *host, char uri[192])
{
    bool v6 = strchr(host, ':') != NULL;
    char port[16] = "";

    if (record->port != RECORD_TLS_PORT && record->port != SSH_PORT)
        snprintf(port, sizeof port, ":%u", record->port);
    snprintf(uri, 192, "qemu+%s://%s%.127s%s%s/system", record->port == SSH_PORT ? "ssh" : "tls",
             v6 ? "[" : "", host, v6 ? "]" : "", port);
}
