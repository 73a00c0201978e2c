/*
 * terminal.js - xterm.js on the shell of server.py, with what fleetsh tells its terminal put to use:
 * a mark beside each command, red for those that failed; jumps from prompt to prompt; the directory in the title.
 * What the sequences mean: docs/EMBEDDING.md.
 */
"use strict";

const terminal = new Terminal({
    allowProposedApi: true, /* decorations */
    fontFamily: "DejaVu Sans Mono, monospace",
    fontSize: 13,
    scrollback: 5000,
    theme: { background: "#101418", foreground: "#d8dee4" },
});
const fit = new FitAddon.FitAddon();
const element = (name) => document.getElementById(name);

/* ---- commands, from OSC 133 ---- */

/* Each: { prompt: marker, text, status, mark }; status undefined: it runs, or no command came of that prompt. */
const commands = [];
let cwd = "";

function mark(command, kind) {
    command.decoration?.dispose();
    command.decoration = terminal.registerDecoration({ marker: command.prompt, width: 1 });
    command.decoration?.onRender((shown) => {
        shown.className = `${shown.className.replace(/ ?\b(mark|failed|running)\b/g, "")} mark ${kind}`;
    });
}

function commandText(parameters) {
    const text = parameters.find((parameter) => parameter.startsWith("cmdline_url="));
    return text ? decodeURIComponent(text.slice("cmdline_url=".length)) : "";
}

terminal.parser.registerOscHandler(133, (data) => {
    const [kind, ...parameters] = data.split(";");
    const last = commands.at(-1);
    if (kind === "A") {
        commands.push({ prompt: terminal.registerMarker(0) });
    } else if (kind === "C" && last) {
        last.text = commandText(parameters);
        mark(last, "running");
        element("status").textContent = last.text.split("\n")[0];
        delete element("status").dataset.failed;
    } else if (kind === "D" && last) {
        if (parameters[0] === undefined) { /* nothing ran */
            commands.pop();
        } else {
            last.status = Number(parameters[0]);
            mark(last, last.status === 0 ? "" : "failed");
            element("status").textContent = last.status === 0 ? "" : `status ${last.status}`;
            element("status").toggleAttribute("data-failed", last.status !== 0);
        }
    }
    return true;
});

function jump(direction) {
    const top = terminal.buffer.active.viewportY;
    const rows = commands.map((command) => command.prompt.line).filter((row) => row >= 0);
    const row = direction < 0 ? rows.filter((at) => at < top).at(-1) : rows.find((at) => at > top);
    if (row !== undefined) terminal.scrollToLine(row);
    terminal.focus();
}

element("previous").onclick = () => jump(-1);
element("next").onclick = () => jump(1);
terminal.attachCustomKeyEventHandler((event) => {
    if (!event.ctrlKey || !event.shiftKey || !/^Arrow(Up|Down)$/.test(event.key)) return true;
    if (event.type === "keydown") jump(event.key === "ArrowUp" ? -1 : 1);
    event.preventDefault();
    return false;
});

/* ---- directory and title ---- */

terminal.parser.registerOscHandler(7, (url) => {
    try {
        cwd = decodeURIComponent(new URL(url).pathname);
    } catch {
        return true; /* no URL */
    }
    element("directory").textContent = cwd;
    return true;
});
terminal.onTitleChange((title) => { document.title = `${title} - fleetsh`; });

/* ---- the connection ---- */

const headers = { "X-Token": location.hash.slice(1), "X-Shell": crypto.randomUUID() };
let sending = Promise.resolve(); /* keys arrive in the order in which they were typed */

function post(path, body) {
    sending = sending.then(() => fetch(path, { method: "POST", headers, body })).catch(() => {});
}

async function run() {
    const size = JSON.stringify([terminal.rows, terminal.cols]);
    const answer = await fetch("output", { headers: { ...headers, "X-Size": size } });
    if (!answer.ok) throw new Error(answer.status === 403 ? "wrong token" : `status ${answer.status}`);
    const reader = answer.body.getReader();
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read())
        await new Promise((written) => terminal.write(chunk.value, written)); /* no faster than it is drawn */
}

terminal.loadAddon(fit);
terminal.open(element("terminal"));
fit.fit();
terminal.onData((data) => post("input", data));
terminal.onBinary((data) => post("input", Uint8Array.from(data, (c) => c.charCodeAt(0))));
terminal.onResize(({ rows, cols }) => post("size", JSON.stringify([rows, cols])));
new ResizeObserver(() => fit.fit()).observe(element("terminal"));
terminal.focus();

let ended = null;
run().then(() => { ended = "the shell has ended"; }, (error) => { ended = error.message; })
    .finally(() => terminal.write(`\r\n\x1b[2m[${ended}]\x1b[m\r\n`));
