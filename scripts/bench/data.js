/**
 * The benchmark's own inputs: the same bytes in each run and on every machine, from a seeded generator, cached in a folder
 * that git ignores. A part of an input is its first lines.
 */

import { createReadStream, createWriteStream, existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { clock, FIRST, isoTime, putDecimal, putTenths, writeLines, writeTexts } from './lines.js';
import { generator, stationNames } from './random.js';

const FEWEST_LINES = 60;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** Average number of readings per sensor, where there are many sensors. */
const READINGS = 5;

/**
 * @typedef Input
 * @property {number} lines
 * @property {string} [from] the input that it is derived from
 * @property {(path: string, lines: number, source: string) => unknown} make
 */

/** @type {Readonly<Record<string, Input>>} */
const INPUTS = {
  'stations.txt': { lines: 20_000_000, make: (path, lines) => stations(path, lines, 413) },
  'stations-5x.txt': { lines: 100_000_000, make: (path, lines) => stations(path, lines, 413) },
  'many-stations.txt': { lines: 20_000_000, make: (path, lines) => stations(path, lines, 10_000) },
  'hourly.csv': { lines: 10_000_000, make: (path, lines) => series(path, lines, 20, 10 * SECOND) },
  'many-windows.csv': {
    lines: 5_000_000,
    make: (path, lines) => series(path, lines, 1000, 10 * MINUTE),
  },
  'one-sensor.csv': { lines: 10_000_000, make: (path, lines) => series(path, lines, 1, SECOND) },
  'minutes.csv': { lines: 3_000_000, make: (path, lines) => series(path, lines, 1, 10 * SECOND) },
  'paths-10k.csv': { lines: 50_000, make: paths },
  'paths-100k.csv': { lines: 500_000, make: paths },
  'paths.csv': { lines: 5_000_000, make: paths },
  'paths-4m.csv': { lines: 20_000_000, make: paths },
  'readings.ndjson': { lines: 10_000_000, make: (path, lines) => seriesJson(path, lines, 20, 10 * SECOND) },
  'hourly.csv.gz': { lines: 10_000_000, from: 'hourly.csv', make: gzip },
  'readings.log': { lines: 1_000_000, make: log },
  'rows.csv': { lines: 1_000_000, make: statsRows },
  'tiny.log': { lines: FEWEST_LINES, make: minutes },
};

/**
 * The path of an input, or of its first 1 / `parts`; created if it does not exist.
 *
 * @param {string} name
 * @param {string} folder
 * @returns {Promise<string>}
 */
export async function input(name, folder, parts = 1) {
  const path = join(folder, name);
  if (existsSync(path)) return path;
  const { from, make } = INPUTS[name];
  mkdirSync(folder, { recursive: true });
  const source = from === undefined ? '' : await input(from, folder, parts);
  process.stderr.write(`making ${name}\n`);
  await make(path, lineCount(name, parts), source);
  return path;
}

/** Number of readings (or rows) in an input. @param {string} name */
export function lineCount(name, parts = 1) {
  return Math.max(FEWEST_LINES, INPUTS[name].lines / parts);
}

/**
 * `station;value` in random order, as in the One Billion Row Challenge.
 *
 * @param {string} path
 * @param {number} lines
 * @param {number} count of stations
 */
function stations(path, lines, count) {
  const random = generator(2024);
  const names = stationNames(count).map((name) => Buffer.from(`${name};`));
  const means = names.map(() => (random() % 450) - 100);
  writeLines(path, lines, (block, start) => {
    const station = random() % count;
    const at = start + names[station].copy(block, start);
    const noise = (random() % 100) + (random() % 100) + (random() % 100) - 150;
    const end = putTenths(block, at, means[station] + noise);
    block[end] = 10;
    return end + 1;
  });
}

/** A sine curve with noise, in hundredths of a degree. */
function temperatures() {
  const random = generator(365);
  /** @param {number} line */
  return (line) => 2000 + Math.round(500 * Math.sin(line / 100_000)) + (random() % 100);
}

/**
 * `time,sensor,value` in chronological order, with the sensors in turn.
 *
 * @param {string} path
 * @param {number} lines
 * @param {number} sensors
 * @param {number} everyMs
 */
function series(path, lines, sensors, everyMs) {
  const temperature = temperatures();
  const names = Array.from({ length: sensors }, (_, at) => Buffer.from(`,room-${at + 1},`));
  writeLines(
    path,
    lines,
    clock(everyMs, sensors, (block, start, line, time) => {
      let at = start + time.copy(block, start);
      at += names[line % sensors].copy(block, at);
      const end = putDecimal(block, at, temperature(line), 100);
      block[end] = 10;
      return end + 1;
    }),
  );
}

/**
 * `time,sensor,value` with the sensors in random order, and names as long as the paths in a web log.
 *
 * @param {string} path
 * @param {number} lines
 */
function paths(path, lines) {
  const count = lines / READINGS;
  const random = generator(1_000_003);
  const stem = Buffer.from(',/shop/item/');
  writeLines(
    path,
    lines,
    clock(100, 1, (block, start, _, time) => {
      let at = start + time.copy(block, start);
      at += stem.copy(block, at);
      at += block.write(`${random() % count},`, at, 'latin1');
      const end = putDecimal(block, at, random() % 10_000, 100);
      block[end] = 10;
      return end + 1;
    }),
  );
}

/** The same as NDJSON. @type {typeof series} */
function seriesJson(path, lines, sensors, everyMs) {
  const temperature = temperatures();
  const before = Buffer.from('{"time":"');
  const names = Array.from({ length: sensors }, (_, at) =>
    Buffer.from(`","sensor":"room-${at + 1}","value":`),
  );
  writeLines(
    path,
    lines,
    clock(everyMs, sensors, (block, start, line, time) => {
      let at = start + before.copy(block, start);
      at += time.copy(block, at);
      at += names[line % sensors].copy(block, at);
      const end = putDecimal(block, at, temperature(line), 100);
      block[end] = 125;
      block[end + 1] = 10;
      return end + 2;
    }),
  );
}

/** @param {number} at */
const temperatureAt = (at) => (20 + 5 * Math.sin(at / 1000) + ((at * 7919) % 100) / 100).toFixed(2);

/** Five sensors, each with a reading per minute. @param {string} path @param {number} lines */
function log(path, lines) {
  writeTexts(path, lines, (at) => `${isoTime(FIRST + at * 12 * SECOND)},room-${at % 5},${temperatureAt(at)}`);
}

/** One sensor, with a reading per minute. @param {string} path @param {number} lines */
function minutes(path, lines) {
  writeTexts(path, lines, (at) => `${isoTime(FIRST + at * MINUTE)},room,${temperatureAt(at)}`);
}

/** Stats rows of five sensors, with a header. @param {string} path @param {number} lines */
function statsRows(path, lines) {
  writeTexts(path, lines + 1, (line) => {
    if (line === 0) return 'sensor,window,start,end,count,min,max,avg';
    const at = line - 1;
    const start = FIRST + Math.floor(at / 5) * MINUTE;
    const value = temperatureAt(at);
    return `room-${at % 5},1m,${isoTime(start)},${isoTime(start + MINUTE)},5,${value},${value},${value}`;
  });
}

/** @param {string} path @param {number} _lines @param {string} source */
async function gzip(path, _lines, source) {
  await pipeline(createReadStream(source), createGzip({ level: 1 }), createWriteStream(`${path}.part`));
  renameSync(`${path}.part`, path);
}
