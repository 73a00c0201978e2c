/*
 * headless.js - @xterm/headless on the pseudo-terminal whose master is the descriptor that is given, for headless.py.
 *
 * Reads requests, a JSON object a line, from standard input, and answers each with a line: [null, value] or [error].
 */
"use strict";
const fs = require("fs");
const readline = require("readline");
const { Terminal } = require("@xterm/headless");

const PTY = Number(process.argv[2]);
const terminal = new Terminal({ rows: 24, cols: 80, scrollback: 500, allowProposedApi: true });
const seen = { titles: [], cwd: "", statuses: [], marks: [] };
let ended = false;

terminal.onTitleChange((title) => seen.titles.push(title));
terminal.parser.registerOscHandler(7, (url) => { seen.cwd = url; return true; });
for (const number of [133, 633]) {
    terminal.parser.registerOscHandler(number, (data) => {
        const [kind, status] = data.split(";");
        seen.marks.push(data);
        if (kind === "D" && status !== undefined) seen.statuses.push(Number(status));
        return true;
    });
}

function send(text) {
    fs.writeSync(PTY, text);
}
terminal.onData(send);

function lines() {
    const buffer = terminal.buffer.active;
    const found = [];
    for (let row = 0; row < terminal.rows; row++) {
        const line = buffer.getLine(buffer.viewportY + row);
        found.push(line ? line.translateToString(true) : "");
    }
    return found;
}

const requests = {
    lines,
    ended: () => ended,
    seen: (what) => seen[what],
    type: (text) => terminal.input(text, true),
    arrow: (letter) => terminal.input((terminal.modes.applicationCursorKeysMode ? "\x1bO" : "\x1b[") + letter, true),
    paste: (text) => {
        text = text.replace(/\r?\n/g, "\r");
        terminal.input(terminal.modes.bracketedPasteMode ? `\x1b[200~${text}\x1b[201~` : text, true);
    },
    resize: (rows, columns) => terminal.resize(columns, rows),
};

readline.createInterface({ input: process.stdin }).on("line", (line) => {
    const [what, ...operands] = JSON.parse(line);
    let answer;
    try {
        answer = [null, requests[what](...operands) ?? null];
    } catch (error) {
        answer = [String(error)];
    }
    process.stdout.write(JSON.stringify(answer) + "\n");
}).on("close", () => process.exit(0));

/* Of one size at a time, so that the pseudo-terminal stops its writer when we are behind. */
function pump() {
    const bytes = Buffer.alloc(65536);
    fs.read(PTY, bytes, 0, bytes.length, null, (error, count) => {
        if (error || count === 0) {
            ended = true;
            return;
        }
        terminal.write(bytes.subarray(0, count), pump);
    });
}
pump();
