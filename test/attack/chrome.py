"""Chromium without a driver: the DevTools protocol over two pipes."""
import json
import os
import select
import subprocess
import tempfile
import time


class Chrome:
    """with Chrome() as b: b.cookie(..); b.open(address); b.ask("document.title")"""

    def __enter__(self):
        self.home = tempfile.mkdtemp(dir=os.environ.get("KHUE_TEST_TMP"), prefix="chrome.")
        to_r, self.to = os.pipe()
        self.back, back_w = os.pipe()

        def pipes():
            for have, want in ((os.dup(to_r), 3), (os.dup(back_w), 4)):
                os.dup2(have, want)

        self.p = subprocess.Popen(["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                                   f"--user-data-dir={self.home}", "--remote-debugging-pipe", "about:blank"], preexec_fn=pipes, close_fds=False,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_r)
        os.close(back_w)
        self.left, self.n, self.events = b"", 0, []
        target = self.call("Target.createTarget", {"url": "about:blank"}, None)["targetId"]
        self.session = self.call("Target.attachToTarget", {"targetId": target, "flatten": True}, None)["sessionId"]
        for domain in ("Page", "Runtime", "Network"):
            self.call(f"{domain}.enable")
        return self

    def __exit__(self, *_):
        self.p.kill()
        self.p.wait()

    def read(self, seconds):
        end = time.monotonic() + seconds
        while b"\0" not in self.left:
            if not select.select([self.back], [], [], max(0, end - time.monotonic()))[0]:
                return None
            got = os.read(self.back, 1 << 16)
            if not got:
                raise AssertionError("Chromium ended")
            self.left += got
        one, self.left = self.left.split(b"\0", 1)
        return json.loads(one)

    def call(self, method, params=None, session="page", seconds=30):
        self.n += 1
        m = {"id": self.n, "method": method, "params": params or {}}
        if session:
            m["sessionId"] = self.session
        os.write(self.to, json.dumps(m).encode() + b"\0")
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            got = self.read(end - time.monotonic())
            if got is None:
                break
            if got.get("id") == self.n:
                if "error" in got:
                    raise AssertionError(f"{method}: {got['error']}")
                return got["result"]
            self.event(got)
        raise AssertionError(f"{method}: no answer in {seconds} s")

    def event(self, got):
        self.events.append(got)
        if got.get("method") == "Page.javascriptDialogOpening":      # or the page would hang
            self.n += 1
            os.write(self.to, json.dumps({"id": self.n, "method": "Page.handleJavaScriptDialog", "params": {"accept": True},
                                          "sessionId": self.session}).encode() + b"\0")

    def cookie(self, address, name, value):
        self.call("Network.setCookie", {"name": name, "value": value, "url": address})

    def open(self, address):
        """The page, loaded; the dialogs it opened."""
        self.events = []
        self.call("Page.navigate", {"url": address})
        end = time.monotonic() + 20
        while time.monotonic() < end and not any(e.get("method") == "Page.loadEventFired" for e in self.events):
            got = self.read(1)
            if got:
                self.event(got)
        self.ask("1")                    # what the load has started has run
        return [e["params"]["message"] for e in self.events if e.get("method") == "Page.javascriptDialogOpening"]

    def ask(self, expression):
        return self.call("Runtime.evaluate", {"expression": expression, "returnByValue": True})["result"].get("value")
