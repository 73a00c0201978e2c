#!/usr/bin/env python3
"""The shim against a guest and a vmprocd that the test plays itself: no VM."""
import errno, fcntl, os, pty, shutil, signal, struct, sys, tempfile, termios, threading, time, traceback
from subprocess import PIPE

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from guest import *

TESTS = []


def test(function):
    TESTS.append(function)
    return function


class Run(Guest):
    """stdin and stdout are pipes unless told; the shim is killed at the end."""

    def __init__(self, argv=('prog',), **named):
        named.setdefault('stdin', PIPE)
        named.setdefault('stdout', PIPE)
        named.setdefault('stderr', PIPE)
        self.home = named.pop('home', None) or tempfile.mkdtemp(prefix='shimtest')
        named.setdefault('cwd', self.home)
        super().__init__(argv, **named)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe:
                try:
                    pipe.close()
                except OSError:
                    pass
        shutil.rmtree(self.home, ignore_errors=True)

    def files(self):
        self.version()
        return self.attach()


def eventually(condition, what='the condition'):
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end, f'{what} did not come'
        time.sleep(0.002)


def fails(code, function, *args, **named):
    try:
        function(*args, **named)
    except Error as e:
        assert e.errno == code, f'{errno.errorcode.get(e.errno)} instead of {errno.errorcode[code]}'
        return
    raise AssertionError(f'no {errno.errorcode[code]}')


def process_state(pid):
    return open(f'/proc/{pid}/stat').read().rpartition(')')[2].split()[0]


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
    ours.send(struct.pack('<HHI', 1, 67, len(body)) + body)
    done = subprocess.run([os.environ.get('BUILD', 'build') + '/vmproc-run', f'v=1,l={theirs.fileno()}', '/bin/x', 'x'],
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


# ---- signals and jobs ----


@test
def signals_reach_the_program():
    with Run() as g:
        g.start()
        g.write('err', b'.')
        g.process.stderr.read(1)
        for signo in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1, signal.SIGWINCH, signal.SIGTSTP, 40):
            g.process.send_signal(signo)
            while g.take() != SIGNAL:
                pass
            assert g.signals[-1] == signo
        assert g.process.poll() is None


def stop_and_continue(g, signo):
    g.send(STOPPED, struct.pack('<II', signo, 0))
    assert g.from_shim()[0] == 4  # SUSPEND
    assert process_state(g.process.pid) != 'T'
    g.to_shim(66)
    pid, status = os.waitpid(g.process.pid, os.WUNTRACED)
    assert os.WIFSTOPPED(status) and os.WSTOPSIG(status) == signo
    g.process.send_signal(signal.SIGCONT)
    assert g.from_shim()[0] == 5  # RESUME
    g.to_shim(66)
    while g.take() != SIGNAL or g.signals[-1] != signal.SIGCONT:
        pass


@test
def a_stopped_program_suspends_its_vm_and_then_stops_the_job():
    with Run(preexec_fn=os.setpgrp) as g:
        g.start()
        for signo in (signal.SIGTSTP, signal.SIGTTIN, signal.SIGSTOP):
            stop_and_continue(g, signo)
        g.exit(0)
        assert g.wait() == 0


class Terminal:
    """A session with a controlling terminal; the shim runs in it as a job of the forked leader, which stays."""

    def __init__(self, foreground, **named):
        self.master, self.slave = pty.openpty()
        self.foreground = foreground
        self.guest = Run(stdin=None, stdout=None, stderr=None, spawn=self.spawn, **named)

    def spawn(self, argv, cwd, pass_fds, **_):
        self.read, write = os.pipe()
        self.pid = self.returncode = None
        self.stdin = self.stdout = self.stderr = None
        if os.fork():
            os.close(write)
            return self
        os.setsid()
        for fd in range(3):
            os.dup2(self.slave, fd)
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        child = os.fork()
        os.setpgid(child, child)
        if self.foreground:
            os.tcsetpgrp(0, child or os.getpid())
        if child:
            self.lead(child, write)
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        os.chdir(cwd)
        for fd in pass_fds:
            os.set_inheritable(fd, True)
        os.execv(argv[0], argv)

    def lead(self, child, write):
        """In the leader: each change of the job as a line; a continuation gives it the terminal first."""
        os.closerange(3, write)
        os.closerange(write + 1, 256)
        status = None
        signal.signal(signal.SIGUSR1, lambda *_: os.tcsetpgrp(0, child))
        while status is None or os.WIFSTOPPED(status):
            _, status = os.waitpid(child, os.WUNTRACED)
            os.write(write, b'%d %d\n' % (os.getpid(), status))
        os._exit(0)

    def change(self):
        text = b''
        while not text.endswith(b'\n'):
            byte = os.read(self.read, 1)
            assert byte, 'the leader ended'
            text += byte
        self.leader, status = map(int, text.split())
        return status

    def bring_to_foreground(self):
        os.kill(self.leader, signal.SIGUSR1)
        eventually(lambda: os.tcgetpgrp(self.master) == self.guest.exec['pid'])
        os.kill(self.guest.exec['pid'], signal.SIGCONT)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pid = self.guest.exec['pid']
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        for fd in (self.master, self.slave, self.read):
            os.close(fd)
        os.wait()
        self.guest.__exit__()

    # what Guest wants of a process
    def poll(self):
        return 0

    def wait(self, timeout=None):
        return 0


@test
def a_background_read_of_the_terminal_raises_sigttin():
    with Terminal(foreground=False) as t:
        g = t.guest
        g.start()
        g.version()
        tag = g.ask_start(116, struct.pack('<IQI', g.attach('fd/0'), HERE, 100))
        while g.take() != SIGNAL:
            pass
        assert g.signals == [signal.SIGTTIN]
        g.send(STOPPED, struct.pack('<II', signal.SIGTTIN, 0))
        assert g.from_shim()[0] == 4
        g.to_shim(66)
        status = t.change()
        assert os.WIFSTOPPED(status) and os.WSTOPSIG(status) == signal.SIGTTIN
        t.bring_to_foreground()
        assert g.from_shim()[0] == 5
        g.to_shim(66)
        os.write(t.master, b'typed\n')
        assert g.ask_finish(tag)[4:] == b'typed\n'


@test
def the_second_interrupt_typed_ends_a_program_that_does_not_care():
    with Terminal(foreground=True) as t:
        g = t.guest
        g.start()
        os.write(t.master, b'\x03')
        while g.take() != SIGNAL:
            pass
        assert g.signals == [signal.SIGINT]
        assert process_state(g.exec['pid']) != 'Z'
        os.write(t.master, b'\x03')
        status = t.change()
        assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGINT


@test
def a_program_that_reads_its_terminal_may_be_interrupted_again_and_again():
    with Terminal(foreground=True) as t:
        g = t.guest
        g.start()
        g.version()
        fid = g.attach('fd/0')
        for count in range(1, 6):
            tag = g.ask_start(116, struct.pack('<IQI', fid, HERE, 100))
            g.getattr(fid)
            os.write(t.master, b'\x03')
            while len(g.signals) < count:
                g.take()
            g.ask(108, struct.pack('<H', tag))
        g.exit(0)
        assert os.WEXITSTATUS(t.change()) == 0


@test
def interrupts_by_kill_are_only_requests():
    with Run() as g:
        g.start()
        for count in range(1, 5):
            g.process.send_signal(signal.SIGINT)
            while len(g.signals) < count:
                g.take()
        assert g.process.poll() is None


# ---- files ----


@test
def the_current_directory_is_given_and_its_neighbours_are_not():
    with Run() as g:
        open(g.home + '/f', 'w').write('inside')
        root = g.files()
        names = [e[0] for e in g.readdir(g.open(g.walk(root)[0]))]
        assert 'tmp' in names and 'etc' not in names, names
        assert g.read(g.open(g.at(root, g.cwd + '/f')), offset=0) == b'inside'
        fails(errno.EACCES, g.walk, root, 'etc')
        fails(errno.ENOENT, g.walk, root, 'no-such-name')
        tmp = g.at(root, os.path.dirname(g.cwd))
        assert [e[0] for e in g.readdir(g.open(g.walk(tmp)[0]))] == ['.', '..', os.path.basename(g.cwd)]
        fails(errno.EACCES, g.create, tmp, 'new')
        fails(errno.EACCES, g.unlink, tmp, os.path.basename(g.cwd), 0x200)


@test
def named_paths_are_given_whole_after_equals_and_after_an_option():
    other = tempfile.mkdtemp(prefix='shimother')
    for name in ('a', 'b', 'c', 'd'):
        open(f'{other}/{name}', 'w').write(name)
    try:
        with Run(['prog', f'{other}/a', f'--file={other}/b', f'-f{other}/c', f'{other}/new']) as g:
            root = g.files()
            for name in 'abc':
                assert g.read(g.open(g.at(root, f'{other}/{name}')), offset=0) == name.encode()
            directory = g.at(root, other)
            fails(errno.EACCES, g.walk, directory, 'd')
            g.create(directory, 'new')
            assert os.path.exists(f'{other}/new')
            fails(errno.EACCES, g.create, directory, 'other')
            g.unlink(directory, 'a')
            assert not os.path.exists(f'{other}/a')
            assert [e[0] for e in g.readdir(g.open(g.walk(directory)[0]))] == ['.', '..', 'b', 'c', 'new']
    finally:
        shutil.rmtree(other)


@test
def a_directory_among_the_arguments_gives_all_below_it():
    other = tempfile.mkdtemp(prefix='shimother')
    os.makedirs(f'{other}/x/y')
    try:
        with Run(['prog', other]) as g:
            root = g.files()
            y = g.at(root, f'{other}/x/y')
            g.create(y, 'f')
            up = g.walk(y, '..', '..')[0]
            assert g.getattr(up)['qid'][2] == g.getattr(g.at(root, other))['qid'][2]
            assert os.path.exists(f'{other}/x/y/f')
    finally:
        shutil.rmtree(other)


@test
def links_are_shown_and_never_followed():
    with Run() as g:
        os.symlink('/etc', g.home + '/out')
        os.symlink('/etc/passwd', g.home + '/secret')
        os.symlink('../..', g.home + '/up')
        root = g.files()
        here = g.at(root, g.cwd)
        fid, qids = g.walk(here, 'out', 'passwd')
        assert fid is None and len(qids) == 1 and qids[0][0] == 2
        link = g.walk(here, 'secret')[0]
        assert g.readlink(link) == '/etc/passwd'
        fails(errno.ELOOP, g.open, link)
        fid, qids = g.walk(here, 'up', 'etc')
        assert fid is None and len(qids) == 1


@test
def a_link_on_the_way_to_a_grant_is_a_link_and_its_target_is_given():
    other = tempfile.mkdtemp(prefix='shimother')
    open(f'{other}/real', 'w').write('r')
    try:
        with Run(['prog', 'link']) as g:
            pass
        home = tempfile.mkdtemp(prefix='shimtest')
        os.symlink(f'{other}/real', f'{home}/link')
        with Run(['prog', 'link'], home=home) as g:
            root = g.files()
            link = g.at(root, g.cwd + '/link')
            assert g.readlink(link) == f'{other}/real'
            assert g.read(g.open(g.at(root, f'{other}/real')), offset=0) == b'r'
    finally:
        shutil.rmtree(other)


@test
def a_link_made_by_the_program_at_a_named_place_gives_nothing():
    home = tempfile.mkdtemp(prefix='shimtest')
    with Run(['prog', 'output'], home=home) as g:
        root = g.files()
        here = g.at(root, g.cwd)
        g.ask(16, struct.pack('<I', here) + text('output') + text('/etc/shadow') + struct.pack('<I', 0))
        fails(errno.EACCES, g.walk, root, 'etc')
        fid, qids = g.walk(here, 'output')
        assert qids[0][0] == 2
        fails(errno.ELOOP, g.open, fid)
        g.version()
        fails(errno.EACCES, g.walk, g.attach(), 'etc')


@test
def dots_and_slashes_in_names_lead_nowhere():
    with Run() as g:
        root = g.files()
        here = g.at(root, g.cwd)
        for name in ('a/b', '/etc', '../../etc', 'x\0y'):
            fails(errno.EINVAL, g.walk, here, name)
        fails(errno.ENOENT, g.walk, here, '')
        top, _ = g.walk(here, *['..'] * 12)
        assert g.getattr(top)['qid'] == g.getattr(root)['qid']
        for name in ('..', '.', '../x', 'x/../../y'):
            fails(errno.EINVAL, g.create, here, name)
        fails(errno.EINVAL, g.unlink, here, '..', 0x200)


@test
def a_directory_moved_away_is_not_left_through():
    other = tempfile.mkdtemp(prefix='shimother')
    with Run() as g:
        os.makedirs(g.home + '/a/b')
        open(other + '/outside', 'w')
        root = g.files()
        b = g.at(root, g.cwd + '/a/b')
        os.rename(g.home + '/a/b', other + '/b')
        try:
            fid, _ = g.walk(b, '..', 'outside')
            assert fid is None
        except Error as e:
            assert e.errno == errno.ENOENT
    shutil.rmtree(other)


@test
def the_programs_own_file_is_read_only():
    other = tempfile.mkdtemp(prefix='shimother')
    shutil.copy('/bin/busybox', other + '/tool')
    with Run(path=other + '/tool') as g:
        root = g.files()
        fid = g.at(root, other + '/tool')
        fails(errno.EROFS, g.open, g.walk(fid)[0], os.O_RDWR)
        fails(errno.EROFS, g.setattr, fid, 1, 0o777)
        assert g.read(g.open(fid), 4, 0) == b'\x7fELF'
        fails(errno.EACCES, g.unlink, g.at(root, other), 'tool')
    shutil.rmtree(other)


@test
def tmpdir_is_given_when_it_is_set():
    tmp = tempfile.mkdtemp(prefix='shimother')
    with Run(env={'TMPDIR': tmp}) as g:
        g.create(g.at(g.files(), tmp), 'f')
        assert os.listdir(tmp) == ['f']
    shutil.rmtree(tmp)


@test
def files_are_created_written_renamed_linked_and_removed():
    with Run() as g:
        here = g.at(g.files(), g.cwd)
        f = g.create(here, 'f', mode=0o640)
        assert g.pwrite(f, b'hello', 0) == 5 and g.pwrite(f, b'J', 0) == 1
        assert g.read(f, 10, 0) == b'Jello'
        assert g.getattr(f)['size'] == 5 and g.getattr(f)['mode'] & 0o777 == 0o640
        fails(errno.EEXIST, g.create, here, 'f', 0o302)
        g.ask(72, struct.pack('<I', here) + text('d') + struct.pack('<II', 0o755, 0))
        d = g.walk(here, 'd')[0]
        g.ask(74, struct.pack('<I', here) + text('f') + struct.pack('<I', d) + text('g'))
        assert open(g.home + '/d/g').read() == 'Jello'
        g.ask(70, struct.pack('<II', here, g.walk(d, 'g')[0]) + text('hard'))
        assert os.stat(g.home + '/hard').st_nlink == 2
        g.ask(20, struct.pack('<II', g.walk(here, 'hard')[0], d) + text('moved'))
        assert os.path.exists(g.home + '/d/moved')
        fails(errno.ENOTEMPTY, g.unlink, here, 'd', 0x200)
        g.ask(122, struct.pack('<I', g.walk(d, 'moved')[0]))
        g.unlink(d, 'g')
        g.unlink(here, 'd', 0x200)
        g.ask(18, struct.pack('<I', here) + text('fifo') + struct.pack('<IIII', 0o10600, 0, 0, 0))
        fails(errno.EPERM, g.ask, 18, struct.pack('<I', here) + text('dev') + struct.pack('<IIII', 0o20600, 1, 3, 0))
        assert os.listdir(g.home) == ['fifo']


@test
def attributes_are_set_and_times_can_be_now():
    with Run() as g:
        here = g.at(g.files(), g.cwd)
        f = g.create(here, 'f')
        g.setattr(f, 1 | 8, mode=0o604, size=1 << 33)
        st = os.stat(g.home + '/f')
        assert st.st_size == 1 << 33 and st.st_mode & 0o777 == 0o604
        g.setattr(f, 0x10 | 0x80 | 0x20 | 0x100, atime=(5, 6), mtime=(7, 8))
        st = os.stat(g.home + '/f')
        assert (st.st_atime_ns, st.st_mtime_ns) == (5000000006, 7000000008)
        g.setattr(f, 0x20)
        st = os.stat(g.home + '/f')
        assert st.st_atime_ns == 5000000006 and abs(st.st_mtime - time.time()) < 60
        assert g.pwrite(f, b'end', (1 << 33) + 5) == 3
        assert g.read(f, 10, (1 << 33) + 4) == b'\0end'
        f2 = g.create(here, 'ro', mode=0o400)
        g.setattr(f2, 8, size=3)  # open for writing: its mode does not matter
        assert os.stat(g.home + '/ro').st_size == 3


@test
def appending_is_the_hosts():
    with Run() as g:
        here = g.at(g.files(), g.cwd)
        a, b = g.create(here, 'f', 0o2101), g.create(here, 'f', 0o2101)
        for i in range(50):
            g.pwrite(a, b'a', 0)
            g.pwrite(b, b'b', 0)
        assert open(g.home + '/f').read() == 'ab' * 50


@test
def a_hundred_thousand_entries_are_read_once_each_while_the_directory_changes():
    with Run() as g:
        os.mkdir(g.home + '/big')
        for i in range(100000):
            os.mknod(f'{g.home}/big/{i}')
        g.version(512 << 10)
        fid = g.open(g.at(g.attach(), g.cwd + '/big'))
        seen, offset = [], 0
        while True:
            entries = g.readdir(fid, offset, 400000)
            if not entries:
                break
            seen += [e[0] for e in entries]
            offset = entries[-1][1]
            os.unlink(f'{g.home}/big/{entries[-1][0]}')  # one already seen
        assert len(seen) == len(set(seen)) == 100002


@test
def a_fifo_without_a_partner_holds_up_nobody():
    with Run() as g:
        os.mkfifo(g.home + '/fifo')
        here = g.at(g.files(), g.cwd)
        fifo = g.walk(here, 'fifo')[0]
        tag = g.ask_start(12, struct.pack('<II', fifo, 0))
        g.getattr(here)
        g.ask(108, struct.pack('<H', tag))
        assert tag not in g.replies
        created = g.walk(here)[0]
        tag = g.ask_start(14, struct.pack('<I', created) + text('fifo') + struct.pack('<III', 0o102 & ~2 | 1, 0, 0))
        g.getattr(here)
        with open(g.home + '/fifo', 'rb') as reader:
            g.ask_finish(tag)
        g.clunk(created)
        tag = g.ask_start(12, struct.pack('<II', fifo, 0))
        with open(g.home + '/fifo', 'wb') as writer:
            g.ask_finish(tag)
            writer.write(b'through')
            writer.flush()
            assert g.read(fifo) == b'through'
        assert g.read(fifo) == b''


@test
def locks_conflict_with_other_processes_and_can_be_waited_for():
    with Run() as g:
        here = g.at(g.files(), g.cwd)
        f = g.create(here, 'f')
        lock = struct.pack('<IBIQQI', f, 1, 0, 0, 0, 0) + text('')
        with open(g.home + '/f', 'r+') as host:
            fcntl.lockf(host, fcntl.LOCK_EX)
            assert g.ask(52, lock) == b'\1'
            waiting = g.ask_start(52, struct.pack('<IBIQQI', f, 1, 1, 0, 0, 0) + text(''))
            g.getattr(here)
            assert waiting not in g.replies
            assert g.ask(54, struct.pack('<IBQQI', f, 1, 0, 0, 0) + text(''))[0] == 1
            fcntl.lockf(host, fcntl.LOCK_UN)
            assert g.ask_finish(waiting) == b'\0'
            try:
                fcntl.lockf(host, fcntl.LOCK_EX | fcntl.LOCK_NB)
                raise AssertionError('not locked')
            except BlockingIOError:
                pass


@test
def inode_numbers_are_the_hosts_and_one_file_has_one():
    with Run() as g:
        here = g.at(g.files(), g.cwd)
        f = g.create(here, 'f')
        entry = [e for e in g.readdir(g.open(g.walk(here)[0])) if e[0] == 'f'][0]
        assert g.getattr(f)['qid'][2] == entry[3][2] == g.getattr(g.walk(here, 'f')[0])['qid'][2]


@test
def bad_requests_are_answered_and_the_session_goes_on():
    with Run() as g:
        root = g.files()
        for kind in range(256):
            if kind in (100, 108):
                continue
            for body in (b'', b'\0' * 3, b'\xff' * 40, struct.pack('<I', root) + b'\xff' * 6):
                tag = g.ask_start(kind, body)
                while tag not in g.replies:
                    g.reply()
                g.replies.pop(tag)
        fails(errno.EBADF, g.getattr, 4242)
        g.attach()


@test
def requests_may_come_in_pieces_and_in_heaps():
    with Run() as g:
        root = g.files()
        one = struct.pack('<IBHIQ', 19, 24, 7, root, 0x7ff)
        for byte in one:
            g.p9.send(bytes([byte]))
        g.ask_finish(7)
        g.p9.sendall(one * 500)
        for _ in range(500):
            assert g.reply() == 7


def main():
    wanted = [t for t in TESTS if not sys.argv[2:] or t.__name__ in sys.argv[2:]]
    failed = 0
    print(f'1..{len(wanted)}')
    for number, function in enumerate(wanted, 1):
        try:
            function()
            good = True
        except BaseException as why:
            if isinstance(why, KeyboardInterrupt):
                raise
            good = False
            print('# ' + traceback.format_exc().replace('\n', '\n# '))
        failed += not good
        print(f"{'' if good else 'not '}ok {number} - {function.__name__.replace('_', ' ')}", flush=True)
    return failed > 0


sys.exit(main())
