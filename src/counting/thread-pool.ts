/**
 * Counts a file with several threads: each takes the next segment until there are none.
 *
 * What all have counted is taken over only when no segment has changed what lines mean (a header in the middle, a
 * quoted field over several lines) and few lines were rejected; otherwise nothing is, and the caller counts the file
 * line by line in its order.
 */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { SHARE_ENV, Worker } from 'node:worker_threads';
import { kernelModule } from '../kernels/load-kernel.ts';
import type { WholeLines } from '../readings/reading-interpreter.ts';
import type { Counted } from './accumulator.ts';
import { Counter } from './counter.ts';
import type { Plan } from './plan.ts';
import {
  countSegment,
  type Rejected,
  SegmentReport,
  type SegmentResult,
  type Segments,
  segmentCount,
  TURN,
} from './segment.ts';

/** What a helper is given. */
export interface Assignment {
  readonly plan: Plan;
  readonly segments: Segments;
  /** Whether every rejected line is to be told. */
  readonly lists: boolean;
  readonly module: WebAssembly.Module | undefined;
  /** One number: the segment that nobody has taken yet. */
  readonly next: Int32Array;
}

/** What a helper says, now and then. */
export interface Message {
  /** Segments that are done. */
  readonly results: readonly SegmentResult[];
  /** What it has counted in all segments; undefined when there may be more of them. */
  readonly counted: Counted | undefined;
}

export interface TeamResult {
  readonly lines: number;
  readonly plainLines: number;
  readonly accepted: number;
  readonly rejected: readonly Rejected[];
  readonly whole: readonly WholeLines[];
  /** Bytes at the end that are no whole line. */
  readonly rest: number;
}

export interface TeamOptions {
  readonly plan: Plan;
  readonly segments: Segments;
  readonly lists: boolean;
  readonly signal: AbortSignal;
  /** So many bytes were counted. */
  progress(bytes: number): void;
}

/** More rejected lines are not held back until their turn comes. */
const MOST_HELD = 100_000;

/** Another thread. It takes as long to start as a program, so it is started before it is known what there is to do. */
export class Helper {
  readonly #worker: Worker;
  readonly #counted: Promise<Counted>;
  #add: (result: SegmentResult) => void = () => {};

  constructor() {
    // Both from src/counting and from dist/tools it is two folders up.
    this.#worker = new Worker(new URL('../../dist/counting/worker.cjs', import.meta.url), {
      // An environment of its own, a look at its files, and its output put through ours: each takes time for nothing.
      env: SHARE_ENV,
      trackUnmanagedFds: false,
      stdout: true,
      stderr: true,
    });
    this.#counted = new Promise((resolve, reject) => {
      this.#worker.on('message', (message: Message) => {
        for (const result of message.results) this.#add(result);
        if (message.counted !== undefined) resolve(message.counted);
      });
      this.#worker.on('error', reject);
      this.#worker.on('exit', () => reject(new Error('a worker has ended too early')));
    });
    // Awaited later, if at all; until then an error must not count as unhandled.
    this.#counted.catch(() => {});
  }

  /** Gives it work, once. `add` is told of each segment; in the end it says what it has counted. @throws its error */
  assign(assignment: Assignment, add: (result: SegmentResult) => void): Promise<Counted> {
    this.#add = add;
    this.#worker.postMessage(assignment);
    return this.#counted;
  }

  /** Lets it end, whatever it does. */
  dismiss(): void {
    void this.#worker.terminate();
  }
}

/** Counts for a counter; undefined, and nothing is counted, when lines must be read in their order. */
export async function countWithTeam(
  counter: Counter,
  helpers: readonly Helper[],
  { plan, segments, lists, signal, progress }: TeamOptions,
): Promise<TeamResult | undefined> {
  const next = new Int32Array(new SharedArrayBuffer(4));
  const takeNext = () => Atomics.add(next, 0, 1);
  const count = segmentCount(segments);
  const results: SegmentResult[] = [];
  let held = 0;
  let failed = false;
  const add = (result: SegmentResult) => {
    results[result.segment] = result;
    held += result.rejected.length;
    if (result.changed || held > MOST_HELD) failed = true;
    progress(segments.length);
  };
  const assignment: Assignment = { plan, segments, lists, module: kernelModule('readings'), next };
  const all = Promise.all(helpers.map((helper) => helper.assign(assignment, add)));
  // Awaited below, if at all.
  all.catch(() => {});
  const report = new SegmentReport(lists);
  const own = new Counter(plan, report, { kernelAfter: 0 });
  for (let at = takeNext(), done = 1; at < count && !failed; at = takeNext(), done++) {
    add(countSegment(own, report, segments, at));
    if (done % TURN > 0) continue;
    // Signals are heard, and helpers.
    await nextTurn();
    signal.throwIfAborted();
  }
  // Whoever has not begun has nothing to do.
  Atomics.add(next, 0, count);
  if (failed) return undefined;
  const counted = await all;
  if (failed || results.length < count) return undefined;
  counter.takeOver(own);
  for (const one of counted) counter.absorb(one);
  return sum(results);
}

function sum(results: readonly SegmentResult[]): TeamResult {
  const rejected: Rejected[] = [];
  let [lines, plainLines, accepted] = [0, 0, 0];
  for (const result of results) {
    for (const { line, rejection, times } of result.rejected)
      rejected.push({ line: { ...line, number: lines + line.number }, rejection, times });
    lines += result.lines;
    plainLines += result.plainLines;
    accepted += result.accepted;
  }
  const whole = results.map((result) => result.whole);
  return { lines, plainLines, accepted, rejected, whole, rest: results.at(-1)?.rest ?? 0 };
}
