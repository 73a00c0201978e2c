#!/usr/bin/env python3
"""Names that change while the guest walks through them: whatever it meets, it is something that was given."""
import errno, os, shutil, struct, subprocess, sys, tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from guest import *
from harness import *

# Of each test; a million together.
SWAPS = int(os.environ.get('SWAPS', '350000'))

# Exchanges two names, again and again: renameat2(2), RENAME_EXCHANGE. Each is there at any moment.
SWAPPER = r'''
import ctypes, os, sys
renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
a, b, swaps = os.fsencode(sys.argv[1]), os.fsencode(sys.argv[2]), int(sys.argv[3])
for _ in range(swaps):
    if renameat2(-100, a, -100, b, 2):
        sys.exit(os.strerror(ctypes.get_errno()))
'''


def attempt(g, root, path):
    """What a guest that follows links itself gets to read, or the error's name."""
    try:
        fid = g.at(root, path)
    except Error as e:
        return errno.errorcode[e.errno]
    try:
        return g.read(g.open(fid), offset=0)
    except Error as e:
        return errno.errorcode[e.errno]
    finally:
        g.clunk(fid)


def make(g, root, path, name):
    try:
        fid = g.at(root, path)
    except Error:
        return
    try:
        g.ask(14, struct.pack('<I', fid) + text(name) + struct.pack('<III', 0o102, 0o644, 0))
    except Error:
        pass
    g.clunk(fid)


def while_swapped(a, b, turn):
    """Calls turn until the names have been exchanged SWAPS times; the number of calls."""
    turns = 0
    swapper = subprocess.Popen([sys.executable, '-c', SWAPPER, a, b, str(SWAPS)])
    try:
        while swapper.poll() is None:
            turn()
            turns += 1
    finally:
        swapper.kill()
        swapper.wait()
    assert swapper.returncode == 0, swapper.returncode
    return turns


@test
def a_directory_that_becomes_a_link_and_back_leads_nowhere_else():
    outside = tempfile.mkdtemp(prefix='shimsecret')
    open(outside + '/f', 'w').write('secret')
    seen = {}
    with Run() as g:
        os.mkdir(g.home + '/d')
        open(g.home + '/d/f', 'w').write('given')
        os.symlink(outside, g.home + '/link')
        root = g.files()

        def turn():
            result = attempt(g, root, g.cwd + '/d/f')
            seen[result] = seen.get(result, 0) + 1
            make(g, root, g.cwd + '/d', 'made')

        while_swapped(g.home + '/d', g.home + '/link', turn)
        assert b'secret' not in seen, seen
        assert seen.get(b'given') and len(seen) > 1, f'the race did not take place: {seen}'
    assert os.listdir(outside) == ['f'], os.listdir(outside)
    shutil.rmtree(outside)


@test
def a_file_that_becomes_a_link_and_back_is_never_what_the_link_names():
    outside = tempfile.mkdtemp(prefix='shimsecret')
    open(outside + '/f', 'w').write('secret')
    seen = {}
    with Run() as g:
        open(g.home + '/f', 'w').write('given')
        os.symlink(outside + '/f', g.home + '/link')
        root = g.files()

        def turn():
            try:
                fid = g.walk(root, *g.cwd.split('/')[1:], 'f')[0]
            except Error as e:
                seen[errno.errorcode[e.errno]] = 1
                return
            try:
                result = g.read(g.open(fid, 2), offset=0)
                g.pwrite(fid, b'given', 0)
            except Error as e:
                result = errno.errorcode[e.errno]
            seen[result] = seen.get(result, 0) + 1
            g.clunk(fid)

        while_swapped(g.home + '/f', g.home + '/link', turn)
        assert b'secret' not in seen, seen
        assert seen.get(b'given') and len(seen) > 1, f'the race did not take place: {seen}'
    assert open(outside + '/f').read() == 'secret'
    shutil.rmtree(outside)


@test
def a_directory_that_is_moved_away_leads_back_to_nothing():
    outside = tempfile.mkdtemp(prefix='shimsecret')
    os.mkdir(outside + '/empty')
    open(outside + '/f', 'w').write('secret')
    seen = {}
    with Run() as g:
        os.makedirs(g.home + '/d/s')
        open(g.home + '/f', 'w').write('given')
        root = g.files()

        def turn():
            try:
                below = g.at(root, g.cwd + '/d')
            except Error:
                seen['gone'] = 1
                return
            try:
                fid = g.walk(below, '..', 'f')[0]
                result = g.read(g.open(fid), offset=0)
                g.clunk(fid)
            except Error as e:
                result = errno.errorcode[e.errno]
            seen[result] = seen.get(result, 0) + 1
            g.clunk(below)

        while_swapped(g.home + '/d', outside + '/empty', turn)
        assert b'secret' not in seen, seen
        assert seen.get(b'given'), f'the race did not take place: {seen}'
    shutil.rmtree(outside)


sys.exit(run_tests())
