/*
 * ring.pml - the rules of a wire through shared memory (docs/PROTOCOL.md, "A wire's ring"; the code:
 * vmproc/guest/ring.c and wire_ring.c), for the model checker Spin. tests/tree/ring_model.sh runs it.
 *
 * Modelled: both sides step by step; the processors' store buffers (what a side stores, also its bells, reaches
 * the other one later, in order; a fence waits until it has); memory that holds an earlier command's rubbish;
 * either side killed at any step; a reader that leaves early; sleeps that end without a bell, as by a signal.
 *
 * Proved: each byte arrives, in order and once (asserted where it is read); nobody sleeps for ever unless his
 * neighbour is alive and has nothing to say; the reader's end of file means that it has all, and comes whenever
 * the writer ended in order; EIO and EPIPE come only when the other side is gone.
 *
 * With -DNO_FENCE, -DNO_RECHECK or -DEND_AFTER_COUNT a rule is left out: Spin must then find an error.
 */
#ifndef SIZE
#define SIZE 2 /* of the ring */
#endif
#ifndef TOTAL
#define TOTAL 3 /* bytes that the program writes */
#endif
#define NEVER   200
#define VALUE(n) ((n) + 10)

/* ---- shared memory: what an earlier command left ---- */
byte data[SIZE] = 99;
bool w_key = 0, r_key = 0;                        /* is it this command's key? */
byte w_count = 3, w_wake = 1, w_ended = 1;        /* the writer's side */
byte r_count = 3, r_wake = 2, r_ended = 1;        /* the reader's side */

/* ---- the machines ---- */
bool w_bell = 0, r_bell = 0;     /* an interrupt that has not been taken */
bool w_dead = 0, r_dead = 0;     /* killed: no further step */
bool w_gone = 0, r_gone = 0;     /* the other side has been told that: the port's hang-up */

/* ---- results ---- */
mtype = { RUNNING, ALL, PIPE, EOF, EIO, LEFT };
mtype w_result = RUNNING, r_result = RUNNING;
byte got = 0;

/* ---- stores take their time ---- */
mtype = { KEY, COUNT, WAKE, ENDED, BYTE, BELL };
chan w_stores = [5] of { mtype, byte, byte };
chan r_stores = [5] of { mtype, byte, byte };

active proctype WriterMemory()
{
    byte at, value;
end:
    do
    :: atomic { w_stores?KEY,_,value -> w_key = value }
    :: atomic { w_stores?COUNT,_,value -> w_count = value }
    :: atomic { w_stores?WAKE,_,value -> w_wake = value }
    :: atomic { w_stores?ENDED,_,value -> w_ended = value }
    :: atomic { w_stores?BYTE,at,value -> data[at] = value }
    :: atomic { w_stores?BELL,_,_ -> r_bell = 1 }
    :: atomic { w_dead && empty(w_stores) && !w_gone -> w_gone = 1 }
    od
}

active proctype ReaderMemory()
{
    byte value;
end:
    do
    :: atomic { r_stores?KEY,_,value -> r_key = value }
    :: atomic { r_stores?COUNT,_,value -> r_count = value }
    :: atomic { r_stores?WAKE,_,value -> r_wake = value }
    :: atomic { r_stores?ENDED,_,value -> r_ended = value }
    :: atomic { r_stores?BELL,_,_ -> w_bell = 1 }
    :: atomic { r_dead && empty(r_stores) && !r_gone -> r_gone = 1 }
    od
}

#ifdef NO_FENCE
#define fence(stores) skip
#else
#define fence(stores) empty(stores)
#endif

/* ring_begin(): the key comes last */
inline begin(stores)
{
    stores!KEY,0,0; stores!COUNT,0,0; stores!WAKE,0,NEVER; stores!ENDED,0,0; stores!KEY,0,1
}

/* ---- the writer: ring_write() ---- */

inline w_look() /* how far it may write */
{
    atomic { if :: r_key -> limit = r_count + SIZE :: else fi; assert(limit - count <= SIZE) }
}

active proctype Writer() provided (!w_dead)
{
    byte count = 0, limit = SIZE, rung = NEVER, wake, n;
    bool spurious;
    if :: spurious = 0 :: spurious = 1 fi; /* or a sleep that nothing ends would never show */

    begin(w_stores);
    do
    :: count == TOTAL -> break
    :: else ->
        if
        :: r_gone || (r_key && r_ended) -> w_result = PIPE; goto ends
        :: else
        fi;
        w_look();
        if
        :: limit > count ->
            w_stores!BYTE,count % SIZE,VALUE(count);
            count++;
            w_stores!COUNT,0,count; /* ring_advance() */
            fence(w_stores);
            atomic { wake = NEVER; if :: r_key -> wake = r_wake :: else fi };
            if
            :: wake != rung && wake <= count -> rung = wake; w_stores!BELL,0,0
            :: else
            fi
        :: else -> /* ring_must_wait(n) */
            if
            :: n = 1
            :: SIZE <= TOTAL - count -> n = SIZE /* any number that fits will do; the code takes half */
            fi;
            w_stores!WAKE,0,count + n - SIZE;
            fence(w_stores);
#ifndef NO_RECHECK
            w_look();
#endif
            if
            :: limit - count >= n
            :: else ->
                atomic {
                    if
                    :: w_bell -> w_bell = 0
                    :: r_gone
                    :: spurious -> spurious = 0
                    fi
                }
            fi
        fi
    od;
    w_result = ALL;
ends:
    w_stores!ENDED,0,1;
    w_stores!BELL,0,0
}

/* ---- the reader: ring_read() ---- */

inline r_look()
{
    atomic { if :: w_key -> limit = w_count :: else fi; assert(limit >= count && limit - count <= SIZE) }
}

active proctype Reader() provided (!r_dead)
{
    byte count = 0, limit = 0, rung = NEVER, wake;
    bool ended, gone, spurious;
    if :: spurious = 0 :: spurious = 1 fi;

    begin(r_stores);
    do
    :: r_result = LEFT; break /* its program ends early, or closes its input */
    :: true ->
#ifdef END_AFTER_COUNT
        r_look();
#endif
        gone = w_gone;
        ended = w_key && w_ended;
#ifndef END_AFTER_COUNT
        r_look();
#endif
        if
        :: limit > count ->
            assert(data[count % SIZE] == VALUE(count));
            count++;
            got = count;
            r_stores!COUNT,0,count;
            fence(r_stores);
            atomic { wake = NEVER; if :: w_key -> wake = w_wake :: else fi };
            if
            :: wake != rung && wake <= count -> rung = wake; r_stores!BELL,0,0
            :: else
            fi
        :: else ->
            if
            :: ended -> r_result = EOF; break
            :: !ended && gone -> r_result = EIO; break
            :: else
            fi;
            r_stores!WAKE,0,count + 1;
            fence(r_stores);
#ifndef NO_RECHECK
            r_look();
#endif
            if
            :: limit > count
            :: else ->
                atomic {
                    if
                    :: r_bell -> r_bell = 0
                    :: w_gone
                    :: spurious -> spurious = 0
                    fi
                }
            fi
        fi
    od;
    r_stores!ENDED,0,1;
    r_stores!BELL,0,0
}

/* ---- what ends a machine at any time ---- */

active proctype Killer()
{
end:
    if
    :: w_dead = 1
    :: r_dead = 1
    :: skip
    fi
}

/* ---- when nothing moves any more ---- */

active proctype Judge()
{
    timeout;
    assert(w_dead || w_result != RUNNING);               /* nobody sleeps for ever */
    assert(r_dead || r_result != RUNNING);
    assert(r_result != EOF || (w_result == ALL && got == TOTAL) || w_result == PIPE);
    assert(r_result != EIO || w_dead);
    assert(w_result != PIPE || r_dead || r_result == LEFT);
    assert(w_result != ALL || w_dead || r_dead || r_result == EOF || r_result == LEFT);
}
