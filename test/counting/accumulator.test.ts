import { expect, it } from 'vitest';
import { Counter } from '../../src/counting/counter.ts';
import type { Plan } from '../../src/counting/plan.ts';
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
    names: { time: undefined, sensor: undefined, value: undefined },
  },
};

/** Plain lines, lines for the exact engine alone, and values that fit into no 64 bits together. */
const LINES = Array.from({ length: 6000 }, (_, at) => {
  const sensor = at % 11 === 0 ? `"s${at % 5}"` : `s${at % 5}`;
  const value = at % 500 === 0 ? '999999999999999999' : (at % 100).toFixed(at % 3);
  return `${((at * 7919) % 2003) * 60},${sensor},${value}\n`;
});

function counterOf(lines: readonly string[], kernelAfter: number): Counter {
  const counter = new Counter(PLAN, new Collected(), { kernelAfter });
  counter.begin('source');
  counter.count(Buffer.from(lines.join('')));
  counter.end();
  return counter;
}

const EXPECTED = count(PLAN, [[Buffer.from(LINES.join(''))]], Number.POSITIVE_INFINITY).rows;

it.each([
  ['kernels', [0, 0, 0]],
  ['a kernel into none', [Infinity, 0, 0]],
  ['none into a kernel', [0, Infinity, Infinity]],
  ['none at all', [Infinity, Infinity, Infinity]],
])('merges to the rows of the whole: %s', (_, [first = 0, second = 0, third = 0]) => {
  const one = counterOf(LINES.slice(0, 1000), first).accumulator;
  const two = counterOf(LINES.slice(1000, 3000), second).accumulator;
  const three = counterOf(LINES.slice(3000), third).accumulator;
  // As it comes from another thread.
  two.add(structuredClone(three.copy()));
  one.takeOver(two);
  expect(rowsOf([...one.closeAll()].flat(), PLAN)).toEqual(EXPECTED);
});
