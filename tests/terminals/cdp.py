"""cdp - Chromium without a screen, spoken to over --remote-debugging-pipe: JSON messages, each with a NUL behind it."""
import base64
import json
import os
import select
import time

FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-extensions", "--hide-scrollbars", "--mute-audio",
         "--password-store=basic", "--disable-features=Translate,OptimizationHints,MediaRouter", "--remote-debugging-pipe")
ANSWER_LIMIT = 60  # seconds


class Page:
    """The only page of a browser that child(command, reads, writes) starts with these two descriptors."""

    session = None

    def __init__(self, child, directory, url):
        to_browser, self.to = os.pipe()
        self.of, from_browser = os.pipe()
        self.rest, self.number = b"", 0
        # Chromium reads descriptor 3 and writes 4; child() tells the numbers of ours by IN and OUT.
        command = ["sh", "-c", 'exec "$@" 3<&"$IN" 4>&"$OUT"', "sh", "chromium", *FLAGS,
                   f"--user-data-dir={directory}/chromium", "about:blank"]
        try:
            self.browser = child(command, to_browser, from_browser)
        finally:
            os.close(to_browser)
            os.close(from_browser)
        target = next(target for target in self.call("Target.getTargets")["targetInfos"] if target["type"] == "page")
        self.session = self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)["sessionId"]
        self.call("Page.enable")
        self.call("Page.navigate", url=url)

    def close(self):
        for fd in (self.to, self.of):
            os.close(fd)

    def message(self, deadline):
        while b"\0" not in self.rest:
            ready = select.select([self.of], [], [], max(0, deadline - time.monotonic()))[0]
            more = os.read(self.of, 1 << 20) if ready else b""
            assert more, "Chromium does not answer" if not ready else "Chromium has ended"
            self.rest += more
        text, self.rest = self.rest.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, **parameters):
        self.number += 1
        request = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            request["sessionId"] = self.session
        data = json.dumps(request).encode() + b"\0"
        while data:
            data = data[os.write(self.to, data):]
        deadline = time.monotonic() + ANSWER_LIMIT
        while True:
            answer = self.message(deadline)
            if answer.get("id") == self.number:  # not an event
                assert "error" not in answer, (method, answer["error"])
                return answer["result"]

    def evaluate(self, expression):
        """The value of a JavaScript expression in the page; a promise's when it is kept."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, (expression, result["exceptionDetails"])
        return result["result"].get("value")

    def key(self, key, code, number, modifiers=0, text=None):
        event = {"key": key, "code": code, "windowsVirtualKeyCode": number, "modifiers": modifiers}
        self.call("Input.dispatchKeyEvent", type="keyDown", **event, **({"text": text} if text else {}))
        self.call("Input.dispatchKeyEvent", type="keyUp", **event)

    def compose(self, text):
        """As an input method does."""
        self.call("Input.imeSetComposition", text=text, selectionStart=len(text), selectionEnd=len(text))
        self.call("Input.insertText", text=text)
        self.evaluate("new Promise((done) => setTimeout(done))")  # a page may take it only when its event is over

    def size(self, width, height):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def screenshot(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))
