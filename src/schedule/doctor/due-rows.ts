/** All due times of all jobs in a span, in order of time. */

import { csvStyle } from '../../lines/csv.ts';
import { csvStringify } from '../../load.ts';
import { formatTime } from '../../readings/time.ts';
import { dueTimes, type Span } from '../due/due.ts';
import type { Job } from '../jobs/job.ts';

interface Due {
  readonly time: number;
  readonly job: Job;
}

/** A job whose next due time is known. */
interface Next extends Due {
  /** Position of the job in the crontab. */
  readonly index: number;
  readonly later: Iterator<number>;
}

/** Due times in a span, by time, then in crontab order: a k-way merge. Memory: one time per job. */
export function* dueJobs(jobs: readonly Job[], span: Span): Generator<Due> {
  const heap: Next[] = [];
  const addNext = (job: Job, index: number, later: Iterator<number>): void => {
    const next = later.next();
    if (next.done !== true) push(heap, { time: next.value, job, index, later });
  };
  for (const [index, job] of jobs.entries()) {
    addNext(job, index, dueTimes(job.when, span)[Symbol.iterator]());
  }
  for (let first = pop(heap); first !== undefined; first = pop(heap)) {
    yield { time: first.time, job: first.job };
    addNext(first.job, first.index, first.later);
  }
}

/** The same as lines: `TIME,NAME`, or NDJSON. */
export function* dueRows(jobs: readonly Job[], span: Span, json: boolean): Generator<string> {
  const names = new Map(jobs.map((job) => [job, json ? JSON.stringify(job.name) : asField(job.name)]));
  for (const { time, job } of dueJobs(jobs, span)) {
    const name = names.get(job) ?? '';
    yield json ? `{"time":"${formatTime(time)}","job":${name}}\n` : `${formatTime(time)},${name}\n`;
  }
}

function asField(name: string): string {
  return csvStringify()
    .stringify([[name]], csvStyle)
    .trimEnd();
}

function isBefore(one: Next, other: Next): boolean {
  return one.time < other.time || (one.time === other.time && one.index < other.index);
}

/** Inserts into a binary min-heap. */
function push(heap: Next[], item: Next): void {
  let at = heap.length;
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = heap[above];
    if (parent === undefined || isBefore(parent, item)) break;
    heap[at] = parent;
    at = above;
  }
  heap[at] = item;
}

function pop(heap: Next[]): Next | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return first;
  let at = 0;
  for (;;) {
    const left = 2 * at + 1;
    const [one, other] = [heap[left], heap[left + 1]];
    const isOther = one !== undefined && other !== undefined && isBefore(other, one);
    const child = isOther ? other : one;
    if (child === undefined || isBefore(last, child)) break;
    heap[at] = child;
    at = isOther ? left + 1 : left;
  }
  heap[at] = last;
  return first;
}
