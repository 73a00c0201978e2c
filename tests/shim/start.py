#!/usr/bin/env python3
"""Shims that find no vmprocd start one, together exactly one; and what they say when they cannot."""
import os, shutil, signal, socket, struct, subprocess, sys, tempfile, time
from subprocess import PIPE

DIRECTORY = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, DIRECTORY)
from harness import *
from guest import VERSION

SHIM = os.path.join(os.environ.get('BUILD', 'build'), 'vmproc-run')


class Place:
    """A runtime directory and a directory of parts of their own; the vmprocd there is the fake one, which refuses."""

    def __init__(self, daemon='fake-vmprocd'):
        self.top = tempfile.mkdtemp(prefix='shimstart')
        self.run, self.parts = self.top + '/run', self.top + '/parts'
        os.mkdir(self.run, 0o700)
        os.mkdir(self.parts)
        if daemon:
            os.symlink(daemon if daemon[0] == '/' else f'{DIRECTORY}/{daemon}', self.parts + '/vmprocd')
        self.env = dict(os.environ, XDG_RUNTIME_DIR=self.run, FLEETSH_LIBEXEC_DIR=self.parts, FAKE_IDLE='1',
                        FAKE_REFUSE='the fake refuses', FAKE_STARTS=self.top + '/starts')

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for pid in self.starts():
            eventually(lambda: not os.path.exists(f'/proc/{pid}'), 'the end of the idle daemon')
        shutil.rmtree(self.top)

    def starts(self):
        path = self.top + '/starts'
        return open(path).read().split() if os.path.exists(path) else []

    def shim(self, **named):
        return subprocess.Popen([SHIM, 'v=3', '/bin/true', 'prog'], env=self.env, stdin=subprocess.DEVNULL, stdout=PIPE,
                                stderr=PIPE, **named)


def ends(process, status, text):
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (status, b''), (process.returncode, out)
    assert err.startswith(b'fleetsh: prog: ') and text in err and err.count(b'\n') == 1, err


@test
def twenty_shims_at_once_start_one_vmprocd():
    with Place() as p:
        shims = [p.shim() for _ in range(20)]
        for shim in shims:
            ends(shim, 125, b'no VM: the fake refuses')
        assert len(p.starts()) == 1, p.starts()
        ends(p.shim(), 125, b'the fake refuses')
        assert len(p.starts()) == 1


@test
def another_vm_is_had_for_one_that_has_ended():
    """The first VM's ports are closed when it is granted; the second lease is refused, with a word."""
    with Place() as p:
        os.mkdir(p.run + '/fleetsh', 0o700)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        listener.bind(p.run + '/fleetsh/vmprocd.sock')
        listener.listen(2)
        listener.settimeout(20)
        shim = p.shim()
        first, _ = listener.accept()
        first.recv(8192)
        pairs = [socket.socketpair() for _ in range(4)]
        for ours, _ in pairs:
            ours.close()
        body = struct.pack('<9QII64s', 1, 2000000000, 0, 0, 0, 0, 0, 0, 1 << 28, 1, 0, b'ended')
        socket.send_fds(first, [struct.pack('<HHI', VERSION, 64, len(body)) + body], [theirs.fileno() for _, theirs in pairs])
        for _, theirs in pairs:
            theirs.close()
        second, _ = listener.accept()
        second.recv(8192)
        second.send(struct.pack('<HHI', VERSION, 67, 512) + struct.pack('<II504s', 4, 0, b'only one'))
        ends(shim, 125, b'no VM: only one')
        for s in (first, second, listener):
            s.close()


@test
def the_daemon_keeps_nothing_of_the_shell_that_started_it():
    with Place() as p:
        ends(p.shim(cwd=p.top, preexec_fn=lambda: signal.signal(signal.SIGTERM, signal.SIG_IGN)), 125, b'refuses')
        pid = p.starts()[0]
        assert os.readlink(f'/proc/{pid}/cwd') == '/'
        assert int(open(f'/proc/{pid}/stat').read().rpartition(')')[2].split()[3]) != os.getsid(0)
        files = [os.readlink(f'/proc/{pid}/fd/{n}') for n in range(3)]
        assert files == ['/dev/null', p.run + '/fleetsh/vmprocd.log', p.run + '/fleetsh/vmprocd.log'], files
        status = dict(line.split(':\t') for line in open(f'/proc/{pid}/status').read().splitlines() if ':\t' in line)
        assert not int(status['SigIgn'], 16) >> (signal.SIGTERM - 1) & 1
        assert int(status['SigBlk'], 16) == 0


@test
def a_daemon_that_left_its_socket_behind_is_replaced():
    with Place() as p:
        ends(p.shim(), 125, b'refuses')
        os.kill(int(p.starts()[0]), signal.SIGKILL)
        ends(p.shim(), 125, b'refuses')
        assert len(p.starts()) == 2


@test
def a_missing_vmprocd_is_told_with_what_to_do():
    with Place(daemon=None) as p:
        ends(p.shim(), 125, b'vmprocd is not installed: set FLEETSH_LIBEXEC_DIR')


@test
def a_vmprocd_that_ends_at_once_is_told_with_where_to_look():
    with Place(daemon='/bin/false') as p:
        ends(p.shim(), 125, b'vmprocd did not start: see vmprocd.log')


@test
def a_runtime_directory_that_others_can_write_is_refused():
    with Place() as p:
        os.mkdir(p.run + '/fleetsh')
        os.chmod(p.run + '/fleetsh', 0o777)
        ends(p.shim(), 125, b'must be yours with mode 0700')
        assert p.starts() == []


@test
def an_interrupt_while_it_waits_for_a_vm_ends_the_shim():
    import socket
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    shim = subprocess.Popen([SHIM, f'v=3,l={theirs.fileno()}', '/bin/true', 'prog'], pass_fds=[theirs.fileno()])
    theirs.close()
    eventually(lambda: open(f'/proc/{shim.pid}/comm').read() == 'prog\n', 'the shim')
    shim.send_signal(signal.SIGINT)
    assert shim.wait(10) == -signal.SIGINT
    assert ours.recv(1) == b''


sys.exit(run_tests())
