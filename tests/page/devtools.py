# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A page in headless Chromium, or in node with dom.js, through the DevTools
protocol: both speak it over a WebSocket (RFC 6455), of which this is as much
as a client needs."""
import base64
import http.client
import json
import os
import re
import shutil
import socket
import struct
import subprocess
import tempfile

LIMIT = 60  # seconds that an answer may take


class Gone(Exception):
    """The other end has closed the connection."""


class WebSocket:
    """Text frames, not compressed."""

    def __init__(self, host, port, path):
        self.socket = socket.create_connection((host, port), LIMIT)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            (f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n"
             "Upgrade: websocket\r\nConnection: Upgrade\r\n"
             f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
             ).encode())
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self.read(1)
        if b" 101 " not in head.split(b"\r\n", 1)[0]:
            raise Gone(head.decode(errors="replace"))

    def read(self, length):
        data = b""
        while len(data) < length:
            part = self.socket.recv(length - len(data))
            if not part:
                raise Gone("the connection was closed")
            data += part
        return data

    def send(self, text, opcode=1):
        data = text if isinstance(text, bytes) else text.encode()
        mask = os.urandom(4)
        size = len(data)
        head = bytes([0x80 | opcode])
        if size < 126:
            head += bytes([0x80 | size])
        elif size < 1 << 16:
            head += bytes([0x80 | 126]) + struct.pack(">H", size)
        else:
            head += bytes([0x80 | 127]) + struct.pack(">Q", size)
        whole = (mask * (size // 4 + 1))[:size]
        masked = (int.from_bytes(data, "big") ^
                  int.from_bytes(whole, "big")).to_bytes(size, "big")
        self.socket.sendall(head + mask + masked)

    def receive(self):
        """One message, of any number of frames."""
        message = b""
        while True:
            first, second = self.read(2)
            size = second & 0x7f
            if size == 126:
                size, = struct.unpack(">H", self.read(2))
            elif size == 127:
                size, = struct.unpack(">Q", self.read(8))
            data = self.read(size)
            opcode = first & 0x0f
            if opcode == 8:
                raise Gone("the other end has closed")
            if opcode == 9:
                self.send(data, 10)
                continue
            message += data
            if first & 0x80:
                return message.decode()


class Target:
    """One page: commands, their answers, and the events that came meanwhile."""

    def __init__(self, url):
        host, port, path = re.fullmatch(r"ws://([^:/]+):(\d+)(/.*)",
                                        url).groups()
        self.socket = WebSocket(host, int(port), path)
        self.number = 0
        self.events = []

    def call(self, method, **parameters):
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method,
                                     "params": parameters}))
        while True:
            answer = json.loads(self.socket.receive())
            if answer.get("id") != self.number:
                self.events.append(answer)
                continue
            if "error" in answer:
                raise RuntimeError(f"{method}: {answer['error']}")
            return answer["result"]

    def wait_for(self, method):
        """The next event of that name."""
        while True:
            for event in self.events:
                if event.get("method") == method:
                    self.events.remove(event)
                    return event["params"]
            self.events.append(json.loads(self.socket.receive()))

    def evaluate(self, expression):
        """The value of an expression; what it throws is raised."""
        result = self.call("Runtime.evaluate", expression=expression,
                           returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(json.dumps(result["exceptionDetails"]))
        return result["result"].get("value")


class Program:
    """A process that prints where its DevTools are."""

    def __init__(self, command):
        # pylint: disable=consider-using-with
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            found = re.search(r"ws://\S+", line)
            if found:
                self.url = found[0]
                return
        raise RuntimeError(f"{command[0]} ended, and printed no address")

    def end(self):
        self.process.kill()
        self.process.wait()
        self.process.stderr.close()


class NodePage:
    """The page in node: its script, and no layout."""

    def __init__(self, path, fragment=""):
        self.program = Program(["node", "--inspect-brk=127.0.0.1:0",
                                os.path.join(os.path.dirname(__file__),
                                             "dom.js"),
                                str(path), fragment])
        self.target = Target(self.program.url)
        self.target.call("Runtime.enable")
        self.target.call("Debugger.enable")
        self.target.call("Runtime.runIfWaitingForDebugger")
        self.target.wait_for("Debugger.paused")
        self.target.call("Debugger.resume")
        while True:
            event = self.target.wait_for("Runtime.consoleAPICalled")
            if event["args"][0].get("value") == "ready":
                break
        self.evaluate = self.target.evaluate

    def key(self, key):
        self.evaluate(f"pressKey({json.dumps(key)})")

    def close(self):
        self.program.end()


KEYS = {"ArrowRight": 39, "ArrowLeft": 37, "ArrowDown": 40, "ArrowUp": 38,
        "PageDown": 34, "PageUp": 33, "Escape": 27, "Tab": 9, "Enter": 13,
        " ": 32}


def chromium():
    """The browser's program, or None."""
    for name in ("chromium", "chromium-headless-shell", "chromium-browser",
                 "google-chrome"):
        if shutil.which(name):
            return name
    return None


class Browser:
    """Headless Chromium; each page is a tab."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="dialtone-page.")
        self.program = Program([
            chromium(), "--headless", "--no-sandbox", "--disable-gpu",
            "--no-first-run", "--disable-extensions",
            "--disable-background-networking", "--hide-scrollbars",
            "--remote-debugging-port=0", f"--user-data-dir={self.folder}",
            "about:blank"])
        self.port = int(re.search(r":(\d+)/", self.program.url)[1])

    def ask(self, method, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port,
                                                timeout=LIMIT)
        connection.request(method, path)
        return json.loads(connection.getresponse().read())

    def open(self, path, fragment="", size=(1280, 720), mobile=False,
             theme="light"):
        tab = self.ask("PUT", "/json/new?about:blank")
        return ChromiumPage(tab["webSocketDebuggerUrl"],
                            f"file://{path}{fragment}", size, mobile, theme)

    def close(self):
        self.program.end()
        shutil.rmtree(self.folder, ignore_errors=True)


class ChromiumPage:
    """A tab, loaded; what it asks of the network is in self.requests()."""

    def __init__(self, url, address, size, mobile, theme):
        self.target = Target(url)
        self.evaluate = self.target.evaluate
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.target.call(f"{domain}.enable")
        self.target.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": theme}])
        self.target.call("Emulation.setDeviceMetricsOverride",
                         width=size[0], height=size[1], mobile=mobile,
                         deviceScaleFactor=2 if mobile else 1)
        self.target.call("Page.navigate", url=address)
        self.target.wait_for("Page.loadEventFired")

    def key(self, key):
        text = key if len(key) == 1 else ""
        for kind in ("keyDown", "keyUp"):
            self.target.call(
                "Input.dispatchKeyEvent", type=kind, key=key,
                text=text if kind == "keyDown" else "",
                windowsVirtualKeyCode=KEYS.get(key, ord(key[0].upper())))

    def click(self, x, y):
        for kind in ("mousePressed", "mouseReleased"):
            self.target.call("Input.dispatchMouseEvent", type=kind, x=x, y=y,
                             button="left", clickCount=1)

    def screenshot(self, path):
        data = self.target.call("Page.captureScreenshot", format="png")["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def pdf(self):
        return base64.b64decode(self.target.call(
            "Page.printToPDF", preferCSSPageSize=True,
            printBackground=True)["data"])

    def events(self, method):
        return [event["params"] for event in self.target.events
                if event.get("method") == method]

    def close(self):
        self.target.call("Page.close")
