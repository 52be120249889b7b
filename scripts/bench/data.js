// The benchmark's own inputs: the same bytes at every run and on every machine, made by a seeded generator and kept in
// a folder that git ignores.
import {
  closeSync,
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  openSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

const BLOCK = 1 << 22;
const LONGEST_LINE = 200;
const SECOND = 1000;
const FIRST = Date.UTC(2024, 0, 1);

/** Marsaglia's xorshift32: whole numbers of 32 bits. */
function generator(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

const SYLLABLES =
  'al ber cas dor en fra gor hul ist jor kal lin mar nor ost pel quin ros sten tor ul ver wes xan yor zür'.split(
    ' ',
  );

/** Names as cities have them: one to three words, some with letters beyond ASCII. */
function stationNames(count) {
  const random = generator(413);
  const word = () => {
    let text = '';
    for (let syllables = 2 + (random() % 2); syllables > 0; syllables--)
      text += SYLLABLES[random() % SYLLABLES.length];
    return text[0].toUpperCase() + text.slice(1);
  };
  const names = new Set();
  while (names.size < count)
    names.add(Array.from({ length: 1 + ((random() % 3) % 2) + (random() % 4 === 0) }, word).join(' '));
  return [...names];
}

/** Writes lines into the block: `put` fills it from a place and returns where it ended. */
function writeLines(path, count, put) {
  const file = openSync(`${path}.part`, 'w');
  const block = Buffer.alloc(BLOCK);
  let end = 0;
  for (let line = 0; line < count; line++) {
    if (end > BLOCK - LONGEST_LINE) {
      writeSync(file, block, 0, end);
      end = 0;
    }
    end = put(block, end, line);
  }
  writeSync(file, block, 0, end);
  closeSync(file);
  renameSync(`${path}.part`, path);
}

/** Writes a number of tenths with one decimal. */
function putTenths(block, at, tenths) {
  if (tenths < 0) block[at++] = 45;
  return putDecimal(block, at, Math.abs(tenths), 10);
}

/** Writes units of 1/one (10 or 100) as a decimal. */
function putDecimal(block, at, units, one) {
  const whole = Math.floor(units / one);
  if (whole >= 1000) block[at++] = 48 + Math.floor(whole / 1000);
  if (whole >= 100) block[at++] = 48 + (Math.floor(whole / 100) % 10);
  if (whole >= 10) block[at++] = 48 + (Math.floor(whole / 10) % 10);
  block[at++] = 48 + (whole % 10);
  block[at++] = 46;
  if (one === 100) block[at++] = 48 + (Math.floor(units / 10) % 10);
  block[at++] = 48 + (units % 10);
  return at;
}

/** `station;value` in random order, as in the One Billion Row Challenge. */
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

/** Calls `put` with the time as text; a new text is made only when the time has changed. */
function clock(everyMs, sensors, put) {
  let known = -1;
  let text = Buffer.alloc(0);
  return (block, start, line) => {
    const step = Math.floor(line / sensors);
    if (step !== known) {
      known = step;
      text = Buffer.from(`${new Date(FIRST + step * everyMs).toISOString().slice(0, 19)}Z`);
    }
    return put(block, start, line, text);
  };
}

/** A day's curve with noise, in hundredths of a degree. */
function temperatures() {
  const random = generator(365);
  return (line) => 2000 + Math.round(500 * Math.sin(line / 100_000)) + (random() % 100);
}

/** `time,sensor,value`, each sensor in turn, in the order of time. */
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

/** The same as NDJSON. */
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

async function gzip(path, source) {
  await pipeline(createReadStream(source), createGzip({ level: 1 }), createWriteStream(`${path}.part`));
  renameSync(`${path}.part`, path);
}

const MAKERS = {
  'stations.txt': (path) => stations(path, 20_000_000, 413),
  'stations-5x.txt': (path) => stations(path, 100_000_000, 413),
  'many-stations.txt': (path) => stations(path, 20_000_000, 10_000),
  'hourly.csv': (path) => series(path, 10_000_000, 20, 10 * SECOND),
  'one-sensor.csv': (path) => series(path, 10_000_000, 1, SECOND),
  'readings.ndjson': (path) => seriesJson(path, 10_000_000, 20, 10 * SECOND),
  'hourly.csv.gz': async (path, folder) => gzip(path, await input('hourly.csv', folder)),
};

/** The path of an input, which is made if it is not there. */
export async function input(name, folder) {
  const path = join(folder, name);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  process.stderr.write(`making ${name}\n`);
  await MAKERS[name](path, folder);
  return path;
}
