/** Lines that end in carriage returns, as Excel for Mac writes them, are the same input for all tools that read CSV. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Tool } from '../../src/cli/tool.ts';
import checkStats from '../../src/tools/check-stats.ts';
import getStats from '../../src/tools/get-stats.ts';
import loadRows from '../../src/tools/load-rows.ts';
import loadStats from '../../src/tools/load-stats.ts';
import plotStats from '../../src/tools/plot-stats.ts';
import { privateFolder } from '../harness.ts';
import { runInProcess } from '../in-process.ts';
import { csv, HEADER, hourly } from '../stores/rows.ts';

interface Entry {
  readonly tool: Tool;
  readonly words: readonly string[];
  /** With newlines. */
  readonly text: string;
}

const READINGS = '2026-11-21T10:04:00Z,attic,21.35\n2026-11-21T10:05:00Z,"a ""b"", c",-3.5\n';
const REJECTED = '2026-11-21T10:05:00Z,attic,ERR\n2026\n';
// More than the kernels leave to others, and than tells how lines end.
const MANY = `time,sensor,value\n${READINGS.repeat(700)}${REJECTED}`;
const ROWS = csv(HEADER, hourly('attic', 0), hourly('Køge', 1));

const entries: readonly Entry[] = [
  { tool: getStats, words: [], text: MANY },
  { tool: loadStats, words: ['--dry-run'], text: ROWS },
  { tool: plotStats, words: ['--width', '60'], text: ROWS },
  { tool: checkStats, words: ['--max', '5'], text: ROWS },
  { tool: loadRows, words: ['--dry-run'], text: MANY },
  { tool: loadRows, words: ['--dry-run'], text: '{"a":1}\n{"a":2}\n{"a"}\n' },
];

const NOW = Date.UTC(2026, 10, 21, 12);

/** What the tool says about input in a file, in a file of gzip, as a stream, and by a pipe that gives a few bytes at a time. */
async function outcomes({ tool, words }: Entry, bytes: Buffer) {
  const folder = await privateFolder();
  const files = { plain: join(folder, 'plain'), packed: join(folder, 'packed') };
  writeFileSync(files.plain, bytes);
  writeFileSync(files.packed, gzipSync(bytes));
  const pipe = Array.from({ length: Math.ceil(bytes.length / 1001) }, (_, at) =>
    bytes.subarray(at * 1001, (at + 1) * 1001),
  );
  const ended = [
    await runInProcess(tool, [...words, files.plain], { now: NOW }),
    await runInProcess(tool, [...words, files.packed], { now: NOW }),
    await runInProcess(tool, words, { now: NOW, stdin: bytes }),
    await runInProcess(tool, words, { now: NOW, pipe }),
  ];
  return ended.map(({ stdout, stderr, status }) => ({
    stdout,
    stderr: stderr.replaceAll(files.plain, 'stdin').replaceAll(files.packed, 'stdin'),
    status,
  }));
}

describe('lines that end in carriage returns', () => {
  it.each(entries)('are read by $tool.name', async (entry) => {
    const [expected] = await outcomes(entry, Buffer.from(entry.text));
    const bytes = Buffer.from(entry.text.replaceAll('\n', '\r'));
    expect(expected?.stdout).not.toBe('');
    expect(await outcomes(entry, bytes)).toEqual(Array.from({ length: 4 }, () => expected));
  });

  it('are read in UTF-16, too', async () => {
    const entry = { tool: getStats, words: [], text: MANY };
    const [expected] = await outcomes(entry, Buffer.from(MANY));
    const bytes = Buffer.from(`\ufeff${MANY.replaceAll('\n', '\r')}`, 'utf16le');
    expect(await outcomes(entry, bytes)).toEqual(Array.from({ length: 4 }, () => expected));
  });

  it('may have breaks in quotes, which count as lines, and stay what they are', async () => {
    const rows = { tool: loadRows, words: ['--dry-run'], text: '' };
    for (const { stdout, stderr } of await outcomes(rows, Buffer.from('"a\rb",c\r1,"x\ry"\r2\r3,4'))) {
      expect(stdout).toBe('"a\rb",c\n1,"x\ry"\n3,4\n');
      expect(stderr).toContain('stdin:5: row has 1 field, its header 2');
    }
    const readings = { tool: getStats, words: [], text: '' };
    const text = '2026-11-21T10:04:00Z,"x\ry",1\r2026-11-21T10:04:00Z,a,b\r';
    for (const { stdout, stderr } of await outcomes(readings, Buffer.from(text))) {
      expect(stdout).toContain('\n"x\ry",all,');
      expect(stderr).toContain('stdin:3: value is not a number: "b"');
    }
  });

  it('may hold a quote that goes on where the head that tells how they end is over', async () => {
    const entry = { tool: loadRows, words: ['--dry-run'], text: '' };
    for (const before of [65_533, 65_534, 65_535, 65_536, 65_537]) {
      const first = 'x'.repeat(before - 'a,b\r,"'.length);
      const expected = { stdout: `a,b\n${first},"\r\r"\n1,2\n`, stderr: '', status: 0 };
      const text = `a,b\r${first},"\r\r"\r1,2\r`;
      const same = (await outcomes(entry, Buffer.from(text))).map((found) =>
        isDeepStrictEqual(found, expected),
      );
      expect([before, ...same]).toEqual([before, true, true, true, true]);
    }
  });

  it('may be followed by lines that end in newlines', async () => {
    const rest =
      '2026-11-21T10:06:00Z,attic,1\r\n2026-11-21T10:07:00Z,attic,2\n2026-11-21T10:08:00Z,attic,?\n';
    const head = MANY.repeat(2);
    const entry = { tool: getStats, words: [], text: head + rest };
    const [expected] = await outcomes(entry, Buffer.from(entry.text));
    const bytes = Buffer.from(head.replaceAll('\n', '\r') + rest);
    expect(await outcomes(entry, bytes)).toEqual(Array.from({ length: 4 }, () => expected));
  });

  it('cost their own line when a quote in one never closes', async () => {
    const entry = { tool: loadRows, words: ['--dry-run'], text: '' };
    const [ended] = await outcomes(entry, Buffer.from('a,b\r5" pipe,1\rok,2\r"open,3\rok,4\r'));
    expect(ended).toMatchObject({ stdout: 'a,b\nok,2\nok,4\n', status: 0 });
  });

  it('are no lines of a stream, which would wait for the first one', async () => {
    const pipe = [Buffer.from('2026-11-21T10:04:00Z,a,1\r')];
    const { stdout } = await runInProcess(getStats, ['--live', '-w', '1m'], { now: NOW, pipe });
    expect(stdout).toContain('a,1m,');
  });
});
