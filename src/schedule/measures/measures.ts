/** Where a schedule sends its metrics: a StatsD server, a file for Prometheus, both or neither. */

import { LedgerReader } from '../../ledger/reader.ts';
import { MetricsFile } from './metrics-file.ts';
import type { RunEvents } from './run-events.ts';
import { Statsd } from './statsd.ts';
import { type UdpAddress, UdpLines } from './udp-lines.ts';

export interface MeasureSettings {
  readonly statsd: UdpAddress | undefined;
  /** Path of the file for Prometheus. */
  readonly textfile: string | undefined;
  /** Path of the ledger. */
  readonly ledger: string;
  readonly waitMs: number;
}

interface MeasureIo {
  warn(message: string): void;
  explain(message: string): void;
  /** Called on a bug. */
  failed(error: unknown): void;
  now(): number;
}

/** Forwards each event. Close it when all runs have ended and are in the ledger. */
export interface Measures extends RunEvents {
  close(): Promise<void>;
}

export function openMeasures({ statsd, textfile, ledger, waitMs }: MeasureSettings, io: MeasureIo): Measures {
  const listeners: RunEvents[] = [];
  const closers: (() => Promise<void>)[] = [];
  if (statsd !== undefined) {
    const lines = new UdpLines(statsd, io.explain);
    listeners.push(new Statsd(lines, io.now));
    closers.push(() => lines.close());
  }
  if (textfile !== undefined) {
    // Not the schedule's own signal: the file is written once more after it.
    const reader = new LedgerReader(ledger, { waitMs, signal: new AbortController().signal });
    const file = new MetricsFile(textfile, reader, io);
    listeners.push(file);
    closers.push(
      () => file.close(),
      () => reader.close(),
    );
  }
  return {
    beat: (...event) => tell(listeners, (listener) => listener.beat(...event)),
    tryStarted: (...event) => tell(listeners, (listener) => listener.tryStarted(...event)),
    tryEnded: (...event) => tell(listeners, (listener) => listener.tryEnded(...event)),
    runEnded: (...event) => tell(listeners, (listener) => listener.runEnded(...event)),
    taskChanged: (...event) => tell(listeners, (listener) => listener.taskChanged?.(...event)),
    async close() {
      for (const close of closers) await close();
    },
  };
}

function tell(listeners: readonly RunEvents[], event: (listener: RunEvents) => void): void {
  for (const listener of listeners) event(listener);
}
