"""What the tests of the shim share: a shim whose guest and vmprocd the test plays; TAP."""
import errno, os, shutil, sys, tempfile, time, traceback
from subprocess import PIPE

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


def run_tests():
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
