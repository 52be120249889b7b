/**
 * What is really in a log: counts of the lines that were written whole, for whoever reads it to check himself.
 *
 * Broken lines count by what is wrong with them and for nothing else. Memory: a count per hour of the log.
 */

import { formatTime } from '../../readings/time.ts';
import { BREAKS } from './break-line.ts';
import type { Line } from './generate-line.ts';

const HOUR = 3_600_000;

export class Truth {
  #lines = 0;
  #bytes = 0;
  readonly #malformed = new Map<string, number>(BREAKS.map((kind) => [kind, 0]));
  readonly #status = new Map<number, number>();
  readonly #method = new Map<string, number>();
  readonly #hour = new Map<number, number>();
  /** Where the next line begins in the log. */
  #at = 0;

  /** Takes the next lines, of which those count that end within the first `written` bytes of the log. */
  add(lines: readonly Line[], written: number): void {
    for (const line of lines) {
      this.#at += line.text.length;
      if (this.#at > written) return;
      this.#lines += 1;
      if (line.broken === undefined) this.#addRequest(line);
      else increase(this.#malformed, line.broken);
    }
  }

  #addRequest({ status, method, time, bytes }: Line): void {
    this.#bytes += bytes;
    increase(this.#status, status);
    increase(this.#method, method);
    increase(this.#hour, Math.floor(time / HOUR) * HOUR);
  }

  /** As JSON; `bytes` is the sum of what the requests sent. */
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
