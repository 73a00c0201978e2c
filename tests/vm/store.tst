## vm image: the store

=== an image that was added is a command
export XDG_DATA_HOME="$PWD/data"
vm image add -n order /usr/bin/sort 2>&1 | host sed "s|sha256:[0-9a-f]*|DIGEST|"
PATH=$PATH:$(vm image path)
printf '%s\n' b a | order
printf '%s\n' b a | order -r
--- stdout
added order DIGEST
vm: image: to call images by name: PATH=$PATH:$(vm image path)
a
b
b
a

=== a spec brings its program along, its arguments, and the zeroth of them
export XDG_DATA_HOME="$PWD/data"
printf '{"version":1,"program":"/bin/busybox","arguments":["echo","-n"]}' >say.vm
printf '#!/bin/sh\n' >no && chmod +x no
vm image add say.vm >out 2>&1; echo $?
"$(vm image path)/say" hello; echo .
vm image show say | host sed -n '/^{/,$p' | host grep -v digest
--- stdout
0
hello.
{
    "argument-zero": "/bin/busybox",
    "arguments": [
        "echo",
        "-n"
    ],
    "version": 1
}

=== specs that mean the same are one file, and so are programs
export XDG_DATA_HOME="$PWD/data"
printf '{"version":1,"memory":"64M","program":"/bin/busybox"}' >a.vm
printf '{"program":"/bin/busybox",\n\n"version":1, "memory":"64M"}' >b.vm
cp /bin/busybox c; cp a.vm c.vm
vm image add a.vm b.vm >/dev/null 2>&1
host ls data/fleetsh/store | host wc -l
sed 's/"program[^,]*,//; s/,"program.*/}/' a.vm >c.vm
vm image add c | host cut -d' ' -f1,2
host ls data/fleetsh/store | host wc -l
--- stdout
2
added c
3

=== generations can be gone back to
export XDG_DATA_HOME="$PWD/data"
images() { echo $(vm image ls --json | host tr ',' '\n' | host sed -n 's/.*"name":"\(.*\)"/\1/p'); }
vm image ls; vm image ls -g
vm image add -n one /bin/true >/dev/null 2>&1
vm image add -n two /bin/false >/dev/null
vm image rm one
images
vm image rollback
images
vm image rollback 1
images
vm image rollback 2>&1
vm image rollback 9 2>&1
vm image add -n one /bin/false | host cut -d' ' -f1
vm image add -n one /bin/false | host cut -d' ' -f1
vm image ls -g | host sed 's/  2[^ ]*Z//'
--- stdout
two
generation 2
one two
generation 1
one
vm: image: there is no generation before 1
vm: image: 9: no such generation; `vm image ls -g` lists them
replaced
unchanged
     1  one
     2  one two
     3  two
*    4  one

=== gc removes what no generation has
export XDG_DATA_HOME="$PWD/data"
vm image add -n one /bin/true >/dev/null 2>&1
vm image add -n one /bin/false >/dev/null 2>&1
files() { host ls data/fleetsh/store | host wc -l; }
vm image gc; files
vm image gc -k 1 --dry-run | host sed 's/, [0-9]* KiB//'; files
vm image gc -k 1 | host sed 's/, [0-9]* KiB//'; files
vm image verify
vm image rollback 2>&1; :
--- stdout
removed: 0 generations, 0 files, 0 KiB
4
would remove: 1 generation, 2 files
4
removed: 1 generation, 2 files
2
2 files, 0 bad
vm: image: there is no generation before 2

=== a file lists a profile
export XDG_DATA_HOME="$PWD/data"
mkdir in; cp /bin/true in/yes; cp /bin/false in/no
printf '{"version":1,"images":{"a":"in/yes","b":{"file":"./in/no"}}}' >p.json
short() { host sed 's/ sha256:.*//'; }
vm image apply --dry-run p.json | short; vm image ls
vm image apply p.json | short
vm image apply p.json; vm image ls -g | host wc -l
cp in/no in/yes
vm image apply --dry-run p.json | short
printf '{"version":1,"images":{"c":"in/yes"}}' >q.json
vm image apply q.json | short
vm image ls --json | host grep -o '"name":"."'
--- stdout
+ a
+ b
+ a
+ b
1
~ a
- a
- b
+ c
"name":"c"

=== a file that is wrong changes nothing
export XDG_DATA_HOME="$PWD/data"
vm image add -n old /bin/true >/dev/null 2>&1
check() { printf %b "$1" >p.json; vm image apply p.json; }
check '{"version":1,"images":{"a":"/bin/true","b":"nosuch"}}'
check '{"version":1,"images":{"a/b":"/bin/true"}}'
check '{"version":1,\n"images":{"a":{"fiel":"x"}}}'
check '{"version":1,"images":{"a":{"file":"/bin/true","digest":"sha256:12"}}}'
check '{"version":1,"images":{"a":7}}'
check '{"version":1}'
check '{"images":{}}'
check '{'
check '{"version":1,"images":{"a":{"file":"/dev/null","digest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}}}'
vm image apply nosuch.json
vm image ls --json | host grep -o '"name":"[a-z]*"'
vm image ls -g | host wc -l
--- stderr
vm: image: nosuch: No such file or directory
vm: image: p.json:1:24: cannot be a name: "a/b"
vm: image: p.json:2:16: unknown key "fiel"
vm: image: p.json:1:57: must be sha256: and 64 hexadecimal digits
vm: image: p.json:1:28: must be a string or an object
vm: image: p.json:1:1: "images" is missing
vm: image: p.json:1:1: "version" is missing
vm: image: p.json:1:2: parse error: premature EOF
vm: image: /dev/null: Permission denied
vm: image: nosuch.json: No such file or directory
--- stdout
"name":"old"
1

=== what cannot be an image is refused
export XDG_DATA_HOME="$PWD/data"
printf 'echo' >text; chmod +x text; cp /bin/true plain; chmod -x plain; host mkfifo fifo
try() { vm image add "$@"; echo $?; }
try nosuch
try text
try plain
try .
try fifo
try -n a/b /bin/true
try -n .x /bin/true
try -n x.vm /bin/true
try -n '' /bin/true
try -n a /bin/true /bin/false
try -x
try /bin/true nosuch
vm image rm nosuch; echo $?
vm image show nosuch; echo $?
vm image ls
host ls -A data/fleetsh/store
--- stdout
1
1
1
1
1
2
2
2
2
2
2
1
1
1
--- stderr
vm: image: nosuch: No such file or directory
vm: image: text: a script; name its interpreter, and the script among the "arguments"
vm: image: plain: Permission denied
vm: image: .: a name has letters, digits and _+.,@%- only, begins with no . or -, and does not end in .vm
vm: image: fifo: Permission denied
vm: image: a/b: cannot be a name: letters, digits and _+.,@%- only, no . or - first, no .vm last
vm: image: .x: cannot be a name: letters, digits and _+.,@%- only, no . or - first, no .vm last
vm: image: x.vm: cannot be a name: letters, digits and _+.,@%- only, no . or - first, no .vm last
vm: image: : cannot be a name: letters, digits and _+.,@%- only, no . or - first, no .vm last
vm: usage: vm image add [-n NAME] FILE|SPEC.vm...
vm: usage: vm image add [-n NAME] FILE|SPEC.vm...
vm: image: nosuch: No such file or directory
vm: image: nosuch: no such image
vm: image: nosuch: no such image

=== a spec's digest is that of its program, wherever it lies
cp /bin/true prog
printf '{"version":1,"digest":"sha256:%s"}' "$(host sha256sum prog | host cut -d' ' -f1)" >prog.vm
./prog; echo $?
printf x >>prog
./prog; echo $?
vm image check prog.vm 2>/dev/null; echo $?
vm image add prog 2>/dev/null; echo $?
--- stdout
0
126
1
1
--- stderr some
