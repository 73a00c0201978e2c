#!/usr/bin/env python3
"""Treach: walk, open, create and attributes in one request have the rules of Twalk, Tlopen, Tlcreate and Tgetattr."""
import errno, os, stat, struct, sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from guest import *
from harness import *

FOLLOW, ATTR, OPEN, CREATE, BESIDE = 1, 2, 4, 8, 16
READ = ATTR | OPEN


@test
def attributes_of_a_path_come_without_a_fid():
    with Run() as g:
        os.makedirs(g.home + '/d/e')
        open(g.home + '/d/e/f', 'w').write('hello')
        os.mkfifo(g.home + '/p')
        os.symlink('d/e', g.home + '/l')
        root = g.files()
        here = g.at(root, g.cwd)
        for path in ('d', 'd/e', 'd/e/f', 'p', 'l', '.', 'd/..'):
            got = g.reach(here, *[name for name in path.split('/') if name != '.'])
            want = os.lstat(os.path.join(g.home, path))
            assert got['qid'][2] == want.st_ino, path
            assert [got[key] for key in ('mode', 'uid', 'gid', 'nlink', 'size', 'blocks')] == \
                [want.st_mode, want.st_uid, want.st_gid, want.st_nlink, want.st_size, want.st_blocks], path
            assert got['fid'] is None
        fails(errno.EBADF, g.getattr, NOFID)


@test
def a_walk_that_fails_says_why_and_leaves_no_fid():
    with Run() as g:
        os.mkdir(g.home + '/d')
        open(g.home + '/f', 'w').close()
        root = g.files()
        here = g.at(root, g.cwd)
        for how in (0, ATTR, READ):
            for code, start, names in ((errno.ENOENT, here, 'd/x'), (errno.ENOENT, here, 'x/y/z'), (errno.ENOTDIR, here, 'f/x'),
                                       (errno.ENOTDIR, here, 'f/..'), (errno.EACCES, root, 'etc/shadow'),
                                       (errno.EACCES, root, 'var/log'), (errno.ENOENT, root, 'no-such-name'),
                                       (errno.EINVAL, here, 'd/x\0y')):
                fails(code, g.reach, start, *names.split('/'), how=how, want_fid=True)
                fails(errno.EBADF, g.getattr, g.fid)
        for name in ('a/b', '/etc', '../../etc'):
            fails(errno.EINVAL, g.reach, here, name)


@test
def a_link_on_the_way_or_at_an_end_that_follows_is_answered_with_its_target():
    with Run() as g:
        os.symlink('/etc', g.home + '/out')
        os.symlink('f', g.home + '/l')
        root = g.files()
        here = g.at(root, g.cwd)
        for how in (ATTR, ATTR | FOLLOW, READ, READ | CREATE):
            got = g.reach(here, 'out', 'shadow', how=how, want_fid=True)
            assert (got['walked'], got['type'], got['target'], got['fid']) == (1, 2, '/etc', None)
            fails(errno.EBADF, g.getattr, g.fid)
        got = g.reach(here, 'l', how=ATTR | FOLLOW)
        assert (got['walked'], got['target']) == (1, 'f')
        got = g.reach(here, 'l', how=READ | CREATE | FOLLOW, flags=os.O_RDWR, want_fid=True)
        assert got['target'] == 'f' and not os.path.exists(g.home + '/f')
        assert stat.S_ISLNK(g.reach(here, 'l')['mode'])
        fails(errno.ELOOP, g.reach, here, 'l', how=READ, want_fid=True)
        fails(errno.EEXIST, g.reach, here, 'l', how=READ | CREATE, flags=os.O_RDWR | os.O_EXCL, want_fid=True)


@test
def what_is_opened_is_what_a_walk_and_an_open_give():
    with Run() as g:
        open(g.home + '/f', 'w').write('hello')
        os.mkdir(g.home + '/d')
        os.mkfifo(g.home + '/p')
        root = g.files()
        here = g.at(root, g.cwd)
        got = g.reach(here, 'f', how=READ, flags=os.O_RDWR, want_fid=True)
        assert got['opened'] and got['size'] == 5 and g.read(got['fid'], offset=0) == b'hello'
        assert g.reach(here, 'f', how=READ, flags=os.O_RDWR | os.O_TRUNC, want_fid=True)['size'] == 0
        fails(errno.EBUSY, g.open, got['fid'])
        got = g.reach(here, 'd', how=READ, flags=os.O_DIRECTORY, want_fid=True)
        assert [e[0] for e in sorted(g.readdir(got['fid']))] == ['.', '..']
        fails(errno.ENOTDIR, g.reach, here, 'f', how=READ, flags=os.O_DIRECTORY, want_fid=True)
        fails(errno.EISDIR, g.reach, here, 'd', how=READ, flags=os.O_WRONLY, want_fid=True)
        fails(errno.EISDIR, g.reach, root, 'etc', how=READ, flags=os.O_WRONLY, want_fid=True)
        fails(errno.EROFS, g.reach, root, 'etc', 'passwd', how=READ, flags=os.O_RDWR, want_fid=True)
        fails(errno.EROFS, g.reach, root, 'etc', 'passwd', how=READ, flags=os.O_TRUNC, want_fid=True)
        # One that may have to wait is not opened: Tlopen does, and can be flushed.
        got = g.reach(here, 'p', how=READ, want_fid=True)
        assert not got['opened'] and stat.S_ISFIFO(got['mode'])
        tag = g.ask_start(12, struct.pack('<II', got['fid'], 0))
        g.ask(108, struct.pack('<H', tag))
        g.clunk(got['fid'])


@test
def what_is_not_there_is_created_where_that_is_given():
    with Run() as g:
        os.mkdir(g.home + '/d')
        root = g.files()
        here = g.at(root, g.cwd)
        got = g.reach(here, 'd', 'new', how=READ | CREATE, flags=os.O_RDWR, mode=0o640, want_fid=True)
        assert got['opened'] and stat.S_IMODE(got['mode']) == 0o640 and got['size'] == 0
        assert g.pwrite(got['fid'], b'hello', 0) == 5 and open(g.home + '/d/new').read() == 'hello'
        again = g.reach(here, 'd', 'new', how=READ | CREATE, flags=os.O_RDWR, want_fid=True)
        assert again['opened'] and again['size'] == 5 and again['qid'][2] == got['qid'][2]
        exclusive = os.O_RDWR | os.O_EXCL
        fails(errno.EEXIST, g.reach, here, 'd', 'new', how=READ | CREATE, flags=exclusive, want_fid=True)
        assert g.reach(here, 'd', 'other', how=READ | CREATE, flags=exclusive, want_fid=True)['opened']
        fails(errno.ENOENT, g.reach, here, 'x', 'new', how=READ | CREATE, flags=os.O_RDWR, want_fid=True)
        fails(errno.ENOTDIR, g.reach, here, 'd', 'new', 'x', how=READ | CREATE, flags=exclusive, want_fid=True)
        for flags in (os.O_RDWR, exclusive):
            fails(errno.EACCES, g.reach, root, 'var', 'new', how=READ | CREATE, flags=flags, want_fid=True)
            fails(errno.EACCES, g.reach, root, 'new', how=READ | CREATE, flags=flags, want_fid=True)
            fails(errno.EBADF, g.getattr, g.fid)
        fails(errno.EINVAL, g.reach, here, '..', how=READ | CREATE, flags=exclusive, want_fid=True)


@test
def names_beside_the_last_one_are_looked_at_by_the_same_rules_and_not_told_of():
    with Run() as g:
        os.makedirs(g.home + '/d/e')
        open(g.home + '/d/f', 'w').write('hello')
        os.symlink('/etc/shadow', g.home + '/d/l')
        root = g.files()
        here = g.at(root, g.cwd)
        how = ATTR | BESIDE
        got = g.reach(here, 'd', 'e', how=how, beside=('f', 'x', 'l', 'e', 'a/b'))
        assert stat.S_ISDIR(got['mode'])
        f, x, l, e, bad = got['beside']
        assert (f['size'], x, bad) == (5, errno.ENOENT, errno.EINVAL)
        assert stat.S_ISLNK(l['mode']) and l['qid'][2] == os.lstat(g.home + '/d/l').st_ino
        assert e['qid'] == got['qid']
        assert g.reach(root, 'etc', 'passwd', how=how, beside=('shadow', 'no-such-name'))['beside'] == \
            [errno.EACCES, errno.ENOENT]
        assert g.reach(here, 'd', how=how, beside=[])['beside'] == []
        # What is refused the last name is refused; a link on the way is answered alone.
        fails(errno.ENOENT, g.reach, here, 'd', 'x', how=how, beside=['f'])
        fails(errno.EACCES, g.reach, root, 'etc', 'shadow', how=how, beside=['passwd'])
        assert g.reach(here, 'd', 'l', 'x', how=how, beside=['f'])['target'] == '/etc/shadow'
        assert g.reach(here, 'd', 'l', how=how | FOLLOW, beside=['f'])['target'] == '/etc/shadow'
        # No more than there is room for, and those that were looked at are the first ones.
        many = g.reach(here, 'd', 'f', how=how, beside=['f', 'x'] * 600)['beside']
        assert len(many) <= 1200 and all(a == errno.ENOENT if i % 2 else a['size'] == 5 for i, a in enumerate(many))
        for names, more in ((('d', 'f'), OPEN), ((), 0)):
            fails(errno.EINVAL, g.reach, here, *names, how=how | more, want_fid=True, beside=['f'])
        fails(errno.EINVAL, g.reach, here, 'd', how=BESIDE, beside=['f'])


@test
def requests_that_make_no_sense_are_refused():
    with Run() as g:
        os.mkdir(g.home + '/d')
        root = g.files()
        here = g.at(root, g.cwd)
        fails(errno.EINVAL, g.reach, here, 'x', how=OPEN)
        fails(errno.EINVAL, g.reach, here, 'x', how=CREATE, want_fid=True)
        fails(errno.EBADF, g.reach, 4242, 'x')
        fails(errno.EPROTO, g.reach, here, *['x'] * 17)
        fails(errno.EPROTO, g.ask, 128, struct.pack('<IIIIIH', here, NOFID, 2, 0, 0, 3) + text('d'))
        fails(errno.EBUSY, g.ask, 128, struct.pack('<IIIIIH', here, root, 2, 0, 0, 0))
        assert g.reach(here)['mode'] == os.stat(g.home).st_mode


sys.exit(run_tests())
