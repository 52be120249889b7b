/**
 * Accounts for rejected lines: counts them by kind, explains the first of each kind, or each one with --verbose, and appends
 * them to a file with --rejects.
 */

import { Failure, status } from '../failure.ts';
import { LineLog } from '../files/line-log.ts';
import type { Line, Rejection } from '../lines/line.ts';
import { encodeText } from '../lines/text.ts';
import type { MaxRejects } from './tool.ts';

interface Policy {
  /** The file to which rejected lines are appended unchanged; undefined for none. */
  readonly file: string | undefined;
  readonly strict: boolean;
  readonly max: MaxRejects | undefined;
  readonly verbose: boolean;
  /** Whether the input is a batch of a queue, which is all or nothing. */
  readonly isBatch: boolean;
}

/** The rejected lines of one run. */
export class Rejects {
  readonly #policy: Policy;
  readonly #warn: (message: string) => void;
  readonly #kept: LineLog | undefined;
  readonly #counts = new Map<string, number>();
  #rejected = 0;
  #accepted = 0;
  /** Rejected lines of which other values were used. */
  #partial = 0;

  constructor(policy: Policy, warn: (message: string) => void) {
    this.#policy = policy;
    this.#kept = policy.file === undefined ? undefined : new LineLog(policy.file);
    this.#warn = warn;
  }

  get accepted(): number {
    return this.#accepted;
  }

  get rejected(): number {
    return this.#rejected;
  }

  /** Counts usable lines. */
  accept(count: number): void {
    this.#accepted += count;
  }

  /** Whether every rejected line is shown or kept, not only the first of each kind. */
  get listsAll(): boolean {
    return this.#policy.verbose || this.#policy.file !== undefined;
  }

  /** Rejects a line, or `times` lines of its kind, of which it is the first. @throws Failure (I/O; data for a batch) */
  reject(line: Line, { kind, detail, isKept, isPartial }: Rejection, times = 1): void {
    this.#rejected += times;
    if (isPartial) this.#partial += times;
    const before = this.#counts.get(kind) ?? 0;
    this.#counts.set(kind, before + times);
    if (before === 0 || this.#policy.verbose) this.#warn(`${line.source}:${line.number}: ${detail}`);
    if (isKept !== true) this.#kept?.add(encodeText(line.text));
    if (this.#policy.isBatch)
      throw new Failure(status.data, 'a line of the batch was rejected: none of it is stored');
  }

  /** Makes the lines kept so far safe against power loss. @throws Failure (I/O) */
  keep(): void {
    this.#kept?.close();
  }

  /** Reports the totals, if any line was rejected. @returns whether the tool must end with status 65 @throws Failure (I/O) */
  close(): boolean {
    this.#kept?.close();
    if (this.#rejected === 0) return false;
    const total = this.#accepted + this.#rejected;
    const kinds = [...this.#counts].map(([kind, count]) => `${count} ${kind}`).join(', ');
    const partly = this.#partial === 0 ? '' : `, ${this.#partial} of them in part`;
    this.#warn(`${this.#rejected} of ${total} ${total === 1 ? 'line' : 'lines'} rejected${partly}: ${kinds}`);
    const isUsed = this.#accepted > 0 || this.#partial > 0;
    return this.#policy.strict || !isUsed || this.#beyondMax(total);
  }

  #beyondMax(total: number): boolean {
    const { max } = this.#policy;
    if (max === undefined) return false;
    return (max.percent ? (100 * this.#rejected) / total : this.#rejected) > max.count;
  }
}
