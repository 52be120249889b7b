import { appendFileSync, closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { Counter } from '../../src/counting/counter.ts';
import type { Plan } from '../../src/counting/plan.ts';
import { readInto } from '../../src/counting/read-into.ts';
import { noNames } from '../../src/readings/reading-columns.ts';
import { Collected, rowsOf } from './outcome.ts';

const PLAN: Plan = {
  windows: [{ label: 'all', lengthMs: undefined }],
  slideMs: undefined,
  zone: undefined,
  latenessMs: undefined,
  wanted: { squares: false, distinct: false, times: false },
  lines: {
    delimiter: ',',
    range: undefined,
    names: noNames,
  },
};

it.each([0, 1 << 10])(
  'a file that grows in the middle of a line is read as if it had been whole (kernel after %d)',
  (kernelAfter) => {
    const folder = mkdtempSync(join(tmpdir(), 'read-into-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'log');
    writeFileSync(path, '');
    const descriptor = openSync(path, 'r');
    onTestFinished(() => closeSync(descriptor));
    const collected = new Collected();
    const counter = new Counter(PLAN, collected, { kernelAfter });
    counter.begin('log');
    const text = Array.from(
      { length: 1500 },
      (_, at) => `2026-01-01T00:00:00Z,${'a name that is long '.repeat(at % 9)},${at}\n`,
    ).join('');
    let at = 0;
    // In pieces that end anywhere, and often near the ends of pages.
    for (let from = 0, piece = 1; from < text.length; from += piece, piece = (piece * 7 + 1300) % 8191) {
      appendFileSync(path, text.slice(from, from + piece));
      for (
        let read = readInto(counter, descriptor, at, Number.POSITIVE_INFINITY);
        read > 0;
        read = readInto(counter, descriptor, at, Number.POSITIVE_INFINITY)
      )
        at += read;
    }
    counter.end();
    expect(collected.rejected).toEqual([]);
    expect(collected.accepted).toBe(1500);
    const rows = rowsOf([...counter.accumulator.closeAll()].flat(), PLAN);
    expect(rows.map((row) => row.match(/ (\d+) [\d.]+ [\d.]+ [\d.]+ \d+ \d+$/)?.[1])).toEqual([
      '167',
      '167',
      '167',
      '167',
      '167',
      '167',
      '166',
      '166',
      '166',
    ]);
  },
);
