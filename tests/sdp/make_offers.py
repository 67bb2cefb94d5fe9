#!/usr/bin/env python3
"""Makes the session descriptions in tests/sdp/offers: each browser opens a page that offers and
answers between two connections of its own and posts what they say to a server on the loopback.

  tests/sdp/make_offers.py [chromium|firefox-esr]...

Media are a canvas and an oscillator; no camera, no microphone, no peer outside.
"""
import http.server
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import threading

PAGE = """<!doctype html><script>
const canvas = document.createElement('canvas');
canvas.width = 1280; canvas.height = 720;
canvas.getContext('2d').fillRect(0, 0, 9, 9);
const video = () => canvas.captureStream(5);
const audio = () => new AudioContext().createMediaStreamDestination().stream;
function gathered(pc) {
  return new Promise(done => {
    const look = () => { if (pc.iceGatheringState === 'complete') done(); };
    pc.addEventListener('icegatheringstatechange', look);
    look();
    setTimeout(done, 5000);
  });
}
async function say(name, description) {
  await fetch('/' + name, {method: 'POST', body: description.sdp});
}
async function exchange(name, prepare) {
  const offerer = new RTCPeerConnection(), answerer = new RTCPeerConnection();
  prepare(offerer, answerer);
  await offerer.setLocalDescription(await offerer.createOffer());
  await gathered(offerer);
  await say(name + '-offer', offerer.localDescription);
  await answerer.setRemoteDescription(offerer.localDescription);
  await answerer.setLocalDescription(await answerer.createAnswer());
  await gathered(answerer);
  await say(name + '-answer', answerer.localDescription);
}
(async () => {
  try {
    await exchange('call', (offerer, answerer) => {
      for (const stream of [audio(), video()]) {
        for (const track of stream.getTracks()) offerer.addTrack(track, stream);
      }
      offerer.createDataChannel('chat');
      const stream = video();
      answerer.addTrack(stream.getTracks()[0], stream);
    });
    await exchange('simulcast', offerer => {
      const stream = video();
      offerer.addTransceiver(stream.getTracks()[0], {direction: 'sendonly', streams: [stream],
        sendEncodings: [{rid: 'h'}, {rid: 'm', scaleResolutionDownBy: 2}, {rid: 'l', scaleResolutionDownBy: 4}]});
      const voice = audio();
      offerer.addTransceiver(voice.getTracks()[0], {direction: 'sendonly', streams: [voice]});
    });
    await exchange('data', offerer => { offerer.createDataChannel('chat'); });
    await fetch('/done', {method: 'POST', body: ''});
  } catch (error) {
    await fetch('/failed', {method: 'POST', body: String(error)});
  }
})();
</script>"""

FIREFOX_PREFS = {
    "media.peerconnection.enabled": True,
    "media.autoplay.default": 0,
    "media.autoplay.blocking_policy": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "app.update.enabled": False,
    "media.gmp-manager.updateEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
}


def command(browser, profile, url):
    if browser == "chromium":
        return [browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
                "--autoplay-policy=no-user-gesture-required", f"--user-data-dir={profile}", url]
    prefs = "".join(f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in FIREFOX_PREFS.items())
    (pathlib.Path(profile) / "user.js").write_text(prefs)
    return [browser, "--headless", "--no-remote", "--profile", profile, url]


def run(browser):
    """What the browser's page posted, by name."""
    posted, done = {}, threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):
        def reply(self, body):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self):
            self.reply(PAGE.encode())

        def do_POST(self):
            posted[self.path[1:]] = self.rfile.read(int(self.headers["Content-Length"]))
            self.reply(b"")
            if self.path in ("/done", "/failed"):
                done.set()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as profile:
        url = f"http://127.0.0.1:{server.server_port}/"
        process = subprocess.Popen(command(browser, profile, url), stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        try:
            if not done.wait(120):
                sys.exit(f"{browser}: no answer in 120 s; got {sorted(posted)}")
        finally:
            process.terminate()
            process.wait()
    server.shutdown()
    if "failed" in posted:
        sys.exit(f"{browser}: {posted['failed'].decode()}; got {sorted(posted)}")
    posted.pop("done")
    return posted


def main():
    folder = pathlib.Path(__file__).parent / "offers"
    folder.mkdir(exist_ok=True)
    for browser in sys.argv[1:] or ["chromium", "firefox-esr"]:
        version = subprocess.run([browser, "--version"], capture_output=True, text=True, check=True).stdout
        major = re.search(r"(\d+)\.", version).group(1)
        for name, text in sorted(run(browser).items()):
            path = folder / f"{browser}-{major}-{name}.sdp"
            path.write_bytes(text)
            print(path.name, len(text), "bytes")


if __name__ == "__main__":
    main()
