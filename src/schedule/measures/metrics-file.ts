/**
 * Keeps a metrics file for the textfile collector of Prometheus' node_exporter: replaced atomically, a second after an event. A
 * failed write does not hold up the schedule.
 */

import { Failure } from '../../failure.ts';
import { replaceFile } from '../../files/replace.ts';
import { ledgerMetrics } from '../../ledger/prometheus.ts';
import type { LedgerReader } from '../../ledger/reader.ts';
import { metric } from '../../lines/prometheus.ts';
import type { Slots } from '../tries/slots.ts';
import type { RunEvents } from './run-events.ts';

/** Longer than the 100 ms within which an event is in the ledger. */
const LATER_MS = 1000;
/** How long to wait for another writer of the file. */
const WAIT_MS = 1000;

interface MetricsIo {
  warn(message: string): void;
  /** Called on a bug. */
  failed(error: unknown): void;
}

export class MetricsFile implements RunEvents {
  readonly #name: string;
  readonly #reader: LedgerReader;
  readonly #io: MetricsIo;
  #slots: Pick<Slots, 'open' | 'taken' | 'queued'> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #problem = '';

  /** @param reader to be closed by the caller, after this */
  constructor(name: string, reader: LedgerReader, io: MetricsIo) {
    this.#name = name;
    this.#reader = reader;
    this.#io = io;
  }

  beat(_jobs: number, slots: Pick<Slots, 'open' | 'taken' | 'queued'>): void {
    this.#slots = slots;
    this.#writeSoon();
  }

  tryStarted(): void {
    this.#writeSoon();
  }

  tryEnded(): void {
    this.#writeSoon();
  }

  runEnded(): void {
    this.#writeSoon();
  }

  /** Writes the file for the last time, as the schedule ends. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#writing;
    await this.#write();
  }

  #writeSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#writing = this.#writing.then(() => this.#write()).catch((error) => this.#io.failed(error));
    }, LATER_MS);
  }

  async #write(): Promise<void> {
    try {
      const text = (await this.#reader.read(ledgerMetrics)) ?? '';
      await replaceFile(this.#name, text + this.#slotMetrics(), { waitMs: WAIT_MS });
      this.#problem = '';
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (error.message !== this.#problem) this.#io.warn(error.message);
      this.#problem = error.message;
    }
  }

  #slotMetrics(): string {
    if (this.#slots === undefined) return '';
    const { open, taken, queued } = this.#slots;
    return metric(
      'etl_schedule_slots',
      'gauge',
      'Tries that are running, tries that wait for a slot, and free slots.',
      [
        [{ state: 'running' }, taken],
        [{ state: 'queued' }, queued],
        [{ state: 'open' }, open],
      ],
    );
  }
}
