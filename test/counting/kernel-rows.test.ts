/** Rows that the kernel writes are, byte for byte, those that are made from the exact engine's summaries. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Counter } from '../../src/counting/counter.ts';
import type { Plan } from '../../src/counting/plan.ts';
import { parseWindow } from '../../src/counting/requested-window.ts';
import { formatRows, type Row, type RowFormat } from '../../src/lines/format-rows.ts';
import { PRECISIONS, type Precision } from '../../src/lines/line-protocol.ts';
import { formatRowsInflux } from '../../src/readings/influx-rows.ts';
import { parseUnits } from '../../src/readings/series-units.ts';
import { type RowShape, rowColumns, rowMaker } from '../../src/readings/summary-row.ts';
import { statistic, wanted } from '../../src/stats/statistics.ts';
import { seeded } from '../random.ts';
import { Collected } from './outcome.ts';

interface Layout extends RowShape {
  readonly format: Exclude<RowFormat, 'live-table'> | 'influx';
  readonly precision: Precision;
}

const SHAPE: Layout = {
  statistics: [],
  expect: undefined,
  decimals: undefined,
  units: [],
  format: 'csv',
  precision: 'ns',
};

interface Cut {
  readonly zone?: string | undefined;
  readonly slideMs?: number | undefined;
}

function planOf({ statistics }: Layout, windows: readonly string[], { zone, slideMs }: Cut = {}): Plan {
  return {
    windows: windows.map(parseWindow),
    slideMs,
    zone,
    latenessMs: undefined,
    wanted: wanted(statistics),
    lines: {
      delimiter: ',',
      range: undefined,
      names: { time: [], sensor: [], value: [] },
    },
  };
}

const notationOf = ({ format }: Layout) => (format === 'table' ? 'csv' : format);

function formatted(rows: AsyncIterable<Row[] | Buffer>, layout: Layout): AsyncIterable<string | Buffer> {
  const columns = rowColumns(layout);
  const { format, precision } = layout;
  return format === 'influx' ? formatRowsInflux(rows, columns, precision) : formatRows(rows, columns, format);
}

/** Counts parts as threads do; says how many rows the kernel has written. */
async function textOf(parts: readonly Buffer[], plan: Plan, layout: Layout, kernelAfter: number) {
  const counters = parts.map((part) => {
    const counter = new Counter(plan, new Collected(), { kernelAfter });
    counter.begin('source');
    counter.count(part);
    counter.end();
    return counter;
  });
  const [first, ...others] = counters.map(({ accumulator }) => accumulator);
  for (const other of others) first?.add(structuredClone(other.copy()));
  let written = 0;
  async function* rows() {
    for (const batch of first?.closeAll(
      kernelAfter === 0 ? { ...layout, notation: notationOf(layout) } : undefined,
    ) ?? []) {
      if (!Array.isArray(batch)) written += batch.count;
      yield Array.isArray(batch) ? batch.map(rowMaker(layout)) : batch.text;
    }
  }
  let text = '';
  for await (const piece of formatted(rows(), layout)) text += piece;
  return { text, written };
}

/** Compares both; returns how many rows the kernel has written itself. */
async function compare(
  lines: readonly string[],
  layout: Layout,
  windows: readonly string[] = ['all'],
  cut: Cut = {},
) {
  const plan = planOf(layout, windows, cut);
  const half = Math.floor(lines.length / 2);
  const parts = [lines.slice(0, half), lines.slice(half)].map((part) => Buffer.from(part.join('')));
  const exact = await textOf([Buffer.concat(parts)], plan, layout, Number.POSITIVE_INFINITY);
  for (const pieces of [parts, [Buffer.concat(parts)]]) {
    const { text, written } = await textOf(pieces, plan, layout, 0);
    expect(text).toBe(exact.text);
    if (pieces.length === 1) exact.written = written;
  }
  return exact.written;
}

/** A line that is counted by the exact engine: the kernel leaves quotes to it. */
const oddLineOf = (time: number, name: string, value: string) =>
  `${new Date(time).toISOString()},"${name.replaceAll('"', '""')}",${value}\n`;
const csv = (name: string) => (/^\{|[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name);
const lineOf = (time: number, name: string, value: string) =>
  `${new Date(time).toISOString()},${csv(name)},${value}\n`;

const names = fc.oneof(
  { weight: 4, arbitrary: fc.nat(200).map((at) => `/shop/item/${at}`) },
  { weight: 1, arbitrary: fc.nat(20).map((at) => `${'a common beginning, '.slice(0, 17).repeat(3)}${at}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '',
      'a',
      'ab',
      'a"b',
      'a,b',
      '{a',
      'ä',
      '\u{1f321}',
      '\uff21',
      'a\\b',
      'a b',
      'a=b',
      'a\tb',
      'a\u007fb',
      'a\u0085b',
    ),
  },
);
const values = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.integer({ min: -99_999, max: 99_999 }), fc.nat(3)) },
  { weight: 1, arbitrary: fc.tuple(fc.maxSafeInteger(), fc.nat(12)) },
  { weight: 1, arbitrary: fc.constantFrom([-4, 1], [5, 1], [0, 2], [999_999_999_999_999, 0]) },
);
const decimalText = ([units = 0, scale = 0]: readonly number[]) => {
  const digits = String(Math.abs(units)).padStart(scale + 1, '0');
  const point = digits.length - scale;
  return `${units < 0 ? '-' : ''}${digits.slice(0, point)}${scale > 0 ? `.${digits.slice(point)}` : ''}`;
};
const layouts = fc.record({
  statistics: fc
    .subarray(['sum', 'range', 'var', 'stddev', 'first', 'last', 'last_time', 'p0', 'p50', 'p99.9', 'p100'])
    .map((chosen) => chosen.map(statistic)),
  expect: fc.constantFrom(undefined, 60_000, 7000),
  decimals: fc.constantFrom(undefined, 0, 1, 6, 18),
  units: fc.constantFrom(
    [],
    parseUnits('°C'),
    ...['/shop/item/1*=°C,*2=in,*ommon*=%', 'a=B,/shop*3=in",/shop*=m³', '/shop*=k m\\h'].map(parseUnits),
  ),
  format: fc.constantFrom('csv', 'json', 'table', 'influx', 'influx'),
  precision: fc.constantFrom(...PRECISIONS),
});

describe('rows of the kernel', () => {
  it('are those of the exact engine', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(names, fc.integer({ min: -5_000_000, max: 90_000_000 }), values), {
          maxLength: 300,
        }),
        layouts,
        // One, or several in any order, whose panes need not fit into each other.
        fc.oneof(
          fc.constantFrom('all', '1m', '1h', '7s').map((window) => [window]),
          fc.shuffledSubarray(['all', '1m', '1h', '7s', '90m', '1d', '1mo', '1y'], { minLength: 2 }),
        ),
        fc.constantFrom(undefined, undefined, 'Europe/Berlin', 'Asia/Kathmandu'),
        async (readings, layout, windows, zone) => {
          const lines = readings.map(([name, time, value], at) =>
            (at % 4 === 1 ? oddLineOf : lineOf)(time, name, decimalText(value)),
          );
          await compare(lines, layout, windows, { zone });
        },
      ),
      { numRuns: 80 },
    );
  });

  it('are those of the exact engine where windows overlap, also across changes of the clock', async () => {
    const changes = ['2023-03-26', '2023-10-29', '1970-01-01'].map(Date.parse);
    const [minute, hour] = [60_000, 3_600_000];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom('s', 't', 't,', ''), fc.integer({ min: -30, max: 600 }), values), {
          maxLength: 60,
          size: 'max',
        }),
        layouts,
        fc.constantFrom(...changes),
        fc.constantFrom(minute, 10 * minute),
        fc.constantFrom(
          { windows: ['1h'], slideMs: hour },
          { windows: ['3h'], slideMs: hour },
          { windows: ['4h', 'all', '2h'], slideMs: 40 * minute },
          { windows: ['all', '1h', '30m', '3h'], slideMs: 15 * minute },
          { windows: ['2d', '1d'], slideMs: 6 * hour },
        ),
        fc.constantFrom(undefined, undefined, 'Europe/Berlin', 'Australia/Lord_Howe'),
        async (readings, layout, start, step, { windows, slideMs }, zone) => {
          const lines = readings.map(([name, time, value], at) =>
            (at % 20 === 1 ? oddLineOf : lineOf)(start + time * step, name, decimalText(value)),
          );
          await compare(lines, layout, windows, { zone, slideMs });
        },
      ),
      { numRuns: 20 },
    );
  });

  it('are mostly its own, whatever names and scales there are', async () => {
    const lines = Array.from({ length: 8000 }, (_, at) =>
      lineOf(at * 1000, `sensor-${(at * 7919) % 2000}`, ((at % 977) / 10).toFixed(at % 3)),
    );
    // But for those of the first lines, which tell what lines look like.
    expect(await compare(lines, SHAPE)).toBeGreaterThan(1990);
    const alike = lines.map((line) => line.replace(/,[\d.]+\n/, ',21.35\n'));
    expect(await compare(alike, SHAPE)).toBeGreaterThan(1990);
    expect(await compare(alike, { ...SHAPE, format: 'json' }, ['1m'])).toBeGreaterThan(1990);
    const units = parseUnits('*1*=m³/h,*2*=°C');
    for (const format of ['csv', 'json', 'influx'] as const)
      expect(await compare(alike, { ...SHAPE, format, units }, ['1d', 'all'])).toBeGreaterThan(2 * 1990);
    // Sensors of the first lines, which the exact engine has counted, are the host's in long windows only.
    const several = await compare(lines, { ...SHAPE, statistics: [statistic('last')] }, ['1d', 'all', '1h']);
    expect(several).toBeGreaterThan(2 * 1990);
    // Each reading is in four windows.
    expect(await compare(lines, SHAPE, ['1h'], { slideMs: 900_000 })).toBeGreaterThan(4 * 1990);
  });

  it('have variances and deviations that are exact to the last digit', async () => {
    // Of all sizes: from differences that cancel to squares beyond 64 bits, and beyond all that the kernel has.
    const spread = fc.tuple(fc.nat(13), fc.nat(10), fc.nat(9), fc.constantFrom(1, 7, 1000, 4_999_999));
    const sensors = fc.array(fc.tuple(spread, fc.array(fc.nat(1000), { minLength: 1, maxLength: 12 })), {
      minLength: 100,
      maxLength: 100,
    });
    let written = 0;
    await fc.assert(
      fc.asyncProperty(
        sensors,
        fc.constantFrom(undefined, undefined, 0, 1, 3, 6, 18),
        async (all, decimals) => {
          const lines = all.flatMap(([[digits, scale, dropped, step], readings], sensor) =>
            readings.map((reading, at) => {
              const units = 10 ** digits + reading * step;
              // Some readings have fewer digits, so that groups come to another scale.
              const own = at % 3 === 0 ? Math.max(0, scale - dropped) : scale;
              return lineOf(at, `s${sensor}`, `${at % 5 === 4 ? '-' : ''}${decimalText([units, own])}`);
            }),
          );
          const statistics = [statistic('var'), statistic('stddev')];
          written += await compare(lines, { ...SHAPE, statistics, decimals });
        },
      ),
      { numRuns: 15 },
    );
    expect(written).toBeGreaterThan(400);
  });

  it('have variances of large numbers, from 128 bits', async () => {
    const statistics = [statistic('var'), statistic('stddev')];
    for (const step of [37, 170_000_000]) {
      const lines = Array.from({ length: 6000 }, (_, line) => {
        const [sensor, at] = [line % 500, Math.floor(line / 500)];
        return lineOf(
          line,
          `s${sensor}`,
          decimalText([10 ** 12 + at * (step + sensor) + sensor * sensor, 3]),
        );
      });
      expect(await compare(lines, { ...SHAPE, statistics })).toBeGreaterThan(490);
    }
  });

  it('have values of mixed scales in their most precise writing', async () => {
    // In groups of a few readings each, where one value comes with more digits than those before.
    const texts = [
      '21.5',
      '21.50',
      '-3',
      '-3.000',
      '21',
      '0.000000000001',
      '900719925474099',
      '4.25',
      '0.0',
      '0',
    ];
    const lines = Array.from({ length: 6000 }, (_, at) => {
      const [sensor, turn] = [at % 500, Math.floor(at / 500)];
      return lineOf(at * 1000, `s${sensor}`, texts[(sensor * 7 + turn * turn * 3) % texts.length] ?? '');
    });
    const several = ['first', 'last', 'range', 'sum', 'var'].map(statistic);
    const quantiles = ['p0', 'p25', 'p50', 'p75', 'p90', 'p100'].map(statistic);
    expect(await compare(lines, { ...SHAPE, statistics: [...several, ...quantiles] })).toBeGreaterThan(150);
    // Long windows, which are added up from short ones, before these: they stay as they are.
    const layout = { ...SHAPE, statistics: several };
    expect(await compare(lines, layout, ['all', '1h', '1m'])).toBeGreaterThan(6000);
  });

  it.each([
    ['doubles as programs print them', (random: number) => String(20 + random * 10)],
    ['doubles on both sides of zero', (random: number) => ((random - 0.5) * 1e3).toFixed(13)],
    ['ever more decimals', (random: number, at: number) => (random * 4e4).toFixed(Math.min(13, at >> 7))],
    [
      'as many digits as there are',
      (random: number, at: number) => `${at % 3 ? '-' : ''}4${String(random).slice(2, 19).padEnd(17, '0')}`,
    ],
  ])('have sums of more than 64 bits: %s', async (_, textOfValue) => {
    const random = seeded(62);
    const lines = Array.from({ length: 4000 }, (_, at) =>
      lineOf(at * 1000, `s${at % 3}`, textOfValue(random(), at)),
    );
    const quantiles = ['p0', 'p50', 'p99', 'p100'].map(statistic);
    expect(await compare(lines, { ...SHAPE, statistics: quantiles })).toBe(3);
    for (const decimals of [0, 2, 11, 18])
      await compare(
        lines,
        { ...SHAPE, decimals, statistics: [...quantiles, ...['sum', 'var', 'range'].map(statistic)] },
        ['1h', '5m'],
      );
  });

  it.each([
    ['few values again and again', (at: number) => at % 7],
    ['ever greater values', (at: number) => at * 3],
    ['ever smaller values', (at: number) => -at],
    ['values on both sides of zero', (at: number) => ((at * 7919) % 4001) - 2000],
    ['values of all lengths', (at: number) => ((at * 7919) % 4001) * 10 ** (at % 8)],
    ['values of which one is far from the others', (at: number) => (at === 3000 ? -(10 ** 11) : at % 100)],
    ['values close together, far from zero', (at: number) => 10 ** 10 + ((at * 7919) % 300)],
    ['ever longer values', (at: number) => Math.floor(1.005 ** at)],
  ])('have the quantiles of many readings: %s', async (_, units) => {
    const statistics = ['p0', 'p0.01', 'p1', 'p25', 'p50', 'p75', 'p99', 'p99.99', 'p100'].map(statistic);
    for (const scales of [1, 3]) {
      const lines = Array.from({ length: 6000 }, (_, at) =>
        lineOf(at, `s${at % scales}`, decimalText([units(at), at % scales])),
      );
      // Of all sensors, though the exact engine has counted the first line.
      expect(await compare(lines, { ...SHAPE, statistics })).toBe(scales);
    }
  });

  it('have the quantiles of values that come millions of times', async () => {
    const statistics = ['p44', 'p44.00001', 'p100'].map(statistic);
    const ones = Buffer.from('1\n'.repeat(2_200_000));
    const twos = Buffer.from('2\n'.repeat(2_800_000));
    const layout = { ...SHAPE, statistics };
    const { text } = await textOf([ones, twos], planOf(layout, ['all']), layout, 0);
    expect(text).toContain(',all,,,5000000,1,2,1.56,1,2,2\n');
  });

  it('have quantiles in their most precise writing where a value comes millions of times', async () => {
    const layout = { ...SHAPE, statistics: ['p0', 'p50', 'p100'].map(statistic) };
    const ones = Buffer.from(`${'1\n'.repeat(4_300_000)}1.0\n`);
    const { text } = await textOf([ones], planOf(layout, ['all']), layout, 0);
    expect(text).toContain(',all,,,4300001,1.0,1.0,1.000,1.0,1.0,1.0\n');
  });

  it.each([
    ['more decimals than it has', { decimals: 20 }],
    ['a unit in quotes', { units: parseUnits('a*=in",*=%') }],
  ])('are left to the host, all of them, with %s, however many it has itself', async (_, changes) => {
    // Names in quotes are counted by the exact engine; their groups make the kernel's memory grow.
    const lines = Array.from({ length: 8000 }, (_, at) => lineOf(at * 1000, `a"${at}`, '1.5'));
    expect(await compare(lines, { ...SHAPE, ...changes })).toBe(0);
  });

  it('have the names in the order of their bytes, however long they are alike', async () => {
    const stem = 'x'.repeat(40_000);
    const rest = ['', 'a', 'b', 'ab', '\uffee', '\u{10000}', 'z'.repeat(9), 'z'.repeat(8), 'z'.repeat(7)];
    const all = [...rest, ...rest.map((end) => stem + end), ...rest.map((end) => `${stem.slice(1)}${end}`)];
    const many = Array.from({ length: 2000 }, (_, at) => `${'y'.repeat(at % 50)}${at}`);
    const lines = [...all, ...many].map((name, at) => lineOf(at * 1000, name, '1.5'));
    await compare([...lines, ...lines], SHAPE);
  });

  it('have their times from the first year of readings to the last', async () => {
    const times = ['0002-01-01T00:00:00.000Z', '1600-02-29T23:59:59.999Z', '1969-12-31T23:59:59.001Z'];
    const late = [
      '1970-01-01T00:00:00.000Z',
      '2000-02-29T12:00:00.500Z',
      '2100-02-28T23:00:00.000Z',
      '9998-12-30T00:00:00.000Z',
    ];
    const lines = [...times, ...late].flatMap((time) =>
      Array.from({ length: 40 }, (_, at) => lineOf(Date.parse(time) + at, `s${at % 7}`, '-0.50')),
    );
    await compare(lines, { ...SHAPE, statistics: [statistic('last_time')] });
    for (const precision of PRECISIONS)
      expect(await compare(lines, { ...SHAPE, format: 'influx', precision }, ['7s', '366d'])).toBeGreaterThan(
        50,
      );
    for (const window of ['1s', '1d', '7d', '1mo']) await compare(lines, SHAPE, [window]);
  });

  it('have no times where readings have none', async () => {
    const lines = Array.from({ length: 3000 }, (_, at) => `s${at % 700},${at % 90}.${at % 10}\n`);
    const statistics = ['first', 'sum', 'last_time'].map(statistic);
    for (const format of ['csv', 'json', 'table', 'influx'] as const)
      await compare(lines, { ...SHAPE, statistics, expect: 1000, format });
  });
});
