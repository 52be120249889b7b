/**
 * Counts the segments of a file with several threads; each takes the next one until there are none. If groups have few
 * lines each, the other threads stop early, because merging their groups would take longer than counting.
 *
 * There is a result only if no segment has changed what lines mean (a header in the middle, a quoted field over several
 * lines) and few lines were rejected; otherwise the file must be counted in order.
 */

import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { SHARE_ENV, Worker } from 'node:worker_threads';
import { later } from '../async/later.ts';
import { errorCode, Failure } from '../failure.ts';
import { kernelModule } from '../kernels/load-kernel.ts';
import type { PartialResult } from './accumulator.ts';
import type { CountedLines } from './counted-lines.ts';
import { Counter } from './counter.ts';
import type { Plan } from './plan.ts';
import {
  countSegment,
  type Rejected,
  SEGMENTS_PER_TURN,
  SegmentReport,
  type SegmentResult,
  type Segments,
  segmentCount,
} from './segment.ts';
import { SegmentQueue, sharedNumbers } from './segment-queue.ts';

/** What a worker thread is given, once. */
export interface WorkerTask {
  readonly plan: Plan;
  readonly segments: Segments;
  /** The number of threads, including the main one. */
  readonly threads: number;
  /** Whether every rejected line is reported. */
  readonly lists: boolean;
  readonly module: WebAssembly.Module | undefined;
  /** Shared by the queues of all threads. */
  readonly shared: Int32Array;
}

/** What a worker thread reports. */
export interface WorkerMessage {
  /** Finished segments. */
  readonly results: readonly SegmentResult[];
  /** What it has counted in all segments; only in the last message. */
  readonly counted: PartialResult | undefined;
}

/** The result of all segments. */
interface PoolResult extends CountedLines {
  readonly accepted: number;
  /** Their lines are numbered from 1, the first line of the first segment. */
  readonly rejected: readonly Rejected[];
  /** Bytes of an unfinished line at the end. */
  readonly rest: number;
}

interface PoolOptions {
  readonly plan: Plan;
  readonly segments: Segments;
  readonly lists: boolean;
  readonly signal: AbortSignal;
  /** Called with the number of bytes counted since the last call. */
  progress(bytes: number): void;
}

/** Rejected lines are held back until all segments are counted, but no more than this many. */
const MAX_REJECTED = 100_000;

/** This thread and others. A thread takes as long to start as a program, so they start before there is work for them. */
export class ThreadPool {
  readonly #threads: readonly CountingThread[];

  /** @param size the most threads, including this one; there are fewer if the system starts no more, as under `ulimit -u` */
  constructor(size: number) {
    this.#threads = startThreads(size - 1);
  }

  get size(): number {
    return this.#threads.length + 1;
  }

  /**
   * Counts all segments, once.
   *
   * @returns undefined if lines must be read in order @throws the error of a thread or of a read; the signal's reason
   */
  async count({ plan, segments, lists, signal, progress }: PoolOptions): Promise<PoolResult | undefined> {
    const count = segmentCount(segments);
    const results: SegmentResult[] = [];
    let rejected = 0;
    let mustBeInOrder = false;
    const add = (result: SegmentResult) => {
      results[result.segment] = result;
      rejected += result.rejected.length;
      if (result.changed || rejected > MAX_REJECTED) mustBeInOrder = true;
      progress(segments.length);
    };
    const [threads, shared] = [this.size, sharedNumbers()];
    const task: WorkerTask = { plan, segments, threads, lists, module: kernelModule('readings'), shared };
    const partials = later(Promise.all(this.#threads.map((thread) => thread.count(task, add))));
    const report = new SegmentReport(lists);
    const counter = new Counter(plan, report, { kernelAfter: 0 });
    const queue = new SegmentQueue({ shared, count, threads, isMain: true });
    let counted = 0;
    for (let next = queue.take(); next !== undefined && !mustBeInOrder; next = queue.take()) {
      const result = countSegment(counter, report, segments, next);
      add(result);
      queue.report(next, result.lines, counter.accumulator.kernel?.groupCount ?? 0);
      if (++counted % SEGMENTS_PER_TURN > 0) continue;
      // Let the event loop deliver signals and messages of the other threads.
      await nextTurn();
      signal.throwIfAborted();
    }
    // A thread that has not begun finds nothing to do.
    queue.close();
    if (mustBeInOrder) return undefined;
    const others = await partials;
    if (mustBeInOrder || results.length < count) return undefined;
    // The memory of the other threads is no longer needed.
    this.close();
    for (const partial of others) counter.accumulator.add(partial);
    return { accumulator: counter.accumulator, ...sum(results) };
  }

  /** Terminates all other threads. */
  close(): void {
    for (const thread of this.#threads) thread.end();
  }
}

/** Another thread, which runs `worker.ts`. */
class CountingThread {
  readonly #worker: Worker;
  readonly #counted: Promise<PartialResult>;
  #add: (result: SegmentResult) => void = () => {};

  constructor() {
    // dist/ is two folders up from src/counting, and also from dist/tools.
    this.#worker = new Worker(join(import.meta.dirname, '../../dist/counting/worker.cjs'), {
      // Skip a copy of the environment, tracking of files and forwarding of output: each costs start-up time.
      env: SHARE_ENV,
      trackUnmanagedFds: false,
      stdout: true,
      stderr: true,
    });
    this.#counted = later(
      new Promise((resolve, reject) => {
        this.#worker.on('message', ({ results, counted }: WorkerMessage) => {
          for (const result of results) this.#add(result);
          if (counted !== undefined) resolve(counted);
        });
        this.#worker.on('error', (error) => reject(failureOf(error)));
        this.#worker.on('exit', () => reject(new Error('a worker thread ended unexpectedly')));
      }),
    );
  }

  /** Gives it work, once; `add` is called for each segment. @returns everything it has counted @throws its error */
  count(task: WorkerTask, add: (result: SegmentResult) => void): Promise<PartialResult> {
    this.#add = add;
    this.#worker.postMessage(task);
    return this.#counted;
  }

  end(): void {
    void this.#worker.terminate();
  }
}

function startThreads(most: number): CountingThread[] {
  const threads: CountingThread[] = [];
  try {
    while (threads.length < most) threads.push(new CountingThread());
  } catch (error) {
    if (errorCode(error) !== 'ERR_WORKER_INIT_FAILED') throw error;
  }
  return threads;
}

/** Restores the class of another thread's Failure, which is lost in transit; any other error as it is. */
function failureOf(error: unknown): unknown {
  const isFailure = error instanceof Error && error.name === 'Failure' && 'status' in error;
  return isFailure ? new Failure(Number(error.status), error.message, { cause: error }) : error;
}

function sum(results: readonly SegmentResult[]): Omit<PoolResult, 'accumulator'> {
  const rejected: Rejected[] = [];
  let [lines, plainLines, comments, accepted] = [0, 0, 0, 0];
  for (const result of results) {
    for (const { line, rejection, times } of result.rejected)
      rejected.push({ line: { ...line, number: lines + line.number }, rejection, times });
    lines += result.lines;
    plainLines += result.plainLines;
    comments += result.comments;
    accepted += result.accepted;
  }
  const whole = results.map((result) => result.whole);
  return { lines, plainLines, comments, accepted, rejected, whole, rest: results.at(-1)?.rest ?? 0 };
}
