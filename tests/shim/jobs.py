#!/usr/bin/env python3
"""Signals, stops and the terminal: the shim against a played guest."""
import errno, fcntl, os, pty, select, signal, struct, sys, termios, threading, time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from guest import *
from harness import *

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


@test
def a_shim_that_was_stopped_by_sigstop_resumes_its_vm_and_tells_it_the_time():
    with Run(preexec_fn=os.setpgrp) as g:
        g.start()
        g.process.send_signal(signal.SIGSTOP)
        os.waitpid(g.process.pid, os.WUNTRACED)
        g.process.send_signal(signal.SIGCONT)
        assert g.from_shim()[0] == 5  # RESUME
        before = time.time_ns()
        g.to_shim(66)
        kind, body = g.message()
        assert kind == CLOCK
        realtime, since_exec = struct.unpack('<QQ', body)
        assert before <= realtime <= time.time_ns() and 0 < since_exec <= time.time_ns() - g.realtime, (since_exec,)
        assert g.take() == SIGNAL and g.signals == [signal.SIGCONT]


@test
def a_guest_that_does_not_read_its_port_costs_no_memory_and_gets_one_signal_of_each_kind():
    def pages():
        return int(open(f'/proc/{g.process.pid}/statm').read().split()[1])

    with Run() as g:
        g.start()
        least = 0
        for _ in range(20000):
            g.process.send_signal(signal.SIGUSR1)
            g.process.send_signal(signal.SIGUSR2)
            least = least or pages()
        assert pages() - least < 64, (least, pages())
        g.process.send_signal(signal.SIGCONT)
        g.process.send_signal(signal.SIGHUP)
        assert g.from_shim()[0] == 5
        g.to_shim(66)
        # Which of those that wait goes first is not said: a lower one may come again and again before a higher one.
        while not {signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2} <= set(g.signals):
            g.take()


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
        try:
            os.setpgid(child, child)
        except PermissionError:
            pass  # the child did so itself and is the shim by now
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

    def changes_within(self, seconds):
        return bool(select.select([self.read], [], [], seconds)[0])

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
        fid = g.attach('fd/0')
        tag = g.ask_start(116, struct.pack('<IQI', fid, HERE, 100))
        while g.take() != SIGNAL:
            pass
        assert g.signals == [signal.SIGTTIN]
        g.ask(108, struct.pack('<H', tag))
        assert tag not in g.replies
        g.send(STOPPED, struct.pack('<II', signal.SIGTTIN, 0))
        assert g.from_shim()[0] == 4
        tag = g.ask_start(116, struct.pack('<IQI', fid, HERE, 100))  # restarted before it stopped: raises SIGTTIN again
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
        # The second within 5 s of another one counts; on a busy machine that may be a later one.
        for _ in range(20):
            os.write(t.master, b'\x03')
            if t.changes_within(2):
                break
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


def send_signal(g, signo):
    """Returns when the shim has passed it on."""
    count = len(g.signals)
    g.process.send_signal(signo)
    while len(g.signals) == count:
        g.take()


@test
def a_program_that_ended_before_its_signal_came_to_it_has_died_of_that_signal():
    for signo in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGUSR1, signal.SIGTERM, 64):
        with Run() as g:
            g.start()
            send_signal(g, signo)
            g.write('out', b'what it wrote')
            g.exit(7, taken=0, fatal=(signal.SIGALRM, signo))
            assert g.wait() == -signo and g.process.stdout.read() == b'what it wrote'
    with Run() as g:
        g.start()
        send_signal(g, signal.SIGTERM)
        g.exit(signal.SIGPIPE, how=1, taken=0, fatal=(signal.SIGTERM, signal.SIGPIPE))  # it wrote to a neighbour that had died
        assert g.wait() == -signal.SIGTERM


@test
def a_signal_that_the_program_got_or_would_not_have_died_of_leaves_it_its_status():
    for taken, fatal in (1, (signal.SIGTERM,)), (0, ()), (0, (signal.SIGINT, signal.SIGUSR1)):
        with Run() as g:
            g.start()
            send_signal(g, signal.SIGTERM)
            g.exit(7, taken=taken, fatal=fatal)
            assert g.wait() == 7, (taken, fatal)
    with Run() as g:
        g.start()
        send_signal(g, signal.SIGTERM)  # a handler ran
        send_signal(g, signal.SIGINT)
        send_signal(g, signal.SIGTERM)
        g.exit(7, taken=1, fatal=(signal.SIGTERM,))
        assert g.wait() == -signal.SIGTERM
    with Run() as g:  # it cannot be run at all: the message and the status say so
        g.start()
        send_signal(g, signal.SIGTERM)
        g.exit(errno.ENOEXEC, how=2, taken=0)
        assert g.wait() == 126


@test
def a_signal_that_came_before_the_end_was_read_counts_and_waits_for_no_other_message():
    with Run(preexec_fn=os.setpgrp) as g:
        g.start()
        g.process.send_signal(signal.SIGSTOP)
        os.waitpid(g.process.pid, os.WUNTRACED)
        g.call_start(LSEEK, 99)
        g.process.send_signal(signal.SIGTERM)
        g.process.send_signal(signal.SIGCONT)
        assert g.from_shim()[0] == 5  # RESUME
        g.to_shim(66)
        kinds = [g.take() for _ in range(4)]
        assert g.signals == [signal.SIGTERM, signal.SIGCONT] and kinds == [SIGNAL, CLOCK, SIGNAL, RET], kinds
        g.process.send_signal(signal.SIGSTOP)
        os.waitpid(g.process.pid, os.WUNTRACED)
        g.exit(0, fatal=(signal.SIGHUP,))
        g.process.send_signal(signal.SIGHUP)
        g.process.send_signal(signal.SIGCONT)
        assert g.from_shim()[0] == 5
        g.to_shim(66)
        assert g.wait() == -signal.SIGHUP


@test
def an_end_by_a_signal_that_there_is_not_is_no_message():
    for signo in (0, 65, 1 << 31):
        with Run() as g:
            g.start()
            g.exit(signo, how=1)
            assert g.wait() == 120
            assert b'no message' in g.process.stderr.read()


@test
def a_shim_that_only_waits_for_a_reader_can_be_interrupted():
    with Run() as g:
        g.start()
        # Whether EXITED or the signal comes first to it: the program would have died of that.
        writer = threading.Thread(target=lambda: (g.write('out', b'x' * 150000), g.exit(0, fatal=(signal.SIGTERM,))))
        writer.start()
        writer.join()
        os.read(g.process.stdout.fileno(), 1)
        g.process.send_signal(signal.SIGTERM)
        assert g.wait() == -signal.SIGTERM


@test
def a_broken_pipe_of_the_shims_is_no_signal_for_the_program():
    read, write = os.pipe()
    with Run(pass_fds=[write]) as g:
        os.close(write)
        os.close(read)
        g.start()
        g.version()
        fails(errno.EPIPE, g.pwrite, g.attach(f'fd/{write}'), b'x')
        g.process.send_signal(signal.SIGUSR1)
        while g.take() != SIGNAL:
            pass
        assert g.signals == [signal.SIGUSR1]


@test
def interrupts_by_kill_are_only_requests():
    with Run() as g:
        g.start()
        for count in range(1, 5):
            g.process.send_signal(signal.SIGINT)
            while len(g.signals) < count:
                g.take()
        assert g.process.poll() is None


sys.exit(run_tests())
