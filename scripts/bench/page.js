/**
 * The time from navigation to the first chart in a browser, with a year of minutely rows of five sensors in the store.
 *
 * @import { Section, Settings } from './types.d.ts'
 */

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DatabaseSync } from '@photostructure/sqlite';
import { chromium } from 'playwright-core';
import { MAX_FIRST_CHART } from './works.js';

const BROWSER = process.env.CHROMIUM ?? '/usr/bin/chromium';
const SWITCHES = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
];
const SENSORS = 5;
const MINUTES = 365 * 24 * 60;
const HEADER = 'sensor,window,start,end,count,min,max,avg';
const VIEWS = [
  ['the page as it opens: 24 h', ''],
  ['all of the year', '#range=all'],
];

// Rolling hours, one ending at each minute up to now.
const FILL = `
WITH RECURSIVE minute (at) AS (SELECT 0 UNION ALL SELECT at + 1 FROM minute WHERE at < :minutes)
INSERT OR REPLACE INTO "stats" ("sensor", "window", "start", "end", "count", "min", "max", "avg")
SELECT :sensor, 'all',
  strftime('%Y-%m-%dT%H:%M:%SZ', :now - 60 * at - 3540, 'unixepoch'),
  strftime('%Y-%m-%dT%H:%M:%SZ', :now - 60 * at, 'unixepoch'),
  60, 15 + at % 97 / 10.0, 17 + at % 89 / 10.0, 16 + at % 83 / 10.0
FROM minute`;

const FIRST_CHART = `new Promise((resolve) => {
  const seen = (list) => resolve(list.getEntriesByName('first chart')[0].startTime);
  new PerformanceObserver(seen).observe({ type: 'mark', buffered: true });
})`;

/** @param {string} tool */
const bin = (tool) => fileURLToPath(new URL(`../../bin/${tool}`, import.meta.url));

/**
 * A section of the report: milliseconds until the first chart of each view.
 *
 * @param {Settings} settings
 * @returns {Promise<Section>}
 */
export async function page({ runs, parts }) {
  if (!existsSync(BROWSER)) throw new Error(`no Chromium at ${BROWSER}`);
  const folder = mkdtempSync(join(tmpdir(), 'etlutils-page-'));
  const minutes = Math.round(MINUTES / parts);
  try {
    const store = await yearStore(join(folder, 'stats.db'), minutes);
    const results = await served(store, (url) => measureViews(url, folder, runs));
    return section(results, minutes);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A store whose table load-stats creates, and SQL fills, which is much faster. @param {string} path @param {number} minutes */
async function yearStore(path, minutes) {
  const now = Math.floor(Date.now() / 60_000) * 60;
  await loadOneRow(path);
  const database = new DatabaseSync(path);
  database.exec('PRAGMA synchronous = OFF; BEGIN');
  const fill = database.prepare(FILL);
  for (let at = 1; at <= SENSORS; at += 1)
    fill.run({ ':minutes': minutes, ':now': now, ':sensor': `sensor ${at}` });
  database.exec('COMMIT');
  database.close();
  return path;
}

/** @param {string} path @returns {Promise<void>} */
function loadOneRow(path) {
  const row = 'sensor 1,all,2020-01-01T00:00:00Z,2020-01-01T01:00:00Z,60,15,17,16';
  const child = spawn(bin('load-stats'), ['--to', path], { stdio: ['pipe', 'inherit', 'inherit'] });
  child.stdin.end(`${HEADER}\n${row}\n`);
  return new Promise((resolve, reject) => {
    child.on('close', (status) => (status === 0 ? resolve() : reject(new Error(`load-stats: ${status}`))));
  });
}

/**
 * Runs work with its own server.
 *
 * @template Result
 * @param {string} store
 * @param {(url: string) => Promise<Result>} work
 */
async function served(store, work) {
  const child = spawn(bin('serve-stats'), ['--port', '0', store], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = new Promise((resolve) => child.once('close', resolve));
  try {
    const url = await /** @type {Promise<string>} */ (
      new Promise((resolve, reject) => {
        child.stdout.once('data', (line) => resolve(line.toString().trimEnd()));
        child.once('close', () => reject(new Error('serve-stats did not start')));
      })
    );
    return await work(url);
  } finally {
    child.kill();
    await closed;
  }
}

/** @typedef {{ readonly name: string, readonly hash: string, readonly times: number[] }} View */

/** Uses a new browser profile each time, so that caches are empty. @param {string} url @param {string} folder @param {number} runs */
async function measureViews(url, folder, runs) {
  /** @type {View[]} */
  const results = VIEWS.map(([name = '', hash = '']) => ({ name, hash, times: [] }));
  for (let at = 0; at < runs; at += 1)
    for (const { hash, times } of results)
      times.push(await firstChart(`${url}${hash}`, mkdtempSync(join(folder, 'browser-'))));
  return results;
}

/** @param {string} address @param {string} profile @returns {Promise<number>} */
async function firstChart(address, profile) {
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: BROWSER,
    args: SWITCHES,
  });
  try {
    const tab = await context.newPage();
    await tab.goto(address);
    return await tab.evaluate(FIRST_CHART);
  } finally {
    await context.close();
  }
}

/** @param {readonly View[]} results @param {number} minutes @returns {Section} */
function section(results, minutes) {
  const rows = results.map(({ name, times }) => {
    const sorted = times.toSorted((a, b) => a - b);
    const shown = [sorted.length >> 1, 0, sorted.length - 1].map((at) => sorted[at]);
    return [name, ...shown.map((time) => time.toFixed(0))];
  });
  return {
    name: 'page',
    title: 'The page: time to the first chart',
    size: `${(SENSORS * minutes).toLocaleString('en')} rows of ${SENSORS} sensors`,
    header: ['', 'median ms', 'fastest', 'slowest'],
    rows,
    targets: [
      { what: 'to the first chart', measured: Number(rows[0][1]), most: MAX_FIRST_CHART, unit: 'ms' },
    ],
  };
}
