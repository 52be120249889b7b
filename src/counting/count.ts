/**
 * Counts a whole source: a stream as it arrives, a regular file as fast as it can be read. Start reading here.
 *
 * The path of a line; each step is a call that returns what it found:
 *
 *     count.ts          reads bytes of a pipe or file into the counter's space, and yields the windows that have closed
 *     counter.ts        feeds lines to the kernel, and the line at which the kernel stops to the exact engine; and so on
 *       input-buffer.ts   holds the bytes of a chunk and the unfinished line before it; finds the ends of lines
 *       kernel/           counts plain lines in place, many at a time, into groups in its memory
 *       exact-engine.ts   counts or rejects any line, from its text, into the aggregate
 *     accumulator.ts    holds the aggregate (stats/aggregate.ts) and the kernel's groups, and merges them
 *       kernel-rows.ts    at the end, lets the kernel write rows of its groups, and makes those that it leaves out
 *
 * Who owns what:
 *
 * - Bytes: the input buffer. Once there is a kernel it lies in the kernel's memory, so bytes are not copied; a line cut by
 *   the end of a chunk is moved right before the next chunk. Nobody else keeps bytes.
 * - Line numbers, the header and the shape of lines (width, columns, digits): the exact engine, for one source at a time.
 *   It always gets the first lines. After each scan the counter tells it how many lines the kernel has counted, so its line
 *   numbers are right when it is given a line. It decides what is an error; the kernel only stops.
 * - Time: the aggregate's watermark. It advances with every reading; the counter then merges the kernel's groups into the
 *   aggregate and closes the windows that have passed.
 * - Groups: the kernel. It spills to the aggregate what its 64 bits cannot hold, and everything when windows close. At the
 *   end it writes their rows; where it cannot, they are read sensor by sensor.
 *
 * Threads: a large file is cut into segments (segment.ts), which the threads of a pool (thread-pool.ts, worker.ts) take one
 * by one. Each thread has its own counter, which starts with what the first lines have told (`SourceState`). It hands over,
 * as plain data, a `SegmentResult` per segment (how many lines, which were rejected, whether the meaning of lines changed)
 * and, once, a `PartialResult`: its groups as a block of memory, and the contents of its aggregate. If a segment changed
 * the meaning of lines, all this is discarded, and one thread reads the file in order.
 */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { Failure, readFailure } from '../failure.ts';
import { type ByteSource, type OpenFile, pipeReads } from '../files/byte-source.ts';
import type { Line, Rejection } from '../lines/line.ts';
import type { WindowSummary } from '../stats/aggregate.ts';
import type { Counter } from './counter.ts';
import { headroom, THREAD_BYTES } from './kernel/headroom.ts';
import type { Plan } from './plan.ts';
import { readInto } from './read-into.ts';
import type { ThreadPool } from './thread-pool.ts';

interface CountOptions {
  readonly plan: Plan;
  /** The most threads that count a file; 1 counts lines in order. */
  readonly threads: number;
  readonly sizes: Sizes;
  /** Whether to report every rejected line, and not only the first of each kind. */
  readonly lists: boolean;
  readonly signal: AbortSignal;
  /** Called with the number of bytes read since the last call. */
  progress(bytes: number): void;
  /** Called with the number of lines counted since the last call. */
  accept(count: number): void;
  /** Called for a rejected line, or for the first of `times` lines of one kind. */
  reject(line: Line, rejection: Rejection, times?: number): void;
  /** Called with how a source was read, for --verbose. */
  explain(message: string): void;
}

interface Sizes {
  /** Files below this many bytes are counted in less time than a thread takes to start. */
  readonly worth: number;
  /** Length of a segment in bytes. */
  readonly segment: number;
}

/** Suitable for files of any size; tests use smaller ones. */
export const SIZES: Sizes = { worth: 32 << 20, segment: 4 << 20 };

/** In bytes: how much of a file is read at a time, and at most, until the shape of its lines is known. */
const FIRST_READ = 1 << 10;
const MAX_FIRST = 1 << 16;

/** The bytes of a file that are read before the event loop gets a turn and signals are checked. */
const BYTES_PER_TURN = 4 << 20;

/** Counts a source, and yields the windows that close meanwhile. @throws Failure (no input, I/O, data) */
export async function* countSource(
  counter: Counter,
  source: ByteSource,
  options: CountOptions,
): AsyncGenerator<WindowSummary[]> {
  const [plainBefore, commentsBefore] = [counter.plainLines, counter.comments];
  counter.begin(source.name, source);
  let threads = 1;
  if (source.file === undefined) yield* countArriving(counter, source, options);
  else {
    const pool = await startPool(source.file, options);
    try {
      let { start } = source.file;
      if (pool !== undefined) {
        start = countFirst(counter, source.file, options);
        const end = await countByThreads(counter, pool, source, { ...source.file, start }, options);
        if (end !== undefined) [start, threads] = [end, pool.size];
      }
      yield* countFile(counter, source.file, start, options);
    } catch (error) {
      options.signal.throwIfAborted();
      throw error instanceof Failure ? error : readFailure(source.name, error);
    } finally {
      // Its threads end while rows are written.
      pool?.close();
    }
  }
  counter.end();
  yield* closed(counter);
  const plain = counter.plainLines - plainBefore;
  const comments = counter.comments - commentsBefore;
  const left = comments === 0 ? '' : `, ${comments} left out as comments`;
  options.explain(
    `${source.name}: ${lines(counter.lines)} read by ${by(threads)}, ${plain} of them by the fast kernel${left}`,
  );
}

/** Pipes are read directly into the counter's buffer. */
async function* countArriving(counter: Counter, source: ByteSource, options: CountOptions) {
  if (source.pipe === undefined) {
    for await (const chunk of source.chunks()) {
      counter.count(chunk);
      yield* closed(counter);
    }
    return;
  }
  for await (const _ of pipeReads(source.pipe, source.name, counter, options)) yield* closed(counter);
}

/** Undefined if other threads are not worthwhile, or there is no room for them. */
async function startPool(
  { start, end }: OpenFile,
  { threads, sizes }: CountOptions,
): Promise<ThreadPool | undefined> {
  const room = 1 + Math.floor(headroom() / THREAD_BYTES);
  const size = Math.min(threads, room, Math.ceil((end - start) / sizes.segment));
  if (size < 2 || end - start < sizes.worth) return undefined;
  const { ThreadPool } = await import('./thread-pool.ts');
  return new ThreadPool(size);
}

/** Counts the first lines, which show what all lines look like; returns the offset after them. */
function countFirst(counter: Counter, { descriptor, start }: OpenFile, { progress }: CountOptions): number {
  let at = start;
  while (counter.state === undefined && at < start + MAX_FIRST) {
    const read = readInto(counter, descriptor, at, at + FIRST_READ);
    if (read === 0) break;
    progress(read);
    at += read;
  }
  return at;
}

/** Counts the rest with threads; returns the offset after it, or undefined if nothing was counted. */
async function countByThreads(
  counter: Counter,
  pool: ThreadPool,
  { name: source, firstLine }: ByteSource,
  { descriptor, start, end }: OpenFile,
  options: CountOptions,
): Promise<number | undefined> {
  const { plan, sizes, lists, signal, progress } = options;
  const { state } = counter;
  if (state === undefined) return undefined;
  const from = start - counter.pending;
  const segments = { source, descriptor, start: from, end, length: sizes.segment, state };
  const result = await pool.count({ plan, segments, lists, signal, progress });
  if (result === undefined) {
    options.explain(`${source}: its lines must be read in their order, so by one thread`);
    return undefined;
  }
  const before = firstLine - 1 + counter.lines;
  // Accepted lines first: a listener that hears only of rejected ones could think there are no others.
  options.accept(result.accepted);
  for (const { line, rejection, times } of result.rejected)
    options.reject({ ...line, number: before + line.number }, rejection, times);
  counter.continueAfter(result);
  return end - result.rest;
}

/** Counts from an offset up to the size that the file had when it was opened, so that a growing file ends. */
async function* countFile(
  counter: Counter,
  file: OpenFile,
  start: number,
  { signal, progress }: CountOptions,
) {
  let turn = start + BYTES_PER_TURN;
  for (let at = start; ; ) {
    const read = readInto(counter, file.descriptor, at, file.end);
    if (read === 0) return;
    at += read;
    progress(read);
    yield* closed(counter);
    if (at < turn) continue;
    turn = at + BYTES_PER_TURN;
    await nextTurn();
    signal.throwIfAborted();
  }
}

function* closed({ accumulator }: Counter): Generator<WindowSummary[]> {
  if (accumulator.hasClosed) yield accumulator.takeClosed();
}

function lines(count: number): string {
  return `${count} ${count === 1 ? 'line' : 'lines'}`;
}

function by(threads: number): string {
  return `${threads} ${threads === 1 ? 'thread' : 'threads'}`;
}
