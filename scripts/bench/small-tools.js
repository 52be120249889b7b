/**
 * Peers that are small Unix programs, and two that only read: a floor for any program that counts.
 *
 * @import { Command, Peer } from './types.d.ts'
 */

import { fileURLToPath } from 'node:url';
import { outputOf } from './measure.js';
import { operand, versionIn } from './words.js';

/** @returns {Peer} */
export function reader() {
  return {
    name: 'bare Node reader',
    listed: false,
    findVersion: () => process.version,
    answer: 'bytes',
    ...always((file) => [
      process.execPath,
      fileURLToPath(new URL('reader.js', import.meta.url)),
      ...operand(file),
    ]),
  };
}

/** @returns {Peer[]} */
export function coreutils() {
  const findVersion = () => versionIn(outputOf('wc', ['--version']));
  const hint = 'GNU coreutils';
  return [
    {
      name: 'wc -l',
      product: 'GNU coreutils',
      hint,
      findVersion,
      answer: 'lines',
      ...always((file) => ['wc', '-l', ...operand(file)]),
    },
    { name: 'cat', listed: false, hint, findVersion, ...always((file) => ['cat', ...operand(file)]) },
  ];
}

/** @param {'mawk' | 'gawk'} name @returns {Peer} */
export function awk(name) {
  /** @param {string} key @param {string} value */
  const program = (key, value) =>
    `{ k = ${key}; v = ${value} + 0; if (n[k]++) { if (v < a[k]) a[k] = v; else if (v > b[k]) b[k] = v; s[k] += v } else a[k] = b[k] = s[k] = v } END { for (k in n) printf "%s;%d;%.17g;%.17g;%.17g\\n", k, n[k], a[k], b[k], s[k] / n[k] }`;
  /** @type {(delimiter: string, key: string, value: string) => Command} */
  const command = (delimiter, key, value) => (file) => [
    name,
    `-F${delimiter}`,
    program(key, value),
    ...operand(file),
  ];
  return {
    name,
    hint: `apt install ${name}`,
    findVersion: () => versionIn(outputOf(name, ['-W', 'version'])),
    answer: 'rows',
    once: true,
    stations: command(';', '$1', '$2'),
    hours: command(',', '$2 ";" substr($1, 1, 13)', '$3'),
    minutes: command(',', '$2 ";" substr($1, 1, 16)', '$3'),
    sensors: command(',', '$2', '$3'),
  };
}

/** Its NIDX reader is the fastest of those that split at a single character. @returns {Peer} */
export function miller() {
  const out = ['--ocsv', '--ofs', ';', '--headerless-csv-output'];
  /** @param {string} value @param {string} keys */
  const stats = (value, keys) => ['stats1', '-a', 'count,min,max,mean', '-f', value, '-g', keys];
  /** @param {string} delimiter */
  const split = (delimiter) => ['mlr', '--inidx', '--ifs', delimiter, ...out];
  /** @param {string} cut @returns {Command} */
  const windows = (cut) => (file) => [
    ...[...split(','), 'put', cut, 'then', ...stats('3', '2,start')],
    ...operand(file),
  ];
  return {
    name: 'Miller',
    hint: 'apt install miller',
    findVersion: () => versionIn(outputOf('mlr', ['--version'])),
    answer: 'rows',
    once: true,
    stations: (file) => [...split(';'), ...stats('2', '1'), ...operand(file)],
    hours: windows('$start = $1[1:13]'),
    minutes: windows('$start = $1[1:16]'),
    sensors: (file) => [...split(','), ...stats('3', '2'), ...operand(file)],
    json: (file) => ['mlr', '--ijsonl', ...out, ...stats('value', 'sensor'), ...operand(file)],
  };
}

/** @returns {Peer} */
export function datamash() {
  /** @type {(delimiter: string, key: string, value: string) => Command} */
  const command = (delimiter, key, value) => () => [
    'datamash',
    '-t',
    delimiter,
    '-s',
    '-g',
    key,
    ...['count', 'min', 'max', 'mean'].flatMap((what) => [what, value]),
  ];
  return {
    name: 'datamash',
    hint: 'apt install datamash',
    findVersion: () => versionIn(outputOf('datamash', ['--version'])),
    answer: 'rows',
    once: true,
    stdinOnly: true,
    stations: command(';', '1', '2'),
    sensors: command(',', '2', '3'),
  };
}

/** @param {Command} command */
const always = (command) => ({
  ...{
    stations: command,
    sensors: command,
    hours: command,
    minutes: command,
    medians: command,
    json: command,
  },
});
