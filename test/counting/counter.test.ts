import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/counting/plan.ts';
import { Failure } from '../../src/failure.ts';
import { FutureCheck, parseAhead } from '../../src/readings/ahead.ts';
import { parseRange } from '../../src/readings/range.ts';
import { noNames } from '../../src/readings/reading-columns.ts';
import { formatTime } from '../../src/readings/time.ts';
import { seeded } from '../random.ts';
import { FIRST_SEED, isThorough, seedCount, sized } from '../thorough.ts';
import { inventInput } from './broken-input.ts';
import { count, type Outcome, WANTED } from './outcome.ts';

const HOUR = 3_600_000;
const SEEDS = seedCount(40, 200);
/** Lines of which there are many. */
const MANY = sized(12_000, 30_000);

const ALL = { label: 'all', lengthMs: undefined };

/** Count, sum, minimum and maximum, which the kernel has a loop of its own for. */
const SIMPLE = { squares: false, distinct: false, times: false };

/** Counts `time,sensor,value`, whatever the time. */
const PLAIN: Plan = {
  windows: [ALL],
  slideMs: undefined,
  zone: undefined,
  latenessMs: undefined,
  wanted: SIMPLE,
  lines: { delimiter: ',', names: noNames, range: undefined },
};

const WINDOWS: readonly Partial<Plan>[] = [
  {},
  {},
  { windows: [{ label: '1h', lengthMs: HOUR }] },
  {
    windows: [
      { label: 'all', lengthMs: undefined },
      { label: '5m', lengthMs: HOUR / 12 },
      { label: '1h', lengthMs: HOUR },
    ],
  },
  {
    windows: [
      { label: '7m', lengthMs: 420_000 },
      { label: '15m', lengthMs: 900_000 },
    ],
  },
  {
    windows: [
      { label: '1d', lengthMs: 24 * HOUR },
      { label: '6h', lengthMs: 6 * HOUR },
    ],
    zone: 'Europe/Berlin',
  },
  {
    windows: [
      { label: '1mo', lengthMs: 31 * 24 * HOUR, months: 1 },
      { label: '1h', lengthMs: HOUR },
    ],
  },
  {
    windows: [
      { label: '1y', lengthMs: 366 * 24 * HOUR, months: 12 },
      { label: '3mo', lengthMs: 93 * 24 * HOUR, months: 3 },
    ],
    zone: 'Europe/Berlin',
    latenessMs: 0,
  },
  { windows: [{ label: '1h', lengthMs: HOUR }], slideMs: 600_000 },
  { windows: [{ label: '1h', lengthMs: HOUR }], latenessMs: 0 },
  {
    windows: [
      { label: '10m', lengthMs: 600_000 },
      { label: '1h', lengthMs: HOUR },
      { label: 'all', lengthMs: undefined },
    ],
    latenessMs: 300_000,
  },
  { windows: [{ label: '30m', lengthMs: HOUR / 2 }], slideMs: 300_000, latenessMs: 60_000 },
];

/** What stands for a missing value. */
const MISSING = [['-20.5'], ['ERR', '1234567.80'], ['-5', '-999999999999999999'], ['0', '21.5']];

function planFor(seed: number): { plan: Plan; sources: Buffer[] } {
  const random = seeded(seed * 7 + 1);
  const input = inventInput(seed, 20 + Math.floor(random() * 400));
  const second = random() < 0.2 ? [Buffer.from(inventInput(seed + 1_000_000, 30).text)] : [];
  const plan: Plan = {
    windows: [{ label: 'all', lengthMs: undefined }],
    slideMs: undefined,
    zone: undefined,
    latenessMs: undefined,
    wanted: random() < 0.6 ? SIMPLE : WANTED,
    lines: {
      ...input.form,
      names: input.names,
      range: random() < 0.2 ? parseRange('-20.5..50') : undefined,
      missing: random() < 0.3 ? MISSING[Math.floor(random() * MISSING.length)] : undefined,
    },
    ...WINDOWS[Math.floor(random() * WINDOWS.length)],
  };
  return { plan, sources: [spoiled(Buffer.from(input.text), random), ...second] };
}

/** Some bytes are not what they were. */
function spoiled(bytes: Buffer, random: () => number): Buffer {
  if (random() < 0.7) return bytes;
  for (let times = 0; times < 5; times++)
    bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
  return bytes;
}

function cut(bytes: Buffer, random: () => number, longest: number): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = 1 + Math.floor(random() * longest);
    chunks.push(bytes.subarray(at, at + length));
    at += length;
  }
  return chunks;
}

/** A failure is an outcome too. */
function outcome(work: () => Outcome): Outcome | string {
  try {
    return work();
  } catch (error) {
    if (error instanceof Failure) return error.message;
    throw error;
  }
}

function withoutSpeed(result: Outcome | string) {
  return typeof result === 'string' ? result : { ...result, plainLines: 0 };
}

describe('the kernel and the exact engine', () => {
  // README: "`get-stats` counts plain lines in a WebAssembly kernel and splits a large file across all cores; unusual
  // lines go to the exact engine, and the rows are the same."
  it('give the same rows and reject the same lines, however the input is cut', () => {
    let plain = 0;
    let all = 0;
    for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      const { plan, sources } = planFor(seed);
      const random = seeded(seed);
      const exact = outcome(() =>
        count(
          plan,
          sources.map((bytes) => [bytes]),
          Number.POSITIVE_INFINITY,
        ),
      );
      for (const longest of [1_000_000, 3000, 40]) {
        const chunks = sources.map((bytes) => cut(bytes, random, longest));
        const fast = outcome(() => count(plan, chunks, 0));
        expect(withoutSpeed(fast), `seed ${seed}, chunks up to ${longest}`).toEqual(withoutSpeed(exact));
        if (typeof fast !== 'string') {
          plain += fast.plainLines;
          all += fast.accepted + fast.rejected.length;
        }
      }
    }
    // Otherwise nothing was compared.
    expect(plain / all).toBeGreaterThan(0.2);
  }, 600_000);

  it.each([
    ['sensors', (at: number) => `0,sensor ${at % 30_000},${at % 7}.5`],
    ['sensors with long names', (at: number) => `0,${'x'.repeat(30 + (at % 300))}${at % 5000},1`],
    ['panes', (at: number) => `${(at % 30_000) * 3600},s,${at % 7}.5`],
    ['panes in no order', (at: number) => `${((at * 7919) % 30_011) * 600},s${at % 3},${at % 7}.5`],
    ['sensors and panes', (at: number) => `${(at % 199) * 3600},s${at % 211},1`],
    ['distinct values', (at: number) => `0,s,${at % 30_000}.25`],
    ['distinct values of sensors', (at: number) => `0,s${at % 13},${at % 9973}.25`],
    ['rising precision', (at: number) => `0,s${at % 100},1.${'5'.repeat(Math.floor(at / 3000))}`],
    ['changing precisions', (at: number) => `0,s${at % 7},${['1', '-2.5', '3.25', '0.125'][(at % 31) % 4]}`],
    ['precisions far apart', (at: number) => `0,s,${at % 5000 === 0 ? '-0.123456789012345678' : '99999999'}`],
    ['names of one or two letters', (at: number) => `0,${(at % 1296).toString(36)},-${at % 3}.5`],
    ['seconds', (at: number) => `${new Date(at * 1000).toISOString().slice(0, 19)}Z,s,${at % 9}`],
    ['values of all lengths', valueOfLength],
    [
      'names that end with control characters',
      (at: number) => `0,${'a'.repeat(at % 33)}${'\x01'.repeat(at % 5)},${at % 10}`,
    ],
    ['values with and without decimals', (at: number) => `0,s${at % 50},${valueOfScale(at, at % 3)}`],
    [
      'values of now and then another scale',
      (at: number) => `0,s${at % 5},${valueOfScale(at, at % 97 === 0 ? 3 : 1)}`,
    ],
    [
      'values of one scale, then of another',
      (at: number) => `0,s${at % 5},${valueOfScale(at, Math.floor(at / 5000))}`,
    ],
    ['values near the limit', (at: number) => `0,s,${at % 3 === 0 ? '-' : ''}99999999999999999${at % 10}`],
  ])('agree on many %s', (_, line) => {
    const text = Array.from({ length: MANY }, (_, at) => `${line(at)}\n`).join('');
    const sources = [[Buffer.from(text)]];
    const hours = [{ label: '1h', lengthMs: HOUR }];
    for (const setting of [
      { windows: [ALL], wanted: WANTED },
      { windows: hours, wanted: SIMPLE },
      ...(isThorough
        ? [
            { windows: [ALL], wanted: SIMPLE },
            { windows: hours, wanted: WANTED },
          ]
        : []),
    ]) {
      const plan = { ...PLAIN, ...setting };
      const [exact, fast] = [count(plan, sources, Number.POSITIVE_INFINITY), count(plan, sources, 0)];
      expect(withoutSpeed(fast)).toEqual(withoutSpeed(exact));
      expect(fast.plainLines).toBeGreaterThan(0.98 * MANY);
    }
  });

  it.each([
    ['windows', { windows: [{ label: '1h', lengthMs: HOUR }] }],
    [
      'several lengths',
      { windows: [{ label: '1d', lengthMs: 24 * HOUR }, ALL, { label: '1h', lengthMs: HOUR }] },
    ],
    ['sliding windows', { windows: [{ label: '3h', lengthMs: 3 * HOUR }], slideMs: HOUR }],
  ])('agree on %s of which each has counted readings, in no order', (_, setting) => {
    const line = (at: number) => {
      const name = at % 5 === 0 ? `"s${at % 3}"` : `s${at % 3}`;
      return `${((at * 7919) % 2003) * 1800},${name},${at % 7}.5\n`;
    };
    const sources = [[Buffer.from(Array.from({ length: 20_000 }, (_, at) => line(at)).join(''))]];
    const plan = { ...PLAIN, ...setting };
    const [exact, fast] = [count(plan, sources, Number.POSITIVE_INFINITY), count(plan, sources, 0)];
    expect(withoutSpeed(fast)).toEqual(withoutSpeed(exact));
    expect(fast.plainLines).toBeGreaterThan(10_000);
    expect(fast.plainLines).toBeLessThan(17_000);
  });

  it('agree on a sum that grows too large with the last value', () => {
    for (let lines = 1; lines < 20; lines++) {
      const sources = [[Buffer.from('0,s,999999999999999999\n'.repeat(lines))]];
      const [exact, fast] = [Number.POSITIVE_INFINITY, 0].map((after) =>
        count({ ...PLAIN, wanted: WANTED }, sources, after),
      );
      expect(fast && withoutSpeed(fast)).toEqual(exact && withoutSpeed(exact));
    }
  });

  it('agree that names which are not UTF-8 are rejected', () => {
    const lines = Array.from({ length: 600 }, (_, at) =>
      Buffer.concat([Buffer.from('0,'), Buffer.from([0x80 + (at % 100)]), Buffer.from(`x,${at}\n`)]),
    );
    const [exact, fast] = [Number.POSITIVE_INFINITY, 0].map((after) => count(PLAIN, [lines], after));
    expect(fast && withoutSpeed(fast)).toEqual(exact && withoutSpeed(exact));
    expect(fast?.rows.length).toBe(0);
    expect(fast?.plainLines).toBe(0);
  });

  it('agree on values with any byte at any place', () => {
    const good = Buffer.from('0,s,-21.5\n0,s,-1.5\n');
    const lines = Array.from({ length: 6 * 256 }, (_, at) => {
      const line = Buffer.from('0,s,-21.5\n');
      line[line.length - 2 - Math.floor(at / 256)] = at % 256;
      return Buffer.concat([good, line, good]);
    });
    const [exact, fast] = [Number.POSITIVE_INFINITY, 0].map((after) =>
      count({ ...PLAIN, windows: [{ label: '1h', lengthMs: HOUR }] }, [lines], after),
    );
    expect(fast && withoutSpeed(fast)).toEqual(exact && withoutSpeed(exact));
  });

  it('agree on a line that is late because of one that only the exact engine reads', () => {
    const plan = { ...PLAIN, windows: [{ label: '1h', lengthMs: HOUR }], latenessMs: 0 };
    const lines = ['2026-01-01T10:59:00Z,s,1', '"2026-01-01T12:30:00Z",s,2', '2026-01-01T10:59:30Z,s,3'];
    const sources = [[Buffer.from(`${lines.join('\n')}\n`)]];
    const [exact, fast] = [count(plan, sources, Number.POSITIVE_INFINITY), count(plan, sources, 0)];
    expect(withoutSpeed(fast)).toEqual(withoutSpeed(exact));
    expect(fast.rejected.length).toBe(1);
  });

  it.each([
    ['fewer digits than the first lines', 21.55, ['21.5', '21.6', '21.7']],
    ['now and then fewer digits', 21.55, ['21.55', '21.5', '21.56', '21.57', '21.58', '21.59']],
    ['now and then none', 21.5, ['21.5', '21.5', '21', '21.5', '21.5', '21.5']],
    ['always as many digits', 21.55, ['21.55', '21.56']],
  ])('agree on whether the last line is torn, when values have %s', (_, first, values) => {
    const plan = { ...PLAIN, windows: [{ label: '1h', lengthMs: HOUR }] };
    const lines = Array.from({ length: 300 }, (_, at) => `0,s,${values[at % values.length]}\n`).join('');
    for (const last of ['21.55', '21.5', '21.', '21', '2']) {
      const source = [Buffer.from(`0,s,${first}\n0,s,${first}\n${lines}0,s,${last}`)];
      const sources = [source, source];
      const [exact, fast] = [count(plan, sources, Number.POSITIVE_INFINITY), count(plan, sources, 0)];
      expect(withoutSpeed(fast)).toEqual(withoutSpeed(exact));
    }
  });

  it.each([
    ['-', ['1774951200-a-5.5', '1774951200-a--5.5', '1774951200--5.5', '2026-11-21T10:00:00Z-room-21.5']],
    [':', ['1774951200:a:5.5', '2026-11-21T10:00:00Z:room:21.5']],
    ['.', ['1774951200.a.5', '1774951200.a.5.5', '1774951200.a.b.5']],
    ['0', ['17749512a0b05', '17749512a0b0505', '17749512a0b050']],
    ['Z', ['1774951200ZaZ5', '2026-11-21T10:00:00ZZroomZ21', '2026-11-21T10:00:00ZroomZ21']],
  ])('agree on lines with the delimiter %s', (delimiter, lines) => {
    const names = { time: ['1'], sensor: ['2'], value: ['3'] };
    const plan = {
      ...PLAIN,
      windows: [{ label: '1h', lengthMs: HOUR }],
      lines: { ...PLAIN.lines, delimiter, names },
    };
    const sources = [[Buffer.from(`${lines[0]}\n${`${lines.join('\n')}\n`.repeat(200)}`)]];
    const [exact, fast] = [count(plan, sources, Number.POSITIVE_INFINITY), count(plan, sources, 0)];
    expect(withoutSpeed(fast)).toEqual(withoutSpeed(exact));
  });

  it('agree on a name that is plain in one source and would be two fields in the next', () => {
    const names = ['a,b', 'a"b', '{a', ' a'];
    const json = names.map(
      (sensor) => `${JSON.stringify({ time: '2026-01-01T00:00:00Z', sensor, value: 1 })}\n`,
    );
    const csv = [...names, 'c'].map((sensor) => `2026-01-01T00:00:00Z,${sensor},2\n`);
    const sources = [json, csv, csv, json].map((lines) => [Buffer.from(lines.join('').repeat(50))]);
    const [exact, fast] = [count(PLAIN, sources, Number.POSITIVE_INFINITY), count(PLAIN, sources, 0)];
    expect(withoutSpeed(fast)).toEqual(withoutSpeed(exact));
    expect(fast.rejected.length).toBeGreaterThan(90);
  });

  it.each([20_000, 1_400_000])(
    'agree on what stands around a line that is too long, in chunks of %d',
    (length) => {
      const some = Array.from({ length: 5000 }, (_, at) => `0,s${at % 50},${at % 9}.5\n`).join('');
      const bytes = Buffer.from(`${some}${'x'.repeat(3_000_000)}\n${some}`);
      const chunks = Array.from({ length: Math.ceil(bytes.length / length) }, (_, at) =>
        bytes.subarray(at * length, (at + 1) * length),
      );
      const fast = count(PLAIN, [chunks], 0);
      expect([fast.rows.length, fast.accepted, fast.rejected.length]).toEqual([50, 10_000, 1]);
      expect(withoutSpeed(fast)).toEqual(withoutSpeed(count(PLAIN, [chunks], Number.POSITIVE_INFINITY)));
    },
  );
});

/** A line with one to ten digits, with and without a sign, with the same number of decimals for some hundred lines. */
function valueOfLength(at: number): string {
  const digits = '9876543210'.slice(0, (at % 10) + 1);
  const scale = Math.floor(at / 400) % 9;
  const point = Math.max(0, digits.length - scale);
  const fraction = scale === 0 ? '' : `.${digits.slice(point).padStart(scale, '0')}`;
  return `0,s${at % 7},${at % 3 === 0 ? '-' : ''}${digits.slice(0, point)}${fraction}`;
}

function valueOfScale(at: number, scale: number): string {
  return (((at * 7919) % 2003) / 10 - 100).toFixed(scale);
}

describe('readings ahead of the clock', () => {
  const NOW = Date.UTC(2026, 10, 28, 12);
  const LIVE: Plan = { ...PLAIN, windows: [{ label: '1d', lengthMs: 24 * HOUR }], latenessMs: 0 };
  const future = () =>
    new FutureCheck({ ahead: parseAhead('1h'), now: () => NOW, warn: () => expect.unreachable() });
  /** A reading every second up to the clock; every 97th is from `aheadMs` later. */
  const lines = (count: number, aheadMs: number, textOf = (time: number) => formatTime(time)) =>
    Array.from({ length: count }, (_, at) => {
      const time = NOW - (count - at) * 1000 + (at % 97 === 96 ? aheadMs : 0);
      return `${textOf(time)},attic,${at % 10}.5\n`;
    });

  it.each([
    ['in the same window', 3 * HOUR],
    ['in a later one', 5000 * HOUR],
  ])('are rejected, %s, by the kernel as by the exact engine', (_, aheadMs) => {
    const input = [[Buffer.from(lines(5000, aheadMs).join(''))]];
    const [exact, kernel] = [Infinity, 0].map((after) => count(LIVE, input, after, future()));
    expect(kernel?.rejected).toEqual(exact?.rejected);
    expect(kernel?.rows).toEqual(exact?.rows);
    expect(exact?.rejected).toHaveLength(51);
    expect(exact?.rejected[0]).toContain('future: reading is more than 1h ahead of the clock: ');
    expect(exact?.rows.map((row) => row.split(' ')[4])).toEqual(['4949']);
    expect(kernel?.plainLines).toBeGreaterThan(4000);
  });

  it('are counted when it is not by more than allowed, or there is no check', () => {
    const near = [[Buffer.from(lines(5000, HOUR).join(''))]];
    for (const after of [Infinity, 0]) {
      expect(count(LIVE, near, after, future()).rejected).toEqual([]);
      const far = [[Buffer.from(lines(97, 5 * HOUR).join(''))]];
      expect(count(LIVE, far, after).accepted).toBe(97);
    }
  });
});
