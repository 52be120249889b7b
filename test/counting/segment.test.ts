import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Counter } from '../../src/counting/counter.ts';
import type { Plan } from '../../src/counting/plan.ts';
import { countSegment, SegmentReport, segmentCount } from '../../src/counting/segment.ts';
import { noNames } from '../../src/readings/reading-columns.ts';

/** Of which an hour came twice on 25 October 2026. */
const BERLIN = { zone: 'Europe/Berlin' };

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
const FIRST = '0,s,1\n';

/** Counts a file in segments of this many bytes, after its first line. */
function countIn(text: string, length: number, lists = true, setting: Partial<Plan> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'segment-'));
  const path = join(folder, 'log');
  writeFileSync(path, FIRST + text);
  const descriptor = openSync(path, 'r');
  onTestFinished(() => {
    closeSync(descriptor);
    rmSync(folder, { recursive: true });
  });
  const report = new SegmentReport(lists);
  const counter = new Counter({ ...PLAN, ...setting }, report, { kernelAfter: 0 });
  counter.begin('log');
  counter.count(Buffer.from(FIRST));
  report.take();
  const { state } = counter;
  if (state === undefined) throw new Error('the first line tells enough');
  const end = FIRST.length + text.length;
  const segments = { source: 'log', descriptor, start: FIRST.length, end, length, state };
  return Array.from({ length: segmentCount(segments) }, (_, at) =>
    countSegment(counter, report, segments, at),
  );
}

describe('countSegment', () => {
  it('counts each line once, in the segment in which it begins', () => {
    const text = Array.from({ length: 500 }, (_, at) => `${at},s,${at}\n`).join('');
    for (const length of [1, 7, 50, 1000, 100_000]) {
      const results = countIn(text, length);
      expect(results.reduce((sum, { lines }) => sum + lines, 0)).toBe(500);
      expect(results.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(500);
      expect(results.some(({ changed, rest }) => changed || rest > 0)).toBe(false);
    }
  });

  it('numbers rejected lines from 1', () => {
    const [result] = countIn('1,s,1\n2,s,ERR\n3,s,3\n4,s,x\n', 1000);
    expect(result?.rejected.map(({ line, times }) => [line.number, line.text, times])).toEqual([
      [2, '2,s,ERR', 1],
      [4, '4,s,x', 1],
    ]);
    expect([result?.lines, result?.accepted]).toEqual([4, 2]);
  });

  it('keeps the first rejected line of each kind where no list is wanted', () => {
    const [result] = countIn('1,s,ERR\nnoon,s,2\n3,s,x\n', 1000, false);
    expect(
      result?.rejected.map(({ line, rejection, times }) => [line.number, rejection.kind, times]),
    ).toEqual([
      [1, 'not a number', 2],
      [2, 'not a time', 1],
    ]);
  });

  it('leaves the rest without a newline to others', () => {
    const [result] = countIn('1,s,1\n2,s,2', 1000);
    expect([result?.lines, result?.rest, result?.changed]).toEqual([1, 5, false]);
  });

  it.each([
    ['a header', 'value,sensor,time\n1,s,1\n', true],
    ['a quote that is open', '1,"two\n', true],
    ['a quoted name over two lines', '1,"two\nlines",1\n', false],
    ['a bad line', '1,s,ERR\n', false],
    ['JSON', '{"time":1,"sensor":"s","value":1}\n', false],
  ])('says whether %s changes what the lines after it mean', (_, text, changed) => {
    expect(countIn(text, 1000)[0]?.changed).toBe(changed);
  });

  it.each([
    ['times of the zone', '2026-10-25 01:59,s,1\n2026-10-25 03:00,s,1\n', false],
    ['a time that comes twice', '2026-10-25 02:30,s,1\n', true],
    ['a time of the zone, and a rest whose time may come twice', '2026-10-25 01:59,s,1\n2026-', true],
    ['a time with an offset, and a rest', '2026-10-25T01:59:00Z,s,1\n2026-', false],
  ])('says whether lines before it tell what %s mean', (_, text, changed) => {
    expect(countIn(text, 1000, true, BERLIN)[0]?.changed).toBe(changed);
  });
});
