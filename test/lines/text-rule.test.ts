/** Text is text, by one rule, in every tool that reads lines or rows. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

const NOW = Date.UTC(2026, 10, 21, 12);
const END = '2026-11-21T11:00:00Z';

interface Reader {
  readonly tool: Tool;
  readonly words: readonly string[];
  /** Stands before the lines of CSV. */
  readonly header: string;
  /** A line of CSV with this field in it. */
  readonly line: (field: string) => string;
  /** The members of an object beside its name. */
  readonly members: string;
  /** Its only operand is a file, after this. */
  readonly prefix?: string;
}

const stats = { header: 'sensor,window,start,end,count,min,max,avg\n' };
const statsLine = (field: string) => `${field},1h,,${END},1,1,2,1.5\n`;
const statsMembers = `"window":"1h","start":null,"end":"${END}","count":1,"min":1,"max":2,"avg":1.5`;

const readers: readonly Reader[] = [
  {
    tool: getStats,
    words: [],
    header: '',
    line: (field) => `${END},${field},1\n`,
    members: `"time":"${END}","value":1`,
  },
  {
    tool: getTemp,
    words: ['--last', '1d'],
    header: '',
    line: (field) => `${END},${field},1\n`,
    members: `"time":"${END}","value":1`,
    prefix: 'replay:',
  },
  { tool: loadStats, words: ['--dry-run'], ...stats, line: statsLine, members: statsMembers },
  { tool: plotStats, words: ['--width', '60', '--ascii'], ...stats, line: statsLine, members: statsMembers },
  {
    tool: loadRows,
    words: ['--dry-run'],
    header: 'sensor,value\n',
    line: (field) => `${field},1\n`,
    members: '"value":1',
  },
];

function readerOf(wanted: Tool): Reader {
  const reader = readers.find(({ tool }) => tool === wanted);
  if (reader === undefined) throw new Error(`not a reader: ${wanted.name}`);
  return reader;
}

/** What a reader makes of these lines, from a file. */
async function read({ tool, words, prefix = '' }: Reader, input: string | Buffer, ...more: string[]) {
  const file = join(await privateFolder(), 'input');
  writeFileSync(file, input);
  const { stdout, stderr, status } = await runInProcess(tool, [...words, ...more, prefix + file], {
    now: NOW,
  });
  return { stdout, stderr: stderr.replaceAll(file, 'input'), status };
}

const latin1 = (text: string) => Buffer.from(text, 'latin1');

describe.each(readers)('$tool.name', (reader) => {
  const { header, line, members } = reader;
  const first = header === '' ? 2 : 3;

  it.each([
    ['Malm\xf6', 'is not UTF-8'],
    ['\xed\xa0\x80', 'is not UTF-8'],
    ['\xc0\x80', 'is not UTF-8'],
    ['a\0b', 'has a NUL'],
  ])('rejects a name of CSV: %j', async (name, problem) => {
    const { stdout, stderr, status } = await read(reader, latin1(header + line('good') + line(name)));
    expect(stdout).toContain('good');
    expect(stderr).toMatch(new RegExp(`: input:${first}: (sensor|row) ${problem}`));
    expect(stderr).toContain('1 of 2 lines rejected');
    expect(status).toBe(0);
  });

  it.each([
    ['t\\udc00', 'has an unpaired surrogate'],
    ['t\\ud801', 'has an unpaired surrogate'],
    ['a\\u0000b', 'has a NUL'],
    ['Malm\xf6', 'is not UTF-8'],
  ])('rejects a name of NDJSON: %j', async (name, problem) => {
    const object = (text: string) => `{"sensor":"${text}",${members}}\n`;
    const { stdout, stderr, status } = await read(reader, latin1(object('good') + object(name)));
    expect(stdout).toContain('good');
    expect(stderr).toMatch(new RegExp(`: input:2: (row|"?sensor"?) ${problem}`));
    expect(stderr).toContain('1 of 2 lines rejected');
    expect(status).toBe(0);
  });

  it.each([
    `{"sensor":"a","sensor":"b",${members}}`,
    `{"sensor":"a","\\u0073ensor":"b",${members}}`,
    `{"sensor":"a",${members},"x":{"y":1,"y":1.50}}`,
  ])('rejects a member that stands twice: %s', async (object) => {
    const good = `{"sensor":"good",${members}}\n`;
    const { stdout, stderr, status } = await read(reader, `${good}${object}\n`);
    expect(stdout).toContain('good');
    expect(stderr).toContain('1 of 2 lines rejected');
    expect(status).toBe(0);
  });

  it('rejects it with --strict, too, and keeps its bytes', async () => {
    const rejects = join(await privateFolder(), 'rejects');
    const bytes = latin1(line('Malm\xf6'));
    const { status } = await read(
      reader,
      Buffer.concat([latin1(header + line('good')), bytes]),
      '--strict',
      '--rejects',
      rejects,
    );
    expect(status).toBe(65);
    expect(readFileSync(rejects)).toEqual(bytes);
  });
});

describe('line breaks in quotes', () => {
  const names = ['a\nb', 'a\r\nb', 'a\rb', 'a\r\n\r\nb\n'];
  const quoted = names.map((name) => `"${name}"`);

  it.each(readers.filter(({ tool }) => tool !== getTemp && tool !== plotStats))(
    'stay as they are in $tool.name',
    async (reader) => {
      const { stdout, stderr } = await read(reader, reader.header + quoted.map(reader.line).join(''));
      expect(stderr).toBe('');
      for (const name of quoted) expect(stdout).toContain(name);
      const again = await read({ ...reader, ...(reader.tool === getStats && readerOf(loadStats)) }, stdout);
      if (reader.tool !== loadRows) expect(again.stdout).toBe(stdout);
    },
  );

  it('make different series in plot-stats', async () => {
    const reader = readerOf(plotStats);
    const { stdout } = await read(reader, stats.header + quoted.map(statsLine).join(''));
    expect(
      stdout.split('\n').filter((text) => text.includes('a') && text.includes('b')).length,
    ).toBeGreaterThanOrEqual(4);
  });

  it('cost a line of replay:, since a reading is one line', async () => {
    const reader = readerOf(getTemp);
    const { stdout, stderr } = await read(
      reader,
      `${quoted.map((name) => `${END},${name},1\n`).join('')}${END},c,2\n`,
    );
    expect(stdout).toBe(`${END},c,2\n`);
    expect(stderr).toContain('get-temp: input:1: sensor has a control character: "a\\nb"\n');
    expect(stderr).toContain('4 of 5 lines rejected: 4 not a name');
  });
});

describe('parse-log', () => {
  const line = (path: string) =>
    `1.2.3.4 - - [21/Nov/2026:10:04:00 +0000] "GET /${path} HTTP/1.1" 200 5 "-" "x"\n`;
  const object = (path: string) => `{"time":"${END}","path":"/${path}"}\n`;
  const parser: Reader = { tool: parseLog, words: ['--fields', 'path'], header: '', line, members: '' };

  it.each([
    ['bytes that are not UTF-8', line('\xff\xf6')],
    ['NULs', line('\0\0')],
    ['escaped ones', line('\\x00\\xff')],
    ['unpaired surrogates', object(`${'\\ud800\\udc00'.slice(0, 6)}\\ud801`)],
  ])('writes U+FFFD for %s, in CSV and JSON alike, and load-rows takes both', async (_, text) => {
    const csv = await read(parser, latin1(text));
    expect(csv).toEqual({ stdout: 'path\n/\ufffd\ufffd\n', stderr: '', status: 0 });
    const json = await read(parser, latin1(text), '--json');
    expect(json).toEqual({ stdout: '{"path":"/\ufffd\ufffd"}\n', stderr: '', status: 0 });
    const rows = readerOf(loadRows);
    for (const { stdout } of [csv, json])
      expect(await read(rows, stdout)).toEqual({ stdout: 'path\n/\ufffd\ufffd\n', stderr: '', status: 0 });
  });

  it.each(['{"status":200,"status":404}', '{"a":{"b":1,"b":1}}'])(
    'rejects a member that stands twice: %s',
    async (members) => {
      const twice = object('x').replace('}', `,${members.slice(1)}`);
      const { stdout, stderr } = await read(parser, object('good') + twice);
      expect(stdout).toBe('path\n/good\n');
      expect(stderr).toContain('1 of 2 lines rejected');
    },
  );
});
