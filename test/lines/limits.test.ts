/**
 * The longest line, in bytes without BOM, carriage return and newline, is the same for all tools, however its bytes
 * arrive: the same lines are taken, the same rejected, with the same words.
 */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Tool } from '../../src/cli/tool.ts';
import bufferTail from '../../src/tools/buffer-tail.ts';
import getStats from '../../src/tools/get-stats.ts';
import getTemp from '../../src/tools/get-temp.ts';
import loadRows from '../../src/tools/load-rows.ts';
import loadStats from '../../src/tools/load-stats.ts';
import parseLog from '../../src/tools/parse-log.ts';
import plotStats from '../../src/tools/plot-stats.ts';
import { privateFolder } from '../harness.ts';
import { runInProcess } from '../in-process.ts';

const LIMIT = 1 << 20;
const NEAR = [LIMIT - 1, LIMIT, LIMIT + 1, LIMIT + (1 << 16)];
const FORMS = [
  { bom: '', ending: '\n', position: 'middle' },
  { bom: '\ufeff', ending: '\r\n', position: 'first' },
  { bom: '', ending: '\r\n', position: 'last' },
] as const;

interface Entry {
  readonly tool: Tool;
  readonly words: readonly string[];
  /** The lines before the long one. */
  readonly head: readonly string[];
  /** A line with this text in it. */
  readonly line: (text: string) => string;
  /** The operand that means this file; its name if undefined. */
  readonly file?: (name: string) => string;
  readonly byFileOnly?: true;
  readonly byPipeOnly?: true;
}

const stats = (sensor: string) => `${sensor},1h,2026-11-21T10:00:00Z,2026-11-21T11:00:00Z,60,21,22,21.500`;
const reading = (sensor: string) => `2026-11-21T10:04:00Z,${sensor},21.35`;
// A sensor's name has a limit of its own.
const noted = (note: string) => `{"time":"2026-11-21T10:04:00Z","sensor":"b","value":21.35,"note":"${note}"}`;
const STATS_HEADER = 'sensor,window,start,end,count,min,max,avg';

const entries: readonly Entry[] = [
  { tool: getStats, words: [], head: [reading('attic')], line: noted },
  { tool: loadStats, words: ['--dry-run'], head: [STATS_HEADER, stats('attic')], line: stats },
  { tool: plotStats, words: ['--width', '60'], head: [STATS_HEADER, stats('attic')], line: stats },
  {
    tool: parseLog,
    words: ['--fields', 'path'],
    head: [],
    line: (path) => `1.2.3.4 - - [21/Nov/2026:10:04:00 +0000] "GET /${path} HTTP/1.1" 200 5 "-" "curl/8"`,
  },
  { tool: loadRows, words: ['--dry-run'], head: ['time,sensor,value', reading('attic')], line: reading },
  {
    tool: loadRows,
    words: ['--dry-run'],
    head: ['{"sensor":"attic"}'],
    line: (sensor) => `{"sensor":"${sensor}"}`,
  },
  { tool: bufferTail, words: [], head: [reading('attic')], line: reading, byPipeOnly: true },
  {
    tool: getTemp,
    words: ['--last', '1h'],
    head: [reading('attic')],
    line: noted,
    file: (name) => `replay:${name}`,
    byFileOnly: true,
  },
];

describe.each(entries)('the longest line of $tool.name $words after $head', (entry) => {
  it.each(NEAR)('is 2^20 bytes: %i', async (length) => {
    const folder = await privateFolder();
    for (const form of FORMS) {
      const { bytes, number } = input(entry, length, form);
      const results = await outcomes(entry, bytes, join(folder, 'input'));
      const said = `${entry.tool.name}: SOURCE:${number}: line is longer than ${LIMIT} bytes\n`;
      for (const { arrival, stderr, status, stdout } of results) {
        const where = `${JSON.stringify(form)}, ${arrival}`;
        expect([stderr.startsWith(said), stderr === '', status], where).toEqual([
          length > LIMIT,
          length <= LIMIT,
          0,
        ]);
        expect([stderr, stdout === results[0]?.stdout], where).toEqual([results[0]?.stderr, true]);
      }
    }
  });
});

/** What comes of the bytes in a file and in a pipe, cut anywhere. */
async function outcomes(entry: Entry, bytes: Buffer, name: string) {
  const { file = String, byFileOnly, byPipeOnly } = entry;
  writeFileSync(name, bytes);
  const results = byPipeOnly ? [] : [{ arrival: 'file', ...(await outcome(entry, [file(name)])) }];
  const offsets = byFileOnly ? [] : [0, LIMIT, LIMIT + 200];
  for (const at of offsets) {
    const pipe = [bytes.subarray(0, at), bytes.subarray(at)];
    results.push({ arrival: `cut at ${at}`, ...(await outcome(entry, [], pipe)) });
  }
  return results;
}

/** With one name for all sources. */
async function outcome({ tool, words }: Entry, operands: readonly string[], pipe: readonly Buffer[] = []) {
  const now = Date.UTC(2026, 10, 21, 10, 30);
  const { stdout, stderr, status } = await runInProcess(tool, [...words, ...operands], { now, pipe });
  return { stdout, stderr: stderr.replaceAll(/(stdin|\S*input):/g, 'SOURCE:'), status };
}

/** Input in which one line has this length. */
function input({ head, line }: Entry, length: number, { bom, ending, position }: (typeof FORMS)[number]) {
  const long = line('x'.repeat(length - line('').length));
  const lines =
    position === 'first' && head.length < 2
      ? [long, ...head, line('b')]
      : [...head, ...(position === 'last' ? [line('b'), long] : [long, line('b')])];
  return {
    bytes: Buffer.from(bom + lines.map((text) => text + ending).join('')),
    number: lines.indexOf(long) + 1,
  };
}
