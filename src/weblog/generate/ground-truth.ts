/**
 * The ground truth of a generated log, to test a parser against: counts of the completely written lines.
 *
 * A malformed line counts only by its defect. Memory: a count per hour of the log.
 */

import { formatTime } from '../../readings/time.ts';
import { DEFECTS } from './break-line.ts';
import type { LogLine } from './generate-line.ts';

const HOUR = 3_600_000;

/** Counts lines as they are written. */
export class GroundTruth {
  #lines = 0;
  #bytes = 0;
  readonly #malformed = new Map<string, number>(DEFECTS.map((kind) => [kind, 0]));
  readonly #status = new Map<number, number>();
  readonly #method = new Map<string, number>();
  readonly #hour = new Map<number, number>();
  /** The offset of the next line in the log. */
  #offset = 0;

  /** Counts the lines that end within the first `written` bytes of the log. Call it with all lines in order. */
  add(lines: readonly LogLine[], written: number): void {
    for (const line of lines) {
      this.#offset += line.text.length;
      if (this.#offset > written) return;
      this.#lines += 1;
      if (line.defect === undefined) this.#addRequest(line);
      else increase(this.#malformed, line.defect);
    }
  }

  #addRequest({ status, method, time, bytes }: LogLine): void {
    this.#bytes += bytes;
    increase(this.#status, status);
    increase(this.#method, method);
    increase(this.#hour, Math.floor(time / HOUR) * HOUR);
  }

  /** The counts as JSON with a final newline; all are 0 without lines. `bytes` is the sum over all requests. */
  format(): string {
    const malformed = sum(this.#malformed);
    const truth = {
      lines: this.#lines,
      requests: this.#lines - malformed,
      malformed,
      bytes: this.#bytes,
      by_status: Object.fromEntries(this.#status),
      by_method: Object.fromEntries(sorted(this.#method)),
      by_hour: Object.fromEntries(sorted(this.#hour).map(([hour, count]) => [formatTime(hour), count])),
      by_malformed: Object.fromEntries(this.#malformed),
    };
    return `${JSON.stringify(truth, undefined, 2)}\n`;
  }
}

function increase<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

function sorted<Key extends string | number>(counts: ReadonlyMap<Key, number>): [Key, number][] {
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
}
