import { expect, it, vi } from 'vitest';
import { Counter } from '../../src/counting/counter.ts';
import type { RowLayout } from '../../src/counting/kernel/row-pieces.ts';
import type { Plan } from '../../src/counting/plan.ts';
import { noNames } from '../../src/readings/reading-columns.ts';
import { Collected, count, rowsOf, WANTED } from './outcome.ts';

const PLAN: Plan = {
  windows: [
    { label: 'all', lengthMs: undefined },
    { label: '1h', lengthMs: 3_600_000 },
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

/**
 * Plain lines in runs of rising scales, lines for the exact engine alone, and values whose sum exceeds 64 bits. A sensor at
 * the end of each run has values in the kernel's slots that its groups cannot hold.
 */
const LINES = Array.from({ length: 6000 }, (_, at) => {
  const name = at % 1000 < 600 ? `s${at % 5}` : 'late';
  const sensor = at % 11 === 0 ? `"${name}"` : name;
  const value = at % 500 === 0 ? '999999999999999999' : (at % 100).toFixed(Math.floor(at / 1000));
  const time = name === 'late' ? 0 : ((at * 7919) % 2003) * 60;
  return `${time},${sensor},${value}\n`;
});

function counterOf(lines: readonly string[], plan: Plan, kernelAfter: number): Counter {
  const counter = new Counter(plan, new Collected(), { kernelAfter });
  counter.begin('source');
  counter.count(Buffer.from(lines.join('')));
  counter.end();
  return counter;
}

const MERGES = [
  ['kernels', [0, 0, 0]],
  ['a kernel into none', [Infinity, 0, 0]],
  ['none into a kernel', [0, Infinity, Infinity]],
  ['a kernel into none into a kernel', [0, Infinity, 0]],
  ['none at all', [Infinity, Infinity, Infinity]],
] as const;
/** What slots are for: no first and last reading is wanted. */
const SIMPLE: Plan = {
  ...PLAN,
  windows: [{ label: '1h', lengthMs: 3_600_000 }],
  wanted: { squares: false, distinct: false, times: false },
};

it.each([PLAN, SIMPLE].flatMap((plan) => MERGES.map(([name, after]) => [name, after, plan] as const)))(
  'merges to the rows of the whole: %s',
  (_, [first, second, third], plan) => {
    const one = counterOf(LINES.slice(0, 2000), plan, first).accumulator;
    const two = counterOf(LINES.slice(2000, 4000), plan, second).accumulator;
    const three = counterOf(LINES.slice(4000), plan, third).accumulator;
    // As it comes from another thread.
    two.add(structuredClone(three.copy()));
    one.takeOver(two);
    const { rows } = count(plan, [[Buffer.from(LINES.join(''))]], Number.POSITIVE_INFINITY);
    expect(rowsOf([...one.closeAll()].flat(), plan)).toEqual(rows);
  },
);

it('leaves the rows to the kernel after it has merged what a thread without lines has', () => {
  const plan = { ...SIMPLE, wanted: { ...SIMPLE.wanted, times: true } };
  const { accumulator } = counterOf(['0,a,1\n'], plan, 0);
  accumulator.add(structuredClone(new Counter(plan, new Collected(), { kernelAfter: 0 }).accumulator.copy()));
  const layout: RowLayout = {
    ...{ statistics: [], expect: undefined, decimals: undefined, units: [] },
    ...{ notation: 'csv', precision: 's' },
  };
  const written = [...accumulator.closeAll(layout)].map((rows) =>
    Array.isArray(rows) ? rows : `${rows.text}`,
  );
  expect(written).toEqual([expect.stringMatching(/^a,1h,1970-01-01T00:00:00Z,/)]);
});

it('tells that memory is full, rather than make an object for each group that the kernel holds', () => {
  const one = counterOf(LINES.slice(0, 3000), SIMPLE, 0).accumulator;
  const other = structuredClone(counterOf(LINES.slice(3000), SIMPLE, 0).accumulator.copy());
  const { kernel } = one;
  if (kernel === undefined) throw new Error('there is no kernel');
  vi.spyOn(kernel, 'isExhausted', 'get').mockReturnValue(true);
  vi.spyOn(kernel, 'absorb').mockReturnValue(false);
  vi.spyOn(kernel, 'rowWriter').mockReturnValue(undefined);
  const isFull = expect.objectContaining({ status: 74, message: expect.stringContaining('memory is full') });
  expect(() => one.add(other)).toThrow(isFull);
  expect(() => one.closeAll()).toThrow(isFull);
});

it('tells that memory is full where a collection cannot grow any further', () => {
  const { accumulator } = counterOf(LINES, SIMPLE, 0);
  vi.spyOn(accumulator.aggregate, 'closeAll').mockImplementation(function* () {
    yield [];
    throw new RangeError('Map maximum size exceeded');
  });
  expect(() => [...accumulator.closeAll()]).toThrow(
    expect.objectContaining({ status: 74, message: expect.stringContaining('memory is full') }),
  );
});
