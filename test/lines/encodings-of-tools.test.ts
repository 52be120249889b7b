/** Input in another encoding is the same input, for all tools that read text, by file, pipe and gzip. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Tool } from '../../src/cli/tool.ts';
import getStats from '../../src/tools/get-stats.ts';
import getTemp from '../../src/tools/get-temp.ts';
import loadRows from '../../src/tools/load-rows.ts';
import loadStats from '../../src/tools/load-stats.ts';
import parseLog from '../../src/tools/parse-log.ts';
import plotStats from '../../src/tools/plot-stats.ts';
import { privateFolder } from '../harness.ts';
import { runInProcess } from '../in-process.ts';
import { csv, HEADER, hourly } from '../stores/rows.ts';

interface Entry {
  readonly tool: Tool;
  readonly words: readonly string[];
  readonly text: string;
  readonly operand?: (file: string) => string;
}

const READINGS = '2026-11-21T10:04:00Z,Malmö,21.35\n2026-11-21T10:05:00Z,"Køge, Öst",-3.5\n';
// More than the kernels leave to others.
const MANY = READINGS.repeat(1000);
const ROWS = csv(HEADER, hourly('Malmö', 0), hourly('Køge', 1));
const LOG = '1.2.3.4 - - [21/Nov/2026:10:04:00 +0000] "GET /Malmö HTTP/1.1" 200 5 "-" "é"\n';

const entries: readonly Entry[] = [
  { tool: getStats, words: [], text: MANY },
  { tool: loadStats, words: ['--dry-run'], text: ROWS },
  { tool: plotStats, words: ['--width', '60'], text: ROWS },
  { tool: loadRows, words: ['--dry-run'], text: `time,sensor,value\n${MANY}` },
  { tool: parseLog, words: [], text: LOG.repeat(1000) },
];
const replay: Entry = {
  tool: getTemp,
  words: ['--last', '1d'],
  text: READINGS,
  operand: (file) => `replay:${file}`,
};

const encodings: readonly [name: string, words: readonly string[], encode: (text: string) => Buffer][] = [
  ['latin1', ['--encoding', 'latin1'], (text) => Buffer.from(text, 'latin1')],
  ['UTF-16LE', [], (text) => Buffer.from(`\ufeff${text}`, 'utf16le')],
  ['UTF-16BE', [], (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
];

async function outcome({ tool, words }: Entry, operands: readonly string[], pipe?: readonly Buffer[]) {
  const now = Date.UTC(2026, 10, 21, 12);
  return runInProcess(tool, [...words, ...operands], { now, ...(pipe && { pipe }) });
}

describe.each(encodings)('%s', (_, options, encode) => {
  it.each(entries)('is read by $tool.name', async (entry) => {
    const bytes = encode(entry.text);
    const file = join(await privateFolder(), 'input');
    const expected = await outcome(entry, [], [Buffer.from(entry.text)]);
    expect(expected.status).toBe(0);
    expect(expected.stdout).toContain('Malmö');
    const pieces = [bytes.subarray(0, 1), bytes.subarray(1, 1001), bytes.subarray(1001)];
    expect(await outcome(entry, options, pieces)).toEqual(expected);
    for (const content of [bytes, gzipSync(bytes)]) {
      writeFileSync(file, content);
      expect(await outcome(entry, [...options, file])).toEqual(expected);
    }
  });
});

it('UTF-16 is read by replay:', async () => {
  const file = join(await privateFolder(), 'input');
  writeFileSync(file, Buffer.from(`\ufeff${READINGS}`, 'utf16le'));
  expect(await outcome(replay, [`replay:${file}`])).toEqual({ stdout: READINGS, stderr: '', status: 0 });
});

it.each([...entries, replay])('UTF-16 without a mark is refused by $tool.name', async (entry) => {
  const file = join(await privateFolder(), 'input');
  writeFileSync(file, Buffer.from(entry.text, 'utf16le'));
  const { operand = String } = entry;
  expect(await outcome(entry, [operand(file)])).toEqual({
    stdout: '',
    stderr: `${entry.tool.name}: ${file}: is UTF-16LE: convert it first with: iconv -f UTF-16LE -t UTF-8\n`,
    status: 65,
  });
});

it('what cannot be decoded costs its own line', async () => {
  const entry: Entry = { tool: getStats, words: ['--encoding', 'shift_jis'], text: '' };
  const { stdout, stderr } = await outcome(entry, [], [Buffer.from('1,a\xff,1\n2,\x89\xb7,2\n', 'latin1')]);
  expect(stdout).toContain('\n温,all,');
  expect(stderr).toContain('get-stats: stdin:1: sensor is not UTF-8: "a\ufffd"\n');
});

it('rejected lines are kept in UTF-8, as the tools read them without --encoding', async () => {
  const rejects = join(await privateFolder(), 'rejects');
  const words = ['--encoding', 'latin1', '--rejects', rejects];
  const pipe = [Buffer.from('1,Malmö,ERR\n2,Køge,2\n', 'latin1')];
  expect((await outcome({ tool: getStats, words, text: '' }, [], pipe)).status).toBe(0);
  expect(readFileSync(rejects, 'utf8')).toBe('1,Malmö,ERR\n');
});

it('rows in a spool are UTF-8, whatever the input is', async () => {
  const folder = await privateFolder();
  const [spool, store] = [join(folder, 'spool'), join(folder, 'no', 'store.csv')];
  const bytes = (sensor: string, hour: number) => [Buffer.from(csv(HEADER, hourly(sensor, hour)), 'latin1')];
  const load = (to: string, sensor: string, hour: number) =>
    runInProcess(loadStats, ['--encoding', 'latin1', '--to', to, '--spool', spool], {
      now: Date.UTC(2026, 10, 21, 12),
      pipe: bytes(sensor, hour),
    });
  expect((await load(store, 'Malmö', 0)).status).not.toBe(0);
  const to = join(folder, 'store.csv');
  expect(await load(to, 'Køge', 1)).toEqual({ stdout: '', stderr: '', status: 0 });
  const { stdout } = await runInProcess(plotStats, ['--width', '60', to], {
    now: Date.UTC(2026, 10, 21, 12),
  });
  expect(stdout).toContain('Malmö');
  expect(stdout).toContain('Køge');
});
