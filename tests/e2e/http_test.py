"""The HTTP server of `mediacore serve`, asked over real sockets.

    http_test.py PATH/TO/mediacore

Python's standard library only. Sockets of loopback, ports chosen by the system.
"""
import gzip
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

MEDIACORE = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 else "mediacore"


class Server:
    def __init__(self, directory, *flags, program=None):
        self.process = subprocess.Popen(
            [program or MEDIACORE, "serve", directory, "--serve", "127.0.0.1:0", "--quiet", *flags],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=directory)
        line = self.process.stdout.readline()
        match = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
        if not match:
            raise RuntimeError("did not start: " + line + self.process.stderr.read())
        self.port = int(match[1])

    def connect(self, timeout=5):
        return socket.create_connection(("127.0.0.1", self.port), timeout=timeout)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=10)
        self.process.stdout.close()
        self.process.stderr.close()
        return code


class Response:
    def __init__(self, stream, head_only=False):
        line = stream.readline()
        if not line:
            raise ConnectionError("closed")
        self.status = int(line.split()[1])
        self.fields = {}
        while (line := stream.readline().strip()):
            name, _, value = line.decode().partition(":")
            self.fields[name.lower()] = value.strip()
        size = int(self.fields.get("content-length", 0))
        self.body = b"" if head_only else stream.read(size)
        if not head_only and len(self.body) != size:
            raise ConnectionError("cut short")


def ask(server, target, method="GET", headers=None, raw=None):
    """One request on a connection of its own; `target` goes out as it is."""
    with server.connect() as sock:
        if raw is None:
            lines = [f"{method} {target} HTTP/1.1", "Host: test", "Connection: close"]
            lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
            raw = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
        sock.sendall(raw)
        with sock.makefile("rb") as stream:
            return Response(stream, method == "HEAD")


class HttpTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.root = os.path.join(cls.temporary.name, "public")
        os.makedirs(os.path.join(cls.root, "video"))
        cls.media = bytes(range(256)) * 4000
        cls.playlist = b"#EXTM3U\n" + b"#EXTINF:2,\nvideo/1.m4s\n" * 50
        for name, content in (("index.m3u8", cls.playlist), ("video/1.m4s", cls.media), ("1.ts", b"G" * 188),
                              ("init.mp4", b"ftyp"), ("empty.ts", b""), ("a b.ts", b"space"), (".hidden", b"secret")):
            with open(os.path.join(cls.root, name), "wb") as out:
                out.write(content)
        with open(os.path.join(cls.temporary.name, "secret"), "wb") as out:
            out.write(b"secret")
        with open(os.path.join(cls.temporary.name, "hls.js"), "wb") as out:
            out.write(b"// a player")
        cls.server = Server(cls.root, "--hls-js", os.path.join(cls.temporary.name, "hls.js"))

    @classmethod
    def tearDownClass(cls):
        code = cls.server.stop()
        cls.temporary.cleanup()
        assert code == 0, code

    def test_a_playlist_has_its_type_and_is_not_kept_by_caches(self):
        response = ask(self.server, "/index.m3u8")
        self.assertEqual(response.status, 200)
        self.assertEqual(response.fields["content-type"], "application/vnd.apple.mpegurl")
        self.assertEqual(response.fields["cache-control"], "no-cache")
        self.assertEqual(response.body, self.playlist)

    def test_segments_have_their_types(self):
        for target, mime in (("/video/1.m4s", "video/mp4"), ("/init.mp4", "video/mp4"), ("/1.ts", "video/mp2t")):
            response = ask(self.server, target)
            self.assertEqual((response.status, response.fields["content-type"]), (200, mime))
            self.assertIn("max-age", response.fields["cache-control"])

    def test_media_arrives_byte_for_byte(self):
        self.assertEqual(ask(self.server, "/video/1.m4s").body, self.media)
        self.assertEqual(ask(self.server, "/video/1.m4s?_HLS_msn=7").body, self.media)
        self.assertEqual(ask(self.server, "/a%20b.ts").body, b"space")
        self.assertEqual(ask(self.server, "/empty.ts").body, b"")

    def test_pages_of_other_origins_may_read_it(self):
        for target in ("/index.m3u8", "/video/1.m4s", "/nothing"):
            fields = ask(self.server, target, headers={"Origin": "http://elsewhere"}).fields
            self.assertEqual(fields["access-control-allow-origin"], "*")
            self.assertIn("Content-Range", fields["access-control-expose-headers"])

    def test_a_preflight_is_answered(self):
        response = ask(self.server, "/1.ts", "OPTIONS", {"Origin": "http://x", "Access-Control-Request-Method": "GET",
                                                         "Access-Control-Request-Headers": "range"})
        self.assertEqual(response.status, 204)
        self.assertIn("GET", response.fields["access-control-allow-methods"])
        self.assertIn("Range", response.fields["access-control-allow-headers"])
        self.assertNotIn("content-length", response.fields)

    def test_playlists_are_compressed_for_those_who_take_it(self):
        response = ask(self.server, "/index.m3u8", headers={"Accept-Encoding": "br, gzip"})
        self.assertEqual(response.fields["content-encoding"], "gzip")
        self.assertEqual(response.fields["vary"], "Accept-Encoding")
        self.assertLess(len(response.body), len(self.playlist) // 4)
        self.assertEqual(gzip.decompress(response.body), self.playlist)
        self.assertNotIn("content-encoding", ask(self.server, "/index.m3u8", headers={"Accept-Encoding": "gzip;q=0"}).fields)
        self.assertNotIn("content-encoding", ask(self.server, "/1.ts", headers={"Accept-Encoding": "gzip"}).fields)

    def test_a_range_is_a_part(self):
        for field, first, last in (("0-99", 0, 99), ("1000-", 1000, 1023999), ("-7", 1023993, 1023999),
                                   ("1023999-9999999", 1023999, 1023999)):
            response = ask(self.server, "/video/1.m4s", headers={"Range": "bytes=" + field})
            self.assertEqual(response.status, 206)
            self.assertEqual(response.fields["content-range"], f"bytes {first}-{last}/1024000")
            self.assertEqual(response.body, self.media[first:last + 1])

    def test_a_range_past_the_end_cannot_be_had(self):
        response = ask(self.server, "/video/1.m4s", headers={"Range": "bytes=1024000-"})
        self.assertEqual(response.status, 416)
        self.assertEqual(response.fields["content-range"], "bytes */1024000")

    def test_several_ranges_get_the_whole(self):
        response = ask(self.server, "/video/1.m4s", headers={"Range": "bytes=0-1,5-6"})
        self.assertEqual((response.status, response.body), (200, self.media))

    def test_a_range_of_something_that_changed_is_the_whole(self):
        etag = ask(self.server, "/1.ts").fields["etag"]
        for condition, status in ((etag, 206), ('"other"', 200)):
            response = ask(self.server, "/1.ts", headers={"Range": "bytes=0-1", "If-Range": condition})
            self.assertEqual(response.status, status)

    def test_what_the_client_has_is_not_sent_again(self):
        etag = ask(self.server, "/index.m3u8").fields["etag"]
        response = ask(self.server, "/index.m3u8", headers={"If-None-Match": f'"x", {etag}'})
        self.assertEqual((response.status, response.body), (304, b""))

    def test_nothing_has_a_sentence(self):
        response = ask(self.server, "/nothing.ts")
        self.assertEqual(response.status, 404)
        self.assertTrue(response.fields["content-type"].startswith("text/plain"))
        self.assertTrue(response.body)

    def test_nobody_climbs_out(self):
        secret = os.path.join(self.temporary.name, "secret")
        for target in ("/../secret", "/video/../../secret", "/%2e%2e/secret", "/..%2fsecret", "/%2e%2e%2fsecret",
                       "//" + secret, "/" + secret, secret, "file://" + secret, "/..\\secret", "/..%5csecret", "/.hidden",
                       "/video/..", "/secret%00.ts", "/1.ts%00", "/%c0%ae%c0%ae/secret", "/....//secret",
                       "/../../../../../../../../etc/passwd", "http://test/../secret", "/video", "/video/", "/./1.ts"):
            response = ask(self.server, target)
            self.assertIn(response.status, (400, 404), target)
            self.assertNotIn(b"secret", response.body.replace(b"of this name", b""), target)

    def test_head_is_get_without_the_body(self):
        for target in ("/video/1.m4s", "/index.m3u8", "/nothing"):
            get, head = ask(self.server, target), ask(self.server, target, "HEAD")
            self.assertEqual(head.status, get.status)
            for name in ("content-length", "content-type"):
                self.assertEqual(head.fields[name], get.fields[name])

    def test_other_methods_are_refused(self):
        for method in ("POST", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT"):
            response = ask(self.server, "/1.ts", method)
            self.assertEqual(response.status, 405, method)
            self.assertEqual(response.fields["allow"], "GET, HEAD, OPTIONS")

    def test_a_body_nobody_wants_ends_the_connection(self):
        with self.server.connect() as sock:
            sock.sendall(b"POST /1.ts HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\nGET / HTTP/1.1\r\n\r\n....")
            with sock.makefile("rb") as stream:
                self.assertEqual(Response(stream).status, 405)
                self.assertEqual(stream.read(), b"")

    def test_a_connection_is_used_again(self):
        with self.server.connect() as sock, sock.makefile("rb") as stream:
            for _ in range(3):
                sock.sendall(b"GET /1.ts HTTP/1.1\r\nHost: x\r\n\r\n")
                self.assertEqual(Response(stream).status, 200)
            sock.sendall(b"GET /1.ts HTTP/1.1\r\nHost: x\r\n\r\n" * 5)  # all at once
            for _ in range(5):
                self.assertEqual(Response(stream).body, b"G" * 188)
            sock.sendall(b"GET /1.ts HTTP/1.0\r\n\r\n")
            self.assertEqual(Response(stream).status, 200)
            self.assertEqual(stream.read(), b"")

    def test_what_is_no_request_is_refused_and_the_server_lives(self):
        for raw in (b"\r\n\r\n\r\n", b"nonsense\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
                    b"GET /1.ts HTTP/1.1\r\n\r\n", b"GET /1.ts HTTP/1.1\r\nHost: x\r\nbad header\r\n\r\n",
                    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + os.urandom(100), bytes(100),
                    b"GET /a\x00b HTTP/1.1\r\nHost: x\r\n\r\n", b"GET 1.ts HTTP/1.1\r\nHost: x\r\n\r\n",
                    b"GET /1.ts HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"):
            with self.server.connect() as sock:
                sock.sendall(raw)
                sock.shutdown(socket.SHUT_WR)
                with sock.makefile("rb") as stream:
                    answer = stream.readline()
                self.assertTrue(answer == b"" or b" 400 " in answer, (raw, answer))
        self.assertEqual(ask(self.server, "/1.ts").status, 200)

    def test_a_head_that_is_too_large_is_refused(self):
        raw = b"GET /1.ts HTTP/1.1\r\nHost: x\r\n" + b"X: " + b"y" * 9000 + b"\r\n\r\n"
        self.assertEqual(ask(self.server, "", raw=raw).status, 431)

    def test_the_page_and_its_script_are_there(self):
        page = ask(self.server, "/")
        self.assertEqual(page.fields["content-type"], "text/html; charset=utf-8")
        self.assertIn(b"mediacoreStats", page.body)
        self.assertNotRegex(page.body, rb"(src|href)=\"?https?:")
        script = ask(self.server, "/hls.js")
        self.assertTrue(script.fields["content-type"].startswith("text/javascript"))
        self.assertEqual(script.body, b"// a player")

    def test_a_file_that_appears_is_served(self):
        path = os.path.join(self.root, "new.ts")
        self.assertEqual(ask(self.server, "/new.ts").status, 404)
        with open(path, "wb") as out:
            out.write(b"new")
        time.sleep(0.2)
        self.assertEqual(ask(self.server, "/new.ts").body, b"new")
        os.unlink(path)
        self.assertEqual(ask(self.server, "/new.ts").status, 404)


class LimitsTest(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.root = self.temporary.name
        with open(os.path.join(self.root, "1.ts"), "wb") as out:
            out.write(b"G" * 20000)
        with open(os.path.join(self.root, "large.ts"), "wb") as out:
            out.truncate(200 << 20)

    def tearDown(self):
        self.temporary.cleanup()

    def run_serve(self, *arguments):
        result = subprocess.run([MEDIACORE, "serve", *arguments], capture_output=True, text=True, timeout=20)
        return result.returncode, result.stderr

    def test_a_port_in_use_is_said(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            code, error = self.run_serve(self.root, "--serve", f"127.0.0.1:{taken.getsockname()[1]}")
        self.assertEqual(code, 3)
        self.assertIn("another program already does", error)

    def test_what_cannot_be_served_is_said(self):
        code, error = self.run_serve(os.path.join(self.root, "nothing"), "--serve", "127.0.0.1:0")
        self.assertEqual(code, 1)
        self.assertIn("cannot read the directory", error)
        self.assertEqual(self.run_serve(self.root, "--serve", "no address")[0], 2)
        self.assertEqual(self.run_serve()[0], 2)
        code, error = self.run_serve(self.root, "--serve", "127.0.0.1:0", "--throttle", os.path.join(self.root, "1.ts"))
        self.assertEqual(code, 1)
        self.assertIn("line 1", error)
        self.assertEqual(self.run_serve(self.root, "--serve", "203.0.113.7:9")[0], 3)

    def test_without_a_script_the_page_says_how_to_get_it(self):
        # The script is looked for beside the program too: run a copy from elsewhere.
        with tempfile.TemporaryDirectory() as elsewhere:
            server = Server(self.root, program=shutil.copy(MEDIACORE, elsewhere))
        self.assertIn(b"npm install", ask(server, "/").body)
        self.assertEqual(ask(server, "/hls.js").status, 404)
        self.assertEqual(server.stop(), 0)

    def test_a_client_that_drips_its_request_is_let_go(self):
        server = Server(self.root, "--idle-timeout", "1")
        with server.connect(timeout=10) as sock:
            began = time.monotonic()
            with self.assertRaises((BrokenPipeError, ConnectionResetError, TimeoutError)):
                for byte in b"GET /1.ts HTTP/1.1\r\nX: " + b"y" * 1000:
                    sock.sendall(bytes([byte]))
                    time.sleep(0.05)
                    if sock in select.select([sock], [], [], 0)[0] and not sock.recv(100):
                        raise ConnectionResetError
            self.assertLess(time.monotonic() - began, 5)
        self.assertEqual(server.stop(), 0)

    def test_connections_have_a_limit_and_others_get_their_turn(self):
        server = Server(self.root, "--max-connections", "3", "--idle-timeout", "1")
        idle = [server.connect() for _ in range(3)]
        time.sleep(0.2)
        with server.connect() as sock:
            self.assertEqual(sock.recv(10), b"")  # closed at once
        time.sleep(2.5)  # the idle ones are let go
        self.assertEqual(ask(server, "/1.ts").status, 200)
        for sock in idle:
            sock.close()
        self.assertEqual(server.stop(), 0)

    def test_a_client_that_takes_nothing_costs_no_memory(self):
        server = Server(self.root)

        def resident():
            with open(f"/proc/{server.process.pid}/statm") as statm:
                return int(statm.read().split()[1]) * 4096

        before = resident()
        socks = []
        for _ in range(20):
            sock = server.connect()
            sock.sendall(b"GET /large.ts HTTP/1.1\r\nHost: x\r\n\r\n")
            socks.append(sock)
        time.sleep(0.5)
        self.assertLess(resident() - before, 20 << 20)
        for sock in socks:
            sock.close()
        self.assertEqual(server.stop(), 0)

    def test_stopping_ends_the_connections_that_are_open(self):
        server = Server(self.root)
        with server.connect() as idle, server.connect() as busy:
            busy.sendall(b"GET /large.ts HTTP/1.1\r\nHost: x\r\n\r\n")
            time.sleep(0.2)
            began = time.monotonic()
            self.assertEqual(server.stop(), 0)
            self.assertLess(time.monotonic() - began, 2)
            self.assertEqual(idle.recv(10), b"")

    def test_the_trace_shapes_what_a_client_gets(self):
        trace = os.path.join(self.root, "trace.csv")
        with open(trace, "w") as out:
            out.write("duration_ms,throughput_bps,rtt_ms\n60000,160000,100\n")
        server = Server(self.root, "--throttle", trace)
        began = time.monotonic()
        self.assertEqual(len(ask(server, "/1.ts").body), 20000)  # one second at 160 kbit/s, and the round trip
        took = time.monotonic() - began
        self.assertGreater(took, 1.05)
        self.assertLess(took, 1.6)
        self.assertEqual(server.stop(), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
