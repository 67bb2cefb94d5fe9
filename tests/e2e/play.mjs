// Plays a page of ours in headless Chromium and says how it went.
//
//   node play.mjs URL [--seconds 20] [--start-timeout 30] [--modules DIR] [--screenshot FILE]
//
// Prints one line of JSON. Ends with 0 when the stream played all that time (or
// to its end) without a stall or a fatal error; 1 when not; 2 when it could not
// be tried at all.
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = path.dirname(fileURLToPath(import.meta.url));
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '20' },
    'start-timeout': { type: 'string', default: '30' },
    modules: { type: 'string', default: path.join(here, '../../build/node') },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
    screenshot: { type: 'string' },
  },
});
const url = positionals[0];
if (!url) {
  console.error('usage: play.mjs URL [--seconds N]');
  process.exit(2);
}

let browser;
try {
  const require = createRequire(path.join(path.resolve(options.modules), 'package.json'));
  const { chromium } = require('playwright-core');
  browser = await chromium.launch({
    executablePath: options.chromium, headless: true, chromiumSandbox: false,
    args: ['--autoplay-policy=no-user-gesture-required', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
} catch (error) {
  console.error(`cannot start Chromium: ${error.message}`);
  process.exit(2);
}

const problems = [];
try {
  const page = await browser.newPage({ viewport: { width: 1000, height: 1000 } });
  page.on('pageerror', (error) => problems.push(`page: ${error.message}`));
  await page.goto(url, { waitUntil: 'load', timeout: 15000 });
  const read = () => page.evaluate(() => window.mediacoreStats ?? null);
  const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  let stats = await read();
  const limit = Date.now() + 1000 * Number(options['start-timeout']);
  while (!stats?.started && Date.now() < limit) {
    await wait(100);
    stats = await read();
  }
  if (!stats?.started) problems.push(`did not start within ${options['start-timeout']} s`);

  const first = stats?.currentTime ?? 0;
  const began = Date.now();
  const latencies = [];
  while (stats?.started && !stats.ended && Date.now() - began < 1000 * Number(options.seconds)) {
    await wait(250);
    stats = await read();
    if (stats.latency !== null) latencies.push(stats.latency);
  }
  const played = (stats?.currentTime ?? 0) - first;
  const watched = (Date.now() - began) / 1000;
  if (stats?.started) {
    if (stats.stalls > 0) problems.push(`${stats.stalls} stalls`);
    if (!stats.ended && played < 0.8 * watched) problems.push(`played ${played.toFixed(1)} s in ${watched.toFixed(1)} s`);
    if (stats.decodedFrames === 0 && stats.width > 0) problems.push('no frame was decoded');
    for (const error of stats.errors.filter((text) => text.startsWith('fatal') || text.startsWith('video'))) problems.push(error);
  }
  latencies.sort((a, b) => a - b);
  if (options.screenshot) await page.screenshot({ path: options.screenshot });
  console.log(JSON.stringify({
    ok: problems.length === 0, problems, ended: stats?.ended ?? false,
    stalls: stats?.stalls ?? null, stalledMs: stats?.stalledMs ?? null,
    resolution: stats?.width ? `${stats.width}x${stats.height}` : null,
    latency: latencies.length ? Number(latencies[latencies.length >> 1].toFixed(3)) : null,
    droppedFrames: stats?.droppedFrames ?? null, decodedFrames: stats?.decodedFrames ?? null,
    currentTime: stats?.currentTime ?? null, played: Number(played.toFixed(3)), startupMs: stats?.startupMs ?? null,
    buffer: stats?.buffer ?? null, bitrate: stats?.bitrate ?? null, bandwidth: stats?.bandwidth ?? null,
    level: stats?.level ?? null, levelSwitches: stats?.levelSwitches ?? null,
    player: stats?.player ?? null, errors: stats?.errors ?? [],
  }));
} catch (error) {
  problems.push(error.message);
  console.log(JSON.stringify({ ok: false, problems, errors: [] }));
} finally {
  await browser.close();
}
process.exit(problems.length === 0 ? 0 : 1);
