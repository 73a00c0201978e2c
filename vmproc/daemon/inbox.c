#include "inbox.h"

#include <assert.h>
#include <stdlib.h>

struct post {
    struct post *next;
    void (*run)(void *data);
    void *data;
};

static void on_async(uv_async_t *async)
{
    struct inbox *inbox = async->data;
    struct post *post, *next;

    uv_mutex_lock(&inbox->lock);
    post = inbox->head;
    inbox->head = NULL;
    inbox->tail = &inbox->head;
    uv_mutex_unlock(&inbox->lock);
    for (; post; post = next) {
        next = post->next;
        post->run(post->data);
        free(post);
    }
}

int inbox_init(struct inbox *inbox, uv_loop_t *loop)
{
    int err = uv_mutex_init(&inbox->lock);

    if (err)
        return err;
    inbox->head = NULL;
    inbox->tail = &inbox->head;
    inbox->async.data = inbox;
    return uv_async_init(loop, &inbox->async, on_async);
}

void inbox_post(struct inbox *inbox, void (*run)(void *data), void *data)
{
    struct post *post = malloc(sizeof *post);

    assert(post); /* there is no way on without it, and none back to the thread that posts */
    *post = (struct post){.run = run, .data = data};
    uv_mutex_lock(&inbox->lock);
    *inbox->tail = post;
    inbox->tail = &post->next;
    uv_mutex_unlock(&inbox->lock);
    uv_async_send(&inbox->async);
}
