/** Rows of numbers of queues, and whether they are within limits. */

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

/** The columns of a row. @param hasReplicas whether the engine of any queue tells them */
export function statColumns(hasReplicas: boolean): readonly Column[] {
  return hasReplicas ? [...columns, ...replicaColumns] : columns;
}

/** Numbers of a partition, or of all partitions together. */
export type Numbers = Omit<QueueStat, 'partition'> & { readonly partition: number | undefined };

/** The sums over all partitions, for each group in their order. */
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

/** Together they are as safe as the least safe of them. */
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

/** The most that is well; undefined for no limit. */
export interface Limits {
  readonly ready: number | undefined;
  readonly ageMs: number | undefined;
  readonly dead: number | undefined;
}

/** What exceeds the limits, in words. */
export function excesses({ ready, dead, oldest }: Numbers, limits: Limits, now: number): string[] {
  const found: string[] = [];
  if (limits.ready !== undefined && ready > limits.ready) found.push(`ready ${ready}: more than --max-ready`);
  if (limits.ageMs !== undefined && oldest !== undefined && now - oldest > limits.ageMs)
    found.push(`oldest ${formatTime(oldest)}: longer ago than --max-age`);
  if (limits.dead !== undefined && dead > limits.dead) found.push(`dead ${dead}: more than --max-dead`);
  return found;
}
