import { describe, expect, it } from 'vitest';
import { LONGEST_LINE } from '../../../src/lines/limits.ts';
import { outputColumns } from '../../../src/weblog/parse/log-columns.ts';
import {
  type Formats,
  formatNames,
  namedFormats,
  nginxFormats,
  patternFormats,
} from '../../../src/weblog/parse/log-format.ts';
import { LogReader } from '../../../src/weblog/parse/log-reader.ts';
import { rowLayout } from '../../../src/weblog/parse/log-row.ts';
import { LogTimes } from '../../../src/weblog/parse/log-time.ts';
import { hashing, masking } from '../../../src/weblog/parse/redact.ts';
import { seeded } from '../../random.ts';
import { FIRST_SEED, seedCount } from '../../thorough.ts';
import { inventLog, linesWithOneOddValue } from './broken-log.ts';

const SEEDS = seedCount(200, 400);
const CAREFUL = Number.POSITIVE_INFINITY;

const COMBINED = '1.2.3.4 - - [30/Apr/2019:21:11:42 +0000] "GET / HTTP/1.1" 200 5 "-" "x"';

/** Formats that somebody has chosen. */
const CHOSEN = [
  ...[
    '%h\t%t\t"%r"|%{X}i|%b %X',
    '%v:%p %h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"',
    '%h %l %u %t "%r" [%s] %b',
    '%h %l %u %t "%r" %s %T',
  ].map(patternFormats),
  nginxFormats(
    '$remote_addr $upstream_response_time $my_word $remote_user [$time_local] "$request" $status $request_time',
  ),
];

interface Setting {
  readonly formats?: Formats;
  readonly fields?: readonly string[];
  readonly json?: boolean;
  readonly zone?: string;
  readonly redact?: 'mask' | 'hash' | undefined;
}

interface Outcome {
  readonly rows: string;
  readonly count: number;
  readonly rejected: readonly string[];
}

async function read(chunks: readonly Buffer[], kernelAfter: number, setting: Setting = {}): Promise<Outcome> {
  const { formats = namedFormats('auto'), json = false, zone = 'UTC', redact } = setting;
  const rejected: string[] = [];
  const columns = outputColumns(setting.fields ?? formats.columns.map(({ name }) => name), formats.columns);
  const redaction = redact === 'hash' ? await hashing(Buffer.from('key')) : redact && masking();
  const reader = new LogReader({
    formats,
    times: new LogTimes(zone),
    layout: rowLayout({ columns, known: formats.columns, json, redaction }),
    reject: ({ source, number, text, torn }, { kind, detail }) =>
      rejected.push(JSON.stringify([source, number, text, torn, kind, detail])),
    showsText: true,
    kernelAfter,
  });
  const rows: Buffer[] = [];
  reader.begin('log');
  for (const chunk of chunks) {
    reader.take(chunk);
    rows.push(reader.takeRows());
  }
  reader.end();
  rows.push(reader.takeRows());
  return { rows: Buffer.concat(rows).toString(), count: reader.takeCount(), rejected };
}

function cut(bytes: Buffer, random: () => number): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = 1 + Math.floor(random() * pickLength(random));
    chunks.push(bytes.subarray(at, at + length));
    at += length;
  }
  return chunks;
}

function pickLength(random: () => number): number {
  return [1, 50, 1000, 100_000][Math.floor(random() * 4)] ?? 1;
}

function settingFor(random: () => number): Setting {
  const pick = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)] as Item;
  const formats =
    random() < 0.4 ? pick(CHOSEN) : namedFormats(pick(['auto', 'auto', 'auto', ...formatNames]));
  return {
    formats,
    ...(random() < 0.3 && {
      fields: pick([['path'], ['user'], ['time', 'status', 'bytes'], ['user_agent', 'remote_addr']]),
    }),
    json: random() < 0.4,
    zone: pick(['UTC', 'UTC', 'Europe/Berlin']),
    redact: pick([undefined, undefined, undefined, 'mask', 'hash'] as const),
  };
}

describe('the kernel', () => {
  it('makes the rows that are made with care, of any log, cut anywhere', async () => {
    for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      const random = seeded(seed * 7 + 1);
      const log = inventLog(seed, 5 + Math.floor(random() * 60));
      const setting = settingFor(random);
      const careful = await read([log], CAREFUL, setting);
      expect(await read(cut(log, random), 0, setting), `seed ${seed}`).toEqual(careful);
    }
  });

  it('makes them of every odd value in a line that is plain but for that', async () => {
    const log = linesWithOneOddValue();
    for (const formats of [...formatNames.map(namedFormats), ...CHOSEN])
      expect(await read([log], 0, { formats })).toEqual(await read([log], CAREFUL, { formats }));
  });

  it('takes its time where rows are much longer than lines', async () => {
    const setting = { formats: patternFormats('%h'), json: true };
    const log = Buffer.from('ab\n'.repeat(40_000));
    expect(await read([log], 0, setting)).toEqual(await read([log], CAREFUL, setting));
  });
});

describe('a log', () => {
  it('has a header before the first row, and none without rows', async () => {
    expect((await read([Buffer.from(`${COMBINED}\n`)], 0, { fields: ['status'] })).rows).toBe(
      'status\n200\n',
    );
  });

  it('may have lines that are longer than any line should be', async () => {
    const long = 'x'.repeat(LONGEST_LINE + 1);
    for (const kernelAfter of [0, CAREFUL]) {
      const log = Buffer.from(`${COMBINED}\n${long}\n${COMBINED}\n${long}`);
      const chunks = Array.from({ length: Math.ceil(log.length / 65_536) }, (_, at) =>
        log.subarray(at * 65_536, (at + 1) * 65_536),
      );
      const { count, rejected } = await read(chunks, kernelAfter);
      expect(count).toBe(2);
      expect(
        rejected
          .map((text) => JSON.parse(text))
          .map(([, number, text, , kind]) => [number, text.length, kind]),
      ).toEqual([
        [2, 1024, 'too long'],
        [4, 1024, 'too long'],
      ]);
    }
  });

  it('may have a long line that is right', async () => {
    const agent = 'y'.repeat(LONGEST_LINE - COMBINED.length);
    const { rows, count } = await read([Buffer.from(`${COMBINED.replace('"x"', `"${agent}"`)}\n`)], 0, {
      fields: ['user_agent'],
    });
    expect([rows === `user_agent\n${agent}\n`, count]).toEqual([true, 1]);
  });

  it('may end in a line that is whole without its newline, unless another format goes on there', async () => {
    const main = `${COMBINED} "-"`;
    const json = '{"status":200}';
    for (const kernelAfter of [0, CAREFUL])
      for (const [log, expected] of [
        [`${COMBINED}\n${COMBINED}`, 2],
        [`${main}\n${main}`, 2],
        [`${main}\n${COMBINED}`, 1],
        [`${main}\n${COMBINED}\n${COMBINED}`, 3],
        [COMBINED, 1],
        [`${json}\n${json}`, 2],
        [`${json}\n${json.slice(0, -1)}`, 1],
      ] as const)
        expect((await read([Buffer.from(log)], kernelAfter)).count, log).toBe(expected);
    for (const [pattern, line, expected] of [
      ['%h %t', '1.2.3.4 [30/Apr/2019:21:11:42]', 1],
      ['%h {%s}', '1.2.3.4 {200}', 1],
      ['%h %s', '1.2.3.4 200', 0],
      ['%h %{User-Agent}i', '1.2.3.4 x"', 0],
    ] as const)
      expect((await read([Buffer.from(line)], 0, { formats: patternFormats(pattern) })).count, line).toBe(
        expected,
      );
  });

  it('may end in half a line', async () => {
    for (const [end, expected] of [
      ['', 1],
      ['"', 2],
    ] as const) {
      const { count } = await read([Buffer.from(`${COMBINED}\n${COMBINED.slice(0, -1)}${end}`)], 0);
      expect(count).toBe(expected);
    }
    const common = COMBINED.slice(0, COMBINED.indexOf(' "-"'));
    expect((await read([Buffer.from(`${COMBINED}\n${common}`)], 0)).rejected).toHaveLength(1);
    expect((await read([Buffer.from(common)], 0, { formats: namedFormats('common') })).rejected[0]).toContain(
      'last line has no newline',
    );
  });
});
