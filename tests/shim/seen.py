#!/usr/bin/env python3
"""What a shim tells vmprocd for those who look: bytes (vm top), trouble (vm log)."""
import os, signal, struct, sys
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import *

SUSPEND, RESUME, USED, LOG, OK, TELL = 4, 5, 12, 14, 66, 72


def used(g):
    g.to_shim(TELL)
    kind, body = g.from_shim()
    assert kind == USED, kind
    return struct.unpack('<QQ', body)


@test
def tell_is_answered_with_the_bytes_read_and_written():
    with Run() as g:
        assert used(g) == (0, 0)
        root = g.files()
        with open(g.home + '/f', 'wb') as file:
            file.write(b'x' * 5000)
        fid = g.open(g.at(root, g.home + '/f'), 2)
        assert len(g.read(fid, 3000, 0)) == 3000
        g.pwrite(fid, b'y' * 700, 0)
        assert used(g) == (3000, 700), used(g)
        g.write('out', b'z' * 50)
        eventually(lambda: used(g) == (3000, 750), 'output counts when it is delivered')
        g.exit()
        assert g.wait() == 0


@test
def tell_while_the_shim_waits_for_its_suspension_is_answered_and_the_job_stops():
    with Run() as g:
        g.send(STOPPED, struct.pack('<II', signal.SIGSTOP, 0))
        kind, _ = g.from_shim()
        assert kind == SUSPEND, kind
        assert used(g) == (0, 0)
        g.to_shim(OK)
        eventually(lambda: process_state(g.process.pid) == 'T', 'the shim is stopped')
        g.process.send_signal(signal.SIGCONT)
        kind, _ = g.from_shim()
        assert kind == RESUME, kind
        g.to_shim(OK)
        g.exit()
        assert g.wait() == 0


@test
def what_a_guest_logs_goes_to_vmprocd_and_so_much_of_it_at_most():
    with Run(['prog', 'x']) as g:
        for n in range(40):
            g.log(f'line\x1b {n}')
        g.exit()
        assert g.wait() == 0
        lines = []
        while True:
            kind, body = g.from_shim()
            if kind != LOG:
                break
            lines.append(body.split(b'\0')[0].decode())
        assert lines == [f'prog: line? {n}' for n in range(16)] + ['prog: and more, left out'], lines


run_tests()
