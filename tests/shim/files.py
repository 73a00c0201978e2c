#!/usr/bin/env python3
"""The 9P server and the grants: the shim against a played guest."""
import errno, fcntl, os, shutil, struct, sys, tempfile, time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from guest import *
from harness import *

# ---- files ----


@test
def the_current_directory_is_given_and_its_neighbours_are_not():
    with Run() as g:
        open(g.home + '/f', 'w').write('inside')
        root = g.files()
        names = [e[0] for e in g.readdir(g.open(g.walk(root)[0]))]
        assert 'tmp' in names and 'var' not in names, names
        assert g.read(g.open(g.at(root, g.cwd + '/f')), offset=0) == b'inside'
        fails(errno.EACCES, g.walk, root, 'var')
        fails(errno.EACCES, g.walk, g.walk(root, 'etc')[0], 'shadow')
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
        fails(errno.EACCES, g.walk, g.walk(root, 'etc')[0], 'shadow')
        fid, qids = g.walk(here, 'output')
        assert qids[0][0] == 2
        fails(errno.ELOOP, g.open, fid)
        g.version()
        fails(errno.EACCES, g.walk, g.walk(g.attach(), 'etc')[0], 'shadow')


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
def an_inherited_directory_can_be_walked_into_but_not_out_of():
    other = tempfile.mkdtemp(prefix='shimother')
    open(other + '/f', 'w').write('there')
    directory = os.open(other, os.O_RDONLY)
    with Run(pass_fds=[directory]) as g:
        root = g.files()
        fid = g.attach(f'fd/{directory}')
        assert g.read(g.open(g.walk(fid, 'f')[0]), offset=0) == b'there'
        up = g.walk(fid, '..', '..')[0]
        assert g.getattr(up)['qid'] == g.getattr(root)['qid']
        fails(errno.EINVAL, g.walk, root, f'/{directory}')
        assert not [e for e in g.readdir(g.open(g.walk(root)[0])) if '/' in e[0]]
    os.close(directory)
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
def a_program_whose_digest_was_checked_is_that_file_or_none():
    with tempfile.TemporaryDirectory() as home:
        path, other = home + '/program', home + '/other'
        for change in 'nothing', 'replaced', 'written to', 'not first':
            for name in path, other:
                with open(name, 'w') as f:
                    f.write('checked')
            fd = os.open(path, os.O_RDONLY)
            if change == 'replaced':
                os.rename(other, path)
            with Run(path=path, options=f',k={fd}', pass_fds=[fd]) as g:
                os.close(fd)
                root = g.files()
                if change == 'written to':
                    with open(path, 'a') as f:
                        f.write('!')
                if change == 'not first':
                    fails(errno.ESTALE, g.open, g.at(root, '/etc/hosts'))
                if change in ('nothing', 'not first'):
                    assert g.read(g.open(g.at(root, path))) == b'checked'
                    g.open(g.at(root, '/etc/hosts'))
                else:
                    fails(errno.ESTALE, g.open, g.at(root, path))


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


# ---- the bounce buffer ----


class Bounced(Run):
    """A shim that has a bounce buffer; buffer: its file."""

    def __init__(self, **named):
        self.buffer = os.memfd_create('bounce')
        os.truncate(self.buffer, BOUNCE_BYTES)
        super().__init__(bounce=self.buffer, **named)

    def __exit__(self, *args):
        super().__exit__(*args)
        os.close(self.buffer)

    def expect(self, at, data):
        """That lies there, and nothing anywhere else."""
        held = os.pread(self.buffer, 2 * BOUNCE_BYTES, 0)
        assert len(held) == BOUNCE_BYTES and held == held[:0].ljust(at, b'\0') + data.ljust(BOUNCE_BYTES - at, b'\0'), at
        os.pwrite(self.buffer, bytes(BOUNCE_BYTES), 0)


@test
def a_files_bytes_go_into_the_bounce_buffer_where_the_guest_wants_them():
    with Bounced() as g:
        data = os.urandom(700000)
        open(g.home + '/f', 'wb').write(data)
        f = g.open(g.at(g.files(), g.cwd + '/f'))
        for at, count, offset in ((0, 65536, 0), (4096, 262144, 100001), (BOUNCE_BYTES - 1, 1, 699999), (0, BOUNCE_BYTES, 7),
                                  (12345, 0, 0), (BOUNCE_BYTES, 0, 0)):
            assert g.bread(f, count, at, offset) == count, (at, count, offset)
            g.expect(min(at, BOUNCE_BYTES - 1), data[offset:offset + count])
        assert g.bread(f, 100000, 8, 650000) == 50000
        g.expect(8, data[650000:])
        assert g.bread(f, 100000, 8, 700000) == g.bread(f, 100000, 8, 1 << 40) == 0
        g.expect(0, b'')


@test
def what_is_not_within_the_bounce_buffer_comes_by_message():
    with Bounced() as g:
        open(g.home + '/f', 'wb').write(b'abcdefgh')
        f = g.open(g.at(g.files(), g.cwd + '/f'))
        for at, count in ((BOUNCE_BYTES + 1, 0), (BOUNCE_BYTES, 1), (BOUNCE_BYTES - 1, 2), (1, BOUNCE_BYTES), (0xffffffff, 8),
                          (0xfffffff8, 0xffffffff), (0, 0xffffffff), (8, 0xfffffff8)):
            assert g.bread(f, count, at, 2) == b'cdefgh'[:count], (at, count)
        g.expect(0, b'')


@test
def the_position_of_an_inherited_file_moves_as_by_any_read():
    with tempfile.TemporaryFile() as file:
        file.write(bytes(range(250)))
        file.seek(10)
        with Bounced(stdin=file) as g:
            g.version()
            stdin = g.attach('fd/0')
            assert g.bread(stdin, 20, 0) == 20 and file.tell() == 30
            assert g.read(stdin, 10) == bytes(range(30, 40))
            assert g.bread(stdin, 10, BOUNCE_BYTES) == bytes(range(40, 50)) and file.tell() == 50
            assert g.bread(stdin, 8, 100, 200) == 8 and file.tell() == 50
            assert g.bread(stdin, 1000, 0) == 200 and g.bread(stdin, 1000, 0) == 0 and file.tell() == 250


@test
def what_has_to_be_waited_for_comes_by_message():
    with Bounced() as g:
        g.version()
        stdin = g.attach('fd/0')
        tag = g.ask_start(130, struct.pack('<IQII', stdin, HERE, 100, 0))
        g.process.stdin.write(b'piped')
        g.process.stdin.flush()
        assert g.ask_finish(tag) == struct.pack('<I', 5) + b'piped'
        tag = g.ask_start(130, struct.pack('<IQII', stdin, HERE, 100, 0))
        g.ask(108, struct.pack('<H', tag))
        assert tag not in g.replies
        g.expect(0, b'')


@test
def errors_of_a_bounced_read_are_those_of_any_read():
    with Bounced() as g:
        open(g.home + '/f', 'w').write('text')
        root = g.files()
        here, f = g.at(root, g.cwd), g.at(root, g.cwd + '/f')
        fails(errno.EBADF, g.bread, 4242, 10, 0, 0)
        fails(errno.EBADF, g.bread, f, 10, 0, 0)
        g.open(f, os.O_WRONLY)
        fails(errno.EBADF, g.bread, f, 10, 0, 0)
        fails(errno.EISDIR, g.bread, g.open(here), 10, 0, 0)
        fails(errno.EINVAL, g.bread, g.open(g.at(root, g.cwd + '/f')), 10, 0, 1 << 63)
        fails(errno.EPROTO, g.ask, 130, struct.pack('<IQI', f, 0, 10))


@test
def a_bounce_buffer_that_was_cut_short_harms_nobody():
    for before in (True, False):
        with Bounced() as g:
            open(g.home + '/f', 'wb').write(b'x' * 300000)
            f = g.open(g.at(g.files(), g.cwd + '/f'))
            if not before:
                assert g.bread(f, 100000, 0, 0) == 100000
            os.truncate(g.buffer, 0)
            assert g.bread(f, 50000, 100000, 0) == b'x' * 50000
            os.truncate(g.buffer, 4096)
            n = g.bread(f, 50000, 0, 0)
            assert n == 4096 or n == b'x' * 50000, n


@test
def without_a_bounce_buffer_bytes_come_by_message():
    with Run() as g:
        open(g.home + '/f', 'w').write('text')
        assert g.bread(g.open(g.at(g.files(), g.cwd + '/f')), 10, 0, 0) == b'text'


# ---- bad requests ----


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


sys.exit(run_tests())
