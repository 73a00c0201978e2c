## vm image check

=== a spec that can be kept to is right
cat >ok.vm <<'EOF'
{
  "version": 1,
  "description": "all of it",
  "program": "/bin/busybox",
  "kind": "linux",
  "arguments": ["cat", "-n"],
  "environment": {"pass": ["PATH", "LC_*"], "set": {"MODE": "image"}},
  "files": {"args": "ro", "cwd": "none", "tmp": "none", "paths": {"/etc/passwd": "ro", "~/new": "rw"}},
  "network": "none",
  "memory": "64M",
  "completion": {"options": {"-v": "tells more", "--format": {"about": "prints so", "argument": ["json", "text"]}},
                 "operands": ["host", "file"]},
  "limits": {"cpu": 10, "file-size": "1M"}
}
EOF
vm image check ok.vm; echo $?
--- stdout
0

=== each error has a file, a line and a column
check() { printf %b "$1" >s.vm; vm image check s.vm; }
check '{'
check '{"version":2}'
check '{"version":1, "fiels":{}}'
check '{"version":1,\n "files": {"args":"r"}}'
check '{"version":1,\n "files": {"args":"ro",\n           "arg":"ro"}}'
check '[]'
check '{"program":"/bin/busybox"}'
check '{"version":1,"version":1}'
check '{"version":1,"program":"x"}'
check '{"version":1,"program":"/nosuch"}'
check '{"version":1,"program":"/bin/busybox",\n"files":{"paths":{"a":"rw"}}}'
check '{"version":1,"program":"/bin/busybox",\n"files":{"paths":{"/nosuch":"ro"}}}'
check '{"version":1,"program":"/bin/busybox",\n"files":{"paths":{"/nosuch/x":"rw"}}}'
check '{"version":1,"environment":{"pass":["A","B"],"set":{"B":"1"}}}'
check '{"version":1,"environment":{"pass":["A","1x"]}}'
check '{"version":1,"memory":"1M"}'
check '{"version":1,"memory":64}'
check '{"version":1,"limits":{"cpu":-1}}'
check '{"version":1,"network":"all"}'
check '{"version":1,"network":{}}'
check '{"version":1,"network":["*:443",\n 1]}'
check '{"version":1,"network":["*:443",\n "example.org"]}'
check '{"version":1,"trigger":{}}'
check '{"version":1,"trigger":{"listen":"80","records":"line"}}'
check '{"version":1,"trigger":{"listen":"10.0.0.0/8:80"}}'
check '{"version":1,"trigger":{"listen":"http"}}'
check '{"version":1,"trigger":{"records":"word"}}'
check '{"version":1,"trigger":{"listen":"80","max":257}}'
check '{"version":1,"placement":{}}'
check '{"version":1,"placement":{"routers":[]}}'
check '{"version":1,"placement":{"routers":["a",""]}}'
check '{"version":1,"placement":{"architecture":"X86"}}'
check '{"version":1,"placement":{"label":"gpu"}}'
check '{"version":1,"placement":{"labels":["gpu","a,b"]}}'
check '{"version":1,"placement":{"labels":[]}}'
check '{"version":1,"completion":{"option":{}}}'
check '{"version":1,"completion":{"options":{"v":"x"}}}'
check '{"version":1,"completion":{"options":{"-v":"x",\n "--a=b":"x"}}}'
check '{"version":1,"completion":{"options":{"-v":1}}}'
check '{"version":1,"completion":{"options":{"-v":"a\\nb"}}}'
check '{"version":1,"completion":{"options":{"-v":{"about":"x",\n "argument":"path"}}}}'
check '{"version":1,"completion":{"operands":["file",\n ["a","b c"]]}}'
check '{"version":1,"completion":{"operands":{}}}'
check '{"version":1,"kind":"docker"}'
check '{"version":1} x'
check '{"version":1, "a\\"\\\\b":1}'
check ''
vm image check nosuch.vm
vm image frob x
--- stderr
s.vm:1:2: parse error: premature EOF
s.vm:1:12: "version" must be 1
s.vm:1:15: unknown key "fiels"
s.vm:2:19: "args" cannot be "r"
s.vm:3:12: unknown key "arg"
s.vm:1:1: a spec must be an object, not an array
s.vm:1:1: "version" is missing
s.vm:1:14: this key was given before
s.vm:1:24: "program" must begin with /, ./, ../ or ~/
s.vm:1:24: /nosuch: No such file or directory
s.vm:2:19: a path must begin with / or ~/
s.vm:2:19: cannot give /nosuch: No such file or directory
s.vm:2:19: cannot give /nosuch/x to write: No such file or directory
s.vm:1:41: "B" is set, too: it cannot be both
s.vm:1:41: not a variable's name, with or without a * at its end
s.vm:1:23: "memory" must be at least "16M"
s.vm:1:23: "memory" must be a string, not a number
s.vm:1:30: "cpu" must be a whole number above 0
s.vm:1:24: "network" cannot be "all"
s.vm:1:24: "network" must be "none" or an array, not an object
s.vm:2:2: must be a string, not a number
s.vm:2:2: must be HOST:PORT or listen:PORT
s.vm:1:24: "trigger" must say "listen" or "records"
s.vm:1:39: "listen" is given, too: it cannot be both
s.vm:1:34: "listen" must be one port, of one address or of all
s.vm:1:34: the port must be a number from 1 to 65535, LOW-HIGH, or *
s.vm:1:35: "records" cannot be "word"
s.vm:1:45: "max" must be at most 256
s.vm:1:26: "placement" must say "routers", "labels" or "architecture"
s.vm:1:37: "routers" must name at least one
s.vm:1:42: not the name of a router
s.vm:1:42: "architecture" must be a name such as "x86_64" or "aarch64"
s.vm:1:27: unknown key "label"
s.vm:1:43: a label is of letters, digits, and any of -_.=
s.vm:1:36: "labels" must name at least one
s.vm:1:28: unknown key "option"
s.vm:1:39: not an option
s.vm:2:2: not an option
s.vm:1:44: must be a string or an object, not a number
s.vm:1:44: must be one line
s.vm:2:13: an argument cannot be "path"
s.vm:2:7: not a word
s.vm:1:39: "operands" must be an array, not an object
s.vm:1:21: "kind" cannot be "docker"
s.vm:1:16: parse error: trailing garbage
s.vm:1:15: unknown key "a"\b"
s.vm:1:1: parse error: premature EOF
nosuch.vm: No such file or directory
fleetsh: line 50: vm: image: frob: no such subcommand; try `vm image help`
--- status 2

## images as commands

=== an image in PATH is a command, with arguments, environment and files of its spec
unset TMPDIR; mkdir bin given work; echo there >given/f; export PATH="$PWD/bin:$PATH" MODE=mine OTHER=1
cat >bin/probe.vm <<EOF
{"version": 1, "program": "/bin/busybox", "memory": "64M",
 "arguments": ["sh", "-c", "echo \$0 \$*; cat \$0; cat $PWD/given/f; env | grep 'MODE\\\\|OTHER'; ulimit -f"],
 "environment": {"pass": ["PATH"], "set": {"MODE": "image"}},
 "files": {"args": "ro", "cwd": "none", "paths": {"$PWD/given": "ro"}},
 "limits": {"file-size": "1M"}}
EOF
chmod +x bin/probe.vm; cd work; echo in >a; echo out >b
command -v probe | sed 's|.*/||'
probe a -b
probe a | wc -l
--- stdout
probe.vm
a -b
in
there
MODE=image
2048
5

=== less memory than usual is the guest's to keep to, in a VM that was ready
cat >small.vm <<'EOF'
{"version": 1, "program": "/bin/busybox", "memory": "64M"}
EOF
chmod +x small.vm
./small.vm head -n 1 /proc/meminfo
./small.vm dd if=/dev/zero of=/dev/null bs=40M count=1 2>/dev/null; echo $?
./small.vm dd if=/dev/zero of=/dev/null bs=70M count=1; echo $?
--- stdout
MemTotal:    65536 kB
0
1
--- stderr
dd: out of memory

=== a spec narrows what its command is given
mkdir bin work; export PATH="$PWD/bin:$PATH" TMPDIR=; cd work; echo in >a; echo in >b
cat >../bin/narrow.vm <<'EOF'
{"version": 1, "program": "/bin/busybox", "arguments": ["awk", "{ print; print (getline l <\"b\"); print 1 >FILENAME }"],
 "files": {"args": "ro", "cwd": "none"}}
EOF
chmod +x ../bin/narrow.vm
narrow a
cat a
--- stdout
in
-1
in
--- stderr some

=== a spec beside a program is that program's
mkdir bin; export PATH="$PWD/bin:$PATH" TMPDIR=; cp /bin/busybox bin/tac; echo in >a
cat >bin/tac.vm <<'EOF'
{"version": 1, "files": {"args": "none", "cwd": "none"}}
EOF
hash -r
tac a 2>/dev/null || echo refused
tac <a
rm bin/tac.vm
tac a
--- stdout
refused
in
in

=== only the spec of a command in PATH gives more
mkdir bin given; echo there >given/f; export PATH="$PWD/bin:$PATH" TMPDIR=
cp /bin/busybox bin/tac
cat >bin/tac.vm <<EOF
{"version": 1, "files": {"cwd": "none", "paths": {"$PWD/given": "ro"}}}
EOF
tac given/f
bin/tac given/f
--- stdout
there
--- stderr some
--- status 126

=== a spec with an error starts nothing
mkdir bin; export PATH="$PWD/bin:$PATH"; echo '{"version": 1, "x": 1}' >bin/bad.vm; chmod +x bin/bad.vm
bad 2>&1 | sed "s|$PWD/||"
bad 2>/dev/null
--- stdout
fleetsh: bad: bin/bad.vm:1:16: unknown key "x"
--- status 126

=== a spec's placement decides where, or that it cannot
mkdir bin; export PATH="$PWD/bin:$PATH"
spec() { printf '{"version": 1, "program": "/bin/busybox", "argument-zero": "echo", "placement": %s}' "$2" >bin/$1.vm; chmod +x bin/$1.vm; }
spec here "{\"architecture\": \"$(uname -m)\", \"routers\": [\"nowhere\", \"*\"]}"
spec there '{"routers": ["nowhere*"]}'
spec alien '{"architecture": "vax"}'
here ran
there ran; echo $?
alien ran 2>&1 | sed 's/VM: .*: it is .*, and/VM: ROUTER: it is MACHINE, and/'
alien ran 2>/dev/null
--- stdout
ran
125
fleetsh: echo: no VM: ROUTER: it is MACHINE, and the command's spec wants vax
--- stderr
fleetsh: echo: no VM: there is none of the routers that the command's spec names; `vm router ls` lists all
--- status 125

=== an image is no process and no script
mkdir bin; export PATH="$PWD/bin:$PATH"; echo '{"version": 1}' >bin/bad.vm; chmod +x bin/bad.vm
host bad
host $TESTEE bin/bad.vm
set -o host; hash -r; bad
--- stderr
fleetsh: line 2: bad: an image spec: it runs in a VM only
fleetsh: bin/bad.vm: not a shell script
fleetsh: line 4: bad: not found
--- status 127
