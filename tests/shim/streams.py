#!/usr/bin/env python3
"""Statuses, output, input, descriptors and what a program starts with: the shim against a played guest."""
import errno, fcntl, os, pty, signal, struct, sys, tempfile, termios, threading, time
from subprocess import PIPE

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from guest import *
from harness import *

# ---- statuses and output ----


@test
def the_status_of_the_program_is_the_status_of_the_shim():
    for status in (0, 1, 42, 120, 125, 126, 127, 255):
        with Run() as g:
            g.start()
            g.exit(status)
            assert g.wait() == status
            assert g.process.stderr.read() == b''


@test
def death_by_a_signal_is_the_shims_own_and_leaves_no_core():
    for signo in (signal.SIGTERM, signal.SIGSEGV, signal.SIGKILL, signal.SIGPIPE, signal.SIGINT):
        with Run() as g:
            g.start()
            g.exit(signo, how=1)
            assert g.wait() == -signo
            assert os.listdir(g.home) == []


@test
def a_program_that_cannot_be_executed_is_126_and_says_why():
    with Run() as g:
        g.log('ELF with a hole')
        g.exit(errno.ENOEXEC, how=2)
        assert g.wait() == 126
        assert g.process.stderr.read() == b'fleetsh: prog: ELF with a hole: Exec format error\n'


@test
def a_program_that_is_not_there_is_127():
    with Run() as g:
        g.exit(errno.ENOENT, how=2)
        assert g.wait() == 127


@test
def all_output_is_delivered_before_the_status_even_to_a_slow_reader():
    with Run() as g:
        data = os.urandom(1 << 20)
        writer = threading.Thread(target=lambda: (g.start(), g.write('out', data), g.write('err', b'e'), g.exit(3)))
        writer.start()
        time.sleep(0.05)  # the pipe is full now, whatever the machine's speed: nothing depends on it
        assert g.process.poll() is None
        assert g.process.stdout.read() == data
        assert g.process.stderr.read() == b'e'
        writer.join()
        assert g.wait() == 3


@test
def a_slow_reader_stops_the_guest_with_bounded_memory():
    with Run() as g:
        g.start()
        g.out.settimeout(0.3)
        total = 0
        try:
            while total < 64 << 20:
                total += g.out.send(b'x' * 65536)
        except TimeoutError:
            pass
        assert total < 4 << 20, total


@test
def a_killed_program_does_not_wait_for_a_reader_that_does_not_read():
    with Run() as g:
        g.start()
        g.write('out', b'x' * 100000)
        eventually(lambda: len(fcntl.ioctl(g.process.stdout, termios.FIONREAD, b'1234')) and
                   struct.unpack('i', fcntl.ioctl(g.process.stdout, termios.FIONREAD, b'1234'))[0] >= 65536)
        g.process.send_signal(signal.SIGTERM)
        assert g.take() == SIGNAL
        g.exit(signal.SIGTERM, how=1)
        assert g.wait() == -signal.SIGTERM
        assert g.process.stdout.read() == b'x' * 65536


@test
def a_killed_program_waits_for_a_slow_reader():
    with Run() as g:
        g.start()
        data = os.urandom(100000)
        g.write('out', data)
        g.process.send_signal(signal.SIGTERM)
        assert g.take() == SIGNAL
        g.exit(signal.SIGTERM, how=1)
        got = b''
        while len(got) < len(data):
            time.sleep(0.2)  # the reader's slowness, no wait for anything
            got += os.read(g.process.stdout.fileno(), 16384)
        assert got == data
        assert g.wait() == -signal.SIGTERM


@test
def what_a_program_wrote_before_it_killed_itself_waits_for_its_reader():
    with Run() as g:
        g.start()
        g.write('out', b'x' * 100000)
        g.exit(signal.SIGTERM, how=1)
        time.sleep(1.5)  # longer than a killed program's readers have
        assert g.process.poll() is None
        assert len(g.process.stdout.read()) == 100000
        assert g.wait() == -signal.SIGTERM


@test
def exited_may_arrive_before_the_output_it_counts():
    with Run() as g:
        g.start()
        g.written['out'] = 5
        g.exit(0)
        time.sleep(0.02)
        assert g.process.poll() is None
        g.out.sendall(b'later')
        assert g.wait() == 0
        assert g.process.stdout.read() == b'later'


@test
def output_that_never_arrives_is_no_success():
    with Run() as g:
        g.start()
        g.written['out'] = 5
        g.exit(0)
        g.out.close()
        assert g.wait() == 120
        assert b'output' in g.process.stderr.read()


@test
def a_reader_that_leaves_is_told_to_the_guest_while_it_is_silent():
    with Run() as g:
        g.start()
        g.process.stdout.close()
        assert g.take() == BROKEN
        assert g.broken == [3]
        g.write('out', b'x' * 100000)
        g.exit(signal.SIGPIPE, how=1)
        assert g.wait() == -signal.SIGPIPE


@test
def closed_standard_output_is_not_replaced_by_something_of_the_shims():
    with Run(preexec_fn=lambda: (os.close(1), os.close(2)), stdout=None, stderr=None) as g:
        assert 1 not in g.fds and 2 not in g.fds
        g.start()
        g.exit(0)
        assert g.wait() == 0


# ---- the loss of a party ----


@test
def a_guest_that_ends_without_a_word_is_120_with_one_line():
    with Run() as g:
        g.start()
        g.log('panic: out of memory')
        g.ctl.close()
        g.lose('the VM ended')
        assert g.wait() == 120
        assert g.process.stderr.read() == b'fleetsh: prog: the VM ended (the guest said: panic: out of memory)\n'


@test
def a_lost_router_is_120_with_its_reason():
    with Run() as g:
        g.start()
        g.lose('router r1 is gone: start it again')
        assert g.wait() == 120
        assert g.process.stderr.read() == b'fleetsh: prog: router r1 is gone: start it again\n'


@test
def a_vmprocd_that_ends_is_120():
    with Run() as g:
        g.start()
        g.vmprocd.close()
        assert g.wait() == 120
        assert g.process.stderr.read().count(b'\n') == 1


@test
def a_program_that_has_exited_is_not_lost_by_what_ends_after_it():
    with Run() as g:
        g.start()
        g.write('out', b'all')
        g.process.send_signal(signal.SIGSTOP)  # so that all of it is there when it looks
        g.exit(5)
        g.lose('late')
        g.vmprocd.close()
        g.ctl.close()
        g.process.send_signal(signal.SIGCONT)
        assert g.wait() == 5
        assert g.process.stderr.read() == b''


@test
def nonsense_on_the_control_port_ends_the_command():
    with Run() as g:
        g.ctl.sendall(b'\xff' * 64)
        assert g.wait() == 120


@test
def nonsense_on_the_file_port_ends_the_command():
    with Run() as g:
        g.p9.sendall(b'\x01\0\0\0' * 16)
        assert g.wait() == 120


@test
def a_refused_vm_is_125_with_the_reason():
    import socket, subprocess
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    body = struct.pack('<II504s', 4, 0, b'the router is full: end some VM')
    ours.send(struct.pack('<HHI', VERSION, 67, len(body)) + body)
    done = subprocess.run([os.environ.get('BUILD', 'build') + '/vmproc-run', f'v=3,l={theirs.fileno()}', '/bin/x', 'x'],
                          pass_fds=[theirs.fileno()], stderr=PIPE)
    assert done.returncode == 125
    assert done.stderr == b'fleetsh: x: no VM: the router is full: end some VM\n'


@test
def the_shells_death_ends_the_shim_and_its_orderly_exit_does_not():
    for orderly in (False, True):
        read, write = os.pipe()
        with Run(lifeline=read) as g:
            os.close(read)
            g.start()
            if orderly:
                os.write(write, b'd')
            os.close(write)
            if orderly:
                time.sleep(0.05)
                assert g.process.poll() is None
                g.exit(0)
                assert g.wait() == 0
            else:
                assert g.wait() == -signal.SIGHUP
                assert g.process.stderr.read() == b''


# ---- what the program starts with ----


@test
def arguments_environment_and_directory_arrive_whole():
    argv = ['prog', '', ' a "b" \'c\'', 'x' * 100000, 'new\nline', '\u00e9']
    with Run(argv, env={'A': '1', 'EMPTY': '', 'LONG': 'y' * 100000, 'NL': 'a\nb'}) as g:
        assert g.argv == argv
        assert sorted(g.env) == sorted(['A=1', 'EMPTY=', 'LONG=' + 'y' * 100000, 'NL=a\nb'])
        assert g.cwd == os.path.realpath(g.home)
        assert g.exec['pid'] == g.process.pid and g.exec['ppid'] == os.getpid()
        assert g.entropy != bytes(32) and abs(g.realtime / 1e9 - time.time()) < 60


@test
def descriptors_that_share_a_description_are_told_apart_from_others():
    read, write = os.pipe()
    dup, file = os.dup(write), os.open('/etc/passwd', os.O_RDONLY)
    again = os.open('/etc/passwd', os.O_RDONLY)
    null = os.open('/dev/null', os.O_RDWR)
    with Run(pass_fds=(write, dup, file, again, null)) as g:
        assert g.fds[dup].same_as == min(write, dup) == g.fds[write].same_as
        assert g.fds[again].same_as == again
        assert g.fds[file].flags & 4 and not g.fds[write].flags & 4
        assert g.fds[null].read_via == g.fds[null].write_via == 2
        assert (g.fds[0].read_via, g.fds[0].write_via) == (1, 0)
        assert (g.fds[1].write_via, g.fds[2].write_via, g.fds[write].write_via) == (3, 4, 1)
        assert g.fds[file].read_via == 1 and g.fds[file].ino == os.stat('/etc/passwd').st_ino
    for fd in (read, write, dup, file, again, null):
        os.close(fd)


@test
def a_wire_takes_the_place_of_the_pipe_and_closes_it():
    read, write = os.pipe()
    with Run(options=',i=0,o=1', grant=(0, 77), stdout=write) as g:
        os.close(write)
        assert g.keys == (0, 77) and g.flags & 4
        assert g.fds[1].write_via == 5 and g.fds[0].read_via == 1
        assert os.read(read, 1) == b''
        g.start()
        g.exit(0)
        assert g.wait() == 0
    os.close(read)


@test
def a_wire_without_a_key_stays_a_pipe():
    with Run(options=',i=1,o=1') as g:
        assert g.fds[1].write_via == 3 and g.fds[0].read_via == 1 and not g.flags & 6


@test
def ignored_signals_are_told_and_the_umask_is_the_guests():
    with Run(preexec_fn=lambda: (os.umask(0o27), signal.signal(signal.SIGUSR1, signal.SIG_IGN))) as g:
        assert g.exec['umask'] == 0o27
        assert g.exec['ign_lo'] >> (signal.SIGUSR1 - 1) & 1
        root = g.files()
        fid = g.create(g.at(root, g.cwd), 'f', mode=0o666)
        assert os.stat(g.home + '/f').st_mode & 0o777 == 0o666
        g.clunk(fid)


# ---- input ----


@test
def input_is_read_only_when_the_guest_asks_and_only_that_much():
    read, write = os.pipe()
    os.write(write, b'one\ntwo\nthree\n')
    with Run(stdin=read) as g:
        g.version()
        fid = g.attach('fd/0')
        assert g.read(fid, 4) == b'one\n'
        g.start()
        g.exit(0)
        g.wait()
    assert os.read(read, 100) == b'two\nthree\n'
    os.close(read), os.close(write)


@test
def a_files_offset_is_shared_with_the_shell():
    with tempfile.TemporaryFile() as f:
        f.write(b'0123456789')
        f.flush()
        f.seek(2)
        with Run(stdin=f) as g:
            g.version()
            fid = g.attach('fd/0')
            assert g.read(fid, 3) == b'234'
            assert g.call(LSEEK, 0, 1, 1)[0] == 6
            assert g.read(fid, 2) == b'67'
            assert g.read(fid, 9, offset=0) == b'012345678'
        assert os.lseek(f.fileno(), 0, 1) == 8


@test
def a_read_waits_without_stopping_the_other_requests():
    with Run() as g:
        root = g.files()
        fid = g.attach('fd/0')
        tag = g.ask_start(116, struct.pack('<IQI', fid, HERE, 100))
        g.getattr(g.at(root, g.cwd))
        g.process.stdin.write(b'hello')
        g.process.stdin.flush()
        assert g.ask_finish(tag)[4:] == b'hello'
        g.process.stdin.close()
        assert g.read(fid) == b''


@test
def a_flushed_read_takes_nothing():
    with Run() as g:
        g.version()
        fid = g.attach('fd/0')
        tag = g.ask_start(116, struct.pack('<IQI', fid, HERE, 100))
        g.ask(108, struct.pack('<H', tag))
        assert tag not in g.replies
        g.process.stdin.write(b'kept')
        g.process.stdin.flush()
        assert g.read(fid) == b'kept'


@test
def a_terminal_read_is_ended_by_a_flush_and_loses_nothing():
    master, slave = pty.openpty()
    with Run(stdin=slave) as g:
        os.close(slave)
        assert g.fds[0].flags & 1
        g.version()
        fid = g.attach('fd/0')
        for _ in range(20):
            tag = g.ask_start(116, struct.pack('<IQI', fid, HERE, 100))
            g.ask(108, struct.pack('<H', tag))
            assert tag not in g.replies
        os.write(master, b'line\n')
        assert g.read(fid) == b'line\n'
    os.close(master)


@test
def flushes_that_race_with_input_lose_nothing():
    master, slave = pty.openpty()
    with Run(stdin=slave) as g:
        os.close(slave)
        g.version()
        fid = g.attach('fd/0')
        lines = [b'%d\n' % i for i in range(200)]
        feeder = threading.Thread(target=lambda: [os.write(master, line) for line in lines])
        feeder.start()
        got = b''
        while got.count(b'\n') < len(lines):
            tag = g.ask_start(116, struct.pack('<IQI', fid, HERE, 100))
            g.ask(108, struct.pack('<H', tag))
            if tag in g.replies:
                kind, body = g.replies.pop(tag)
                assert kind == 117
                got += body[4:]
        feeder.join()
        assert got == b''.join(lines)
    os.close(master)


# ---- calls ----


@test
def a_call_waits_for_the_output_before_it():
    with Run() as g:
        g.start()
        ident = g.call_start(SYNC, 0, marks=(3, 0))
        g.ctl.settimeout(0.1)
        try:
            g.take()
            raise AssertionError('answered too soon')
        except TimeoutError:
            pass
        g.ctl.settimeout(10)
        g.write('out', b'abc')
        fails(errno.EINVAL, g.call_finish, ident)


@test
def poll_is_answered_when_ready_or_cancelled():
    with Run() as g:
        ident = g.call_start(POLL, 0, 1)
        g.call_cancel(ident)
        fails(errno.EINTR, g.call_finish, ident)
        ident = g.call_start(POLL, 0, 1)
        g.process.stdin.write(b'x')
        g.process.stdin.flush()
        assert g.call_finish(ident)[0] & 1


@test
def closing_a_description_ends_the_pipe_for_its_reader():
    with Run() as g:
        g.start()
        g.write('out', b'last')
        g.call(CLOSE, 1)
        assert g.process.stdout.read() == b'last'
        assert g.process.poll() is None
        fails(errno.EBADF, g.call, CLOSE, 1)
        g.exit(0)
        assert g.wait() == 0


@test
def hundreds_of_descriptors_may_be_closed_behind_a_slow_reader():
    files = [os.open('/etc/passwd', os.O_RDONLY) for _ in range(300)]
    with Run(pass_fds=files) as g:
        g.start()
        waiting = [g.call_start(CLOSE, fd, marks=(1, 0)) for fd in files]
        g.write('out', b'x')
        for ident in waiting:
            assert g.call_finish(ident)[0] == 0
        own = f'/proc/{g.process.pid}/fd/'
        left = [fd for fd in os.listdir(own) if os.readlink(own + fd) == '/etc/passwd']
        assert len(left) <= 1, left  # the tree of grants holds it, too
    for fd in files:
        os.close(fd)


@test
def terminal_settings_pass_and_other_ioctls_do_not():
    master, slave = pty.openpty()
    with Run(stdin=slave) as g:
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack('<4H', 33, 99, 0, 0))
        assert struct.unpack('<4H', g.call(IOCTL, 0, termios.TIOCGWINSZ)[1])[:2] == (33, 99)
        attr = bytearray(g.call(IOCTL, 0, termios.TCGETS)[1])
        assert len(attr) == 36
        attr[12] &= ~8  # ECHO
        g.call(IOCTL, 0, termios.TCSETS, 0, bytes(attr))
        assert not termios.tcgetattr(slave)[3] & termios.ECHO
        fails(errno.ENOTTY, g.call, IOCTL, 0, termios.TIOCSTI, 0, b'x')
        fails(errno.EINVAL, g.call, IOCTL, 0, termios.TCSETS, 0, b'short')
    os.close(master), os.close(slave)


sys.exit(run_tests())
