import { appendFileSync, closeSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countSource } from '../../src/counting/count.ts';
import { Counter, FEW } from '../../src/counting/counter.ts';
import type { Plan } from '../../src/counting/plan.ts';
import { usualLines } from '../../src/lines/text-form.ts';
import { noNames } from '../../src/readings/reading-columns.ts';
import { seeded } from '../random.ts';
import { FIRST_SEED, isThorough, seedCount } from '../thorough.ts';
import { inventInput } from './broken-input.ts';
import { Collected, count, rowsOf, WANTED } from './outcome.ts';

const SEEDS = Math.ceil(seedCount(40, 200) / 10);
const HOUR = 3_600_000;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'thread-pool-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Threads {
  readonly threads: number;
  readonly segment: number;
  readonly lists?: boolean;
  readonly kernelAfter?: number;
  /** Number of the first line of each file. */
  readonly firstLine?: number;
  /** What is appended to each file once it is open. */
  readonly appended?: string;
  /** Told of each segment that is done. */
  progress?(): void;
}

/** Counts files with threads; the first lines of each are always read by one. */
async function countByThreads(
  plan: Plan,
  inputs: readonly Buffer[],
  {
    threads,
    segment,
    lists = true,
    kernelAfter = FEW,
    firstLine = 1,
    appended = '',
    progress = () => {},
  }: Threads,
) {
  const collected = new Collected();
  const explained: string[] = [];
  const counter = new Counter(plan, collected, { kernelAfter });
  const options = {
    plan,
    threads,
    sizes: { worth: 0, segment },
    lists,
    signal: new AbortController().signal,
    progress,
    accept: (lines: number) => collected.accept(lines),
    reject: collected.reject,
    explain: (message: string) => explained.push(message),
  };
  for (const [at, bytes] of inputs.entries()) {
    const path = join(folder, 'input');
    writeFileSync(path, bytes);
    const descriptor = openSync(path, 'r');
    try {
      const file = { descriptor, start: 0, end: statSync(path).size };
      appendFileSync(path, appended);
      const source = {
        name: `source-${at}`,
        file,
        pipe: undefined,
        ...usualLines,
        firstLine,
        chunks: () => neverAsked(),
      };
      for await (const passed of countSource(counter, source, options)) expect(passed).toEqual([]);
    } finally {
      closeSync(descriptor);
    }
  }
  const rows = rowsOf([...counter.accumulator.closeAll()].flat(), plan);
  return { rows, rejected: collected.rejected, accepted: collected.accepted, explained };
}

function neverAsked(): AsyncIterable<Buffer> {
  throw new Error('a file is not read as a stream');
}

const PLAN: Plan = {
  windows: [
    { label: 'all', lengthMs: undefined },
    { label: '1h', lengthMs: HOUR },
  ],
  slideMs: undefined,
  zone: undefined,
  latenessMs: undefined,
  wanted: WANTED,
  lines: {
    delimiter: ',',
    range: undefined,
    names: noNames,
  },
};

/** Longer than the chunk that is read first. */
function longInput(lines: number, line: (at: number) => string): string {
  return Array.from({ length: lines }, (_, at) => `${line(at)}\n`).join('');
}

/** Keeps this thread from counting all before the others have started. */
function waits(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 15);
}

const plainLine = (at: number) => `${new Date(1.7e12 + at * 1000).toISOString()},s${at % 3},${at % 100}.5`;

describe('a pool of threads', () => {
  it('gives the same rows and rejects the same lines as one thread, whatever the segments', async () => {
    for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      const random = seeded(seed);
      const input = inventInput(seed, 5000 + Math.floor(random() * 4000));
      const bytes = Buffer.from(input.text);
      const missing = seed % 4 === 0 ? ['-20.5', 'ERR'] : undefined;
      const lines = { ...PLAN.lines, ...input.form, names: input.names, missing };
      const plan = { ...PLAN, zone: seed % 3 === 0 ? 'Europe/Berlin' : undefined, lines };
      const exact = count(plan, [[bytes]], Number.POSITIVE_INFINITY);
      const segment = 1000 + Math.floor(random() * 100_000);
      const kernelAfter = seed % 2 === 0 ? 0 : FEW;
      const result = await countByThreads(plan, [bytes], { threads: 1 + (seed % 3), segment, kernelAfter });
      const { rows, rejected, accepted } = result;
      const { plainLines: _, ...expected } = exact;
      expect({ rows, rejected, accepted }, `seed ${seed}, segments of ${segment}`).toEqual(expected);
    }
  }, 600_000);

  it('counts the line protocol of InfluxDB as one thread does', async () => {
    const text = longInput(3000, (at) =>
      at % 999 === 5 ? `odd ${at}` : `cpu,host=h${at % 7} idle=${at % 10}.5,x=${at}i ${1.7e9 + at}000000000`,
    );
    const plan = { ...PLAN, influx: 'ns' as const };
    const { plainLines: _, ...expected } = count(plan, [[Buffer.from(text)]], 0);
    expect([expected.accepted, expected.rejected.length]).toEqual([2997, 3]);
    const settings = { threads: 3, segment: 5000, kernelAfter: 0 };
    const { rows, rejected, accepted } = await countByThreads(plan, [Buffer.from(text)], settings);
    expect({ rows, rejected, accepted }).toEqual(expected);
  });

  it('gives the same rows and rejects the same lines of several columns', async () => {
    const names = { time: ['1', '2'], sensor: ['3', '4'], value: ['6', '5'] };
    const decimal = ',' as const;
    const lines = {
      ...PLAN.lines,
      delimiter: ';',
      names,
      decimal,
      missing: ['-999'],
      scale: { units: 1n, scale: 1 },
    };
    const plan = { ...PLAN, zone: 'Europe/Berlin', lines };
    const odd = ['-999', 'ERR', '', '1.234,5', '-999,0'];
    const line = (at: number) => {
      const [date, time] = new Date(1.7e12 + at * 1000).toISOString().slice(0, 19).split('T');
      const value = (every: number) => (at % every === 0 ? odd[(at / every) % 5] : `${at % 100},${at % 10}`);
      return `${date};${time};h${at % 2};r/${at % 3};${value(7)};${value(11)}`;
    };
    const bytes = Buffer.from(longInput(3000, line));
    const { plainLines: _, ...exact } = count(plan, [[bytes]], Number.POSITIVE_INFINITY);
    const { explained, ...threaded } = await countByThreads(plan, [bytes], { threads: 3, segment: 10_000 });
    expect(threaded).toEqual(exact);
    expect(explained[0]).toContain('3000 lines read by 3 threads');
    expect([exact.rejected.length, exact.rows.length > 12]).toEqual([273, true]);
  });

  it('reads a file to the end that it had when it was opened', async () => {
    const bytes = Buffer.from(longInput(100, plainLine));
    const appended = longInput(10, plainLine);
    for (const threads of [1, 2]) {
      const { accepted } = await countByThreads(PLAN, [bytes], { threads, segment: 1000, appended });
      expect(accepted).toBe(100);
    }
  });

  it('numbers lines from the first one that is not skipped', async () => {
    const text = `x\n${longInput(2000, plainLine)}y\n`;
    for (const threads of [1, 3]) {
      const settings = { threads, segment: 1000, firstLine: 6 };
      const { rejected } = await countByThreads(PLAN, [Buffer.from(text)], settings);
      expect(rejected.map((line) => line.split(' ')[0])).toEqual(['source-0:6', 'source-0:2007']);
    }
  });

  it('shares a file of plain lines', async () => {
    const text = longInput(20_000, plainLine);
    const { explained, accepted } = await countByThreads(PLAN, [Buffer.from(text)], {
      threads: 3,
      segment: 50_000,
    });
    expect(accepted).toBe(20_000);
    expect(explained).toEqual([
      expect.stringMatching(/^source-0: 20000 lines read by 3 threads, 199\d\d of them by the fast kernel$/),
    ]);
  });

  it('shares a file of times without an offset, unless an hour comes twice', async () => {
    const plan = { ...PLAN, zone: 'Europe/Berlin' };
    const local = { timeZone: 'Europe/Berlin', dateStyle: 'short', timeStyle: 'medium' } as const;
    const clock = new Intl.DateTimeFormat('sv-SE', local);
    const line = (at: number) => `${clock.format(at * 60_000)},s${at % 3},1`;
    for (const [day, ways] of [
      ['2026-11-20', ['3 threads']],
      ['2026-10-24', ['its lines must be read in their order', '1 thread']],
    ] as const) {
      const first = Date.parse(day) / 60_000;
      const bytes = Buffer.from(longInput(3000, (at) => line(first + at)));
      const result = await countByThreads(plan, [bytes], { threads: 3, segment: 9000 });
      const { explained, rows, rejected, accepted } = result;
      const { plainLines: _, ...expected } = count(plan, [[bytes]], Number.POSITIVE_INFINITY);
      expect({ rows, rejected, accepted }).toEqual(expected);
      expect(rows.filter((row) => row.includes(' 1h '))).toHaveLength(150);
      expect(explained).toEqual(ways.map((way) => expect.stringContaining(way)));
    }
  });

  it('takes over what the others have counted, while this thread is slow', async () => {
    const bytes = Buffer.from(longInput(20_000, plainLine));
    const { rows } = count(PLAN, [[bytes]], Number.POSITIVE_INFINITY);
    for (const segments of [37, 38, 39]) {
      const segment = Math.ceil(bytes.length / segments);
      const result = await countByThreads(PLAN, [bytes], { threads: 2, segment, progress: waits });
      expect([result.accepted, result.rejected]).toEqual([20_000, []]);
      expect(result.rows).toEqual(rows);
      expect(result.explained[0]).toMatch(/ 20000 lines read by 2 threads, /);
    }
  });

  it('adds up what threads have counted in different scales', async () => {
    const line = (at: number) =>
      `0,s${at % 300},${(((at * 7919) % 2003) / 10).toFixed(Math.floor(at / 9000) % 4)}`;
    for (const wanted of [WANTED, { squares: false, distinct: false, times: false }]) {
      const plan = { ...PLAN, wanted };
      const bytes = Buffer.from(longInput(40_000, line));
      const { rows, accepted } = await countByThreads(plan, [bytes], {
        threads: 3,
        segment: 30_000,
        progress: waits,
      });
      expect(accepted).toBe(40_000);
      expect(rows).toEqual(count(plan, [[bytes]], Number.POSITIVE_INFINITY).rows);
    }
  });

  if (isThorough)
    it('adds up more windows than one kernel takes in from the other', async () => {
      const plan = { ...PLAN, windows: [{ label: '1s', lengthMs: 1000 }] };
      const bytes = Buffer.from(longInput(400_000, (at) => `${at % 200_000},s,${at % 1000}`));
      const { rows, accepted } = await countByThreads(plan, [bytes], {
        threads: 2,
        segment: 200_000,
        progress: waits,
      });
      expect([accepted, rows.length]).toEqual([400_000, 200_000]);
      // As one text: to compare so many rows takes too long.
      expect(rows.join('\n') === count(plan, [[bytes]], 0).rows.join('\n')).toBe(true);
    }, 60_000);

  it('reads files one after the other, each with a header of its own', async () => {
    const long = 'x'.repeat(3000);
    const inputs = [
      longInput(9000, plainLine),
      `value,sensor,time\n${longInput(9000, (at) => plainLine(at).split(',').reverse().join(','))}`,
      `sensor,${long},value\n${longInput(9000, (at) => `s${at % 3},1,${at % 70}.25`)}`,
      longInput(9000, plainLine),
    ].map((text) => Buffer.from(text));
    const plan = { ...PLAN, windows: [{ label: 'all', lengthMs: undefined }] };
    const exact = count(
      plan,
      inputs.map((bytes) => [bytes]),
      Number.POSITIVE_INFINITY,
    );
    expect(exact.accepted).toBe(36_000);
    for (const threads of [1, 2, 3]) {
      const result = await countByThreads(plan, inputs, { threads, segment: 30_000 });
      const { rows, rejected, accepted } = result;
      const { plainLines: _, ...expected } = exact;
      expect({ rows, rejected, accepted }).toEqual(expected);
    }
  });

  it('reads a file with another header on the way in its order', async () => {
    const swapped = (at: number) => `${at % 100}.5,s${at % 3},${new Date(1.7e12 + at * 1000).toISOString()}`;
    const text = `${longInput(10_000, plainLine)}value,sensor,time\n${longInput(10_000, swapped)}`;
    const { explained, accepted, rejected } = await countByThreads(PLAN, [Buffer.from(text)], {
      threads: 2,
      segment: 50_000,
    });
    expect([accepted, rejected]).toEqual([20_000, []]);
    expect(explained[0]).toMatch(/: its lines must be read in their order, so by one thread$/);
  });

  it('reads a file with a quoted line break in its order', async () => {
    const line = (at: number) => (at === 15_000 ? `2024-01-01T00:00:00Z,"two\nlines",1` : plainLine(at));
    const { accepted, rejected } = await countByThreads(PLAN, [Buffer.from(longInput(20_000, line))], {
      threads: 2,
      segment: 50_000,
    });
    expect([accepted, rejected]).toEqual([20_000, []]);
  });

  it('tells the first rejected line of each kind and how many there are', async () => {
    const line = (at: number) => (at % 1000 === 999 ? plainLine(at).replace(/\.5$/, '.x') : plainLine(at));
    const bytes = Buffer.from(longInput(20_000, line));
    const { rejected } = await countByThreads(PLAN, [bytes], { threads: 2, segment: 100_000, lists: false });
    expect(rejected[0]).toMatch(/^source-0:1000 not a number/);
    const times = rejected.map((text) => Number(/ \((\d+)\) /.exec(text)?.[1]));
    expect(times.reduce((a, b) => a + b)).toBe(20);
    const listed = await countByThreads(PLAN, [bytes], { threads: 2, segment: 100_000 });
    expect(listed.rejected.map((text) => text.split(' ')[0])).toEqual(
      Array.from({ length: 20 }, (_, at) => `source-0:${(at + 1) * 1000}`),
    );
  });

  it('leaves the torn last line to the rules for torn lines', async () => {
    const text = `${longInput(20_000, plainLine)}2030-01-01T00:00:00Z,s1,7`;
    const { rejected, accepted } = await countByThreads(PLAN, [Buffer.from(text)], {
      threads: 2,
      segment: 100_000,
    });
    expect(accepted).toBe(20_000);
    expect(rejected).toEqual([expect.stringMatching(/^source-0:20001 torn torn: last line has no newline/)]);
  });

  it('does without a line that is longer than a segment', async () => {
    const line = (at: number) =>
      at === 9000 ? `2024-01-01T00:00:00Z${' '.repeat(300_000)},x,1` : plainLine(at);
    const { accepted, rejected } = await countByThreads(PLAN, [Buffer.from(longInput(20_000, line))], {
      threads: 2,
      segment: 50_000,
    });
    expect([accepted, rejected]).toEqual([20_000, []]);
  });
});
