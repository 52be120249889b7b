/** The outcome of counting: rows and rejected lines, as comparable text. */

import { Counter } from '../../src/counting/counter.ts';
import type { Plan } from '../../src/counting/plan.ts';
import type { Line, Rejection } from '../../src/lines/line.ts';
import type { FutureCheck } from '../../src/readings/ahead.ts';
import { rowMaker } from '../../src/readings/summary-row.ts';
import type { WindowSummary } from '../../src/stats/aggregate.ts';
import { statistic, wanted } from '../../src/stats/statistics.ts';

export const STATISTICS = ['sum', 'stddev', 'first', 'last', 'first_time', 'last_time', 'p50', 'p99.9'].map(
  statistic,
);
export const WANTED = wanted(STATISTICS);

export interface Outcome {
  readonly rows: readonly string[];
  readonly rejected: readonly string[];
  readonly accepted: number;
  readonly plainLines: number;
}

/** Collects rows and rejections. */
export class Collected {
  accepted = 0;
  readonly rejected: string[] = [];

  accept(count: number): void {
    this.accepted += count;
  }

  readonly reject = (line: Line, { kind, detail }: Rejection, times = 1): void => {
    this.rejected.push(
      `${line.source}:${line.number}${line.torn ? ' torn' : ''} ${kind}: ${detail} (${times}) ${line.text}`,
    );
  };
}

export function rowsOf(windows: readonly WindowSummary[], { wanted: { squares } }: Plan): string[] {
  const toRow = rowMaker({
    statistics: squares ? STATISTICS : [],
    expect: 60_000,
    decimals: undefined,
    units: [],
  });
  return windows.map((window) => toRow(window).join(' '));
}

/** Counts sources, given as chunks. */
export function count(
  plan: Plan,
  sources: readonly (readonly Buffer[])[],
  kernelAfter: number,
  future?: FutureCheck,
): Outcome {
  const collected = new Collected();
  const counter = new Counter(plan, collected, { kernelAfter, future });
  const rows: string[] = [];
  for (const [at, chunks] of sources.entries()) {
    counter.begin(`source-${at}`);
    for (const chunk of chunks) {
      counter.count(chunk);
      rows.push(...rowsOf(counter.accumulator.takeClosed(), plan));
    }
    counter.end();
    rows.push(...rowsOf(counter.accumulator.takeClosed(), plan));
  }
  for (const block of counter.accumulator.closeAll()) rows.push(...rowsOf(block, plan));
  return { rows, rejected: collected.rejected, accepted: collected.accepted, plainLines: counter.plainLines };
}
