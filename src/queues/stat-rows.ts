/** Formats queue statistics as rows, and checks them against limits. */

import type { Column, Row } from '../lines/format-rows.ts';
import { formatTime } from '../readings/time.ts';
import type { QueueStat } from './queue.ts';

const columns: readonly Column[] = [
  { name: 'queue', type: 'text' },
  { name: 'partition', type: 'number' },
  { name: 'group', type: 'text' },
  ...['ready', 'leased', 'delayed', 'dead'].map((name) => ({ name, type: 'number' as const })),
  { name: 'oldest', type: 'text' },
  { name: 'next', type: 'number' },
  { name: 'end', type: 'number' },
];

const replicaColumns: readonly Column[] = [
  { name: 'replicas', type: 'number' },
  { name: 'insync', type: 'number' },
];

/** The columns of a row. @param hasReplicas whether any queue's engine reports replicas */
export function statColumns(hasReplicas: boolean): readonly Column[] {
  return hasReplicas ? [...columns, ...replicaColumns] : columns;
}

/** Statistics of a partition; undefined partition: totals. */
export type Numbers = Omit<QueueStat, 'partition'> & { readonly partition: number | undefined };

/** Totals over all partitions, per group, in the order of the groups. */
export function totals(stats: readonly QueueStat[]): Numbers[] {
  const groups = new Map<string, Numbers>();
  for (const stat of stats) {
    const before = groups.get(stat.group);
    groups.set(stat.group, before === undefined ? { ...stat, partition: undefined } : sum(before, stat));
  }
  return [...groups.values()];
}

function sum(a: Numbers, b: QueueStat): Numbers {
  const times = [a.oldest, b.oldest].filter((time) => time !== undefined);
  return {
    partition: undefined,
    group: a.group,
    ready: a.ready + b.ready,
    leased: a.leased + b.leased,
    delayed: a.delayed + b.delayed,
    dead: a.dead + b.dead,
    oldest: times.length === 0 ? undefined : Math.min(...times),
    next: sumOf(a.next, b.next),
    end: sumOf(a.end, b.end),
    ...leastOf('replicas', a, b),
    ...leastOf('inSync', a, b),
  };
}

function sumOf(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}

/** The minimum: the total is only as safe as its least safe partition. */
function leastOf(name: 'replicas' | 'inSync', a: Numbers, b: QueueStat) {
  const numbers = [a[name], b[name]].filter((number) => number !== undefined);
  return numbers.length === 0 ? {} : { [name]: Math.min(...numbers) };
}

/** A row, for `statColumns`. */
export function statRow(queue: string, numbers: Numbers, withReplicas: boolean): Row {
  const { partition, group, ready, leased, delayed, dead, oldest, next, end, replicas, inSync } = numbers;
  return [
    ...[queue, partition === undefined ? '' : String(partition), group],
    ...[ready, leased, delayed, dead].map(String),
    oldest === undefined ? '' : formatTime(oldest),
    ...[next, end, ...(withReplicas ? [replicas, inSync] : [])].map((number) =>
      number === undefined ? '' : String(number),
    ),
  ];
}

/** Maximum healthy values; undefined for no limit. */
export interface Limits {
  readonly ready: number | undefined;
  readonly ageMs: number | undefined;
  readonly dead: number | undefined;
}

/** Which limits are exceeded, in words. */
export function excesses({ ready, dead, oldest }: Numbers, limits: Limits, now: number): string[] {
  const found: string[] = [];
  if (limits.ready !== undefined && ready > limits.ready) found.push(`ready ${ready}: more than --max-ready`);
  if (limits.ageMs !== undefined && oldest !== undefined && now - oldest > limits.ageMs)
    found.push(`oldest ${formatTime(oldest)}: longer ago than --max-age`);
  if (limits.dead !== undefined && dead > limits.dead) found.push(`dead ${dead}: more than --max-dead`);
  return found;
}
