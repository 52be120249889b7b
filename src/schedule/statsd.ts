/**
 * Tells a StatsD server what a schedule does, by the names that Airflow gives its metrics: a DAG is a job here. So its
 * dashboards and the mappings of statsd_exporter fit. Durations are in milliseconds, as StatsD has them.
 */

import type { Run, State, TryResult } from '../ledger/records.ts';
import type { RunEvents } from './run-events.ts';
import type { Slots } from './slots.ts';
import type { TryOrder } from './try.ts';

const PREFIX = 'airflow';
const LONGEST_NAME = 200;

/** Takes lines of the protocol, such as `airflow.ti_successes:1|c`. */
interface Sender {
  add(line: string): void;
}

type SlotCounts = Pick<Slots, 'open' | 'taken' | 'queued'>;

export class Statsd implements RunEvents {
  readonly #sender: Sender;
  readonly #now: () => number;
  #slots: SlotCounts | undefined;
  #telling: NodeJS.Immediate | undefined;
  /** When the first try of a run started. */
  readonly #starts = new WeakMap<Run, number>();

  /** @param now epoch milliseconds */
  constructor(sender: Sender, now: () => number) {
    this.#sender = sender;
    this.#now = now;
  }

  beat(jobs: number, slots: SlotCounts): void {
    this.#slots = slots;
    this.#count('scheduler_heartbeat');
    this.#gauge('dagbag_size', jobs);
    this.#tellSlots();
  }

  tryStarted({ job, task, number }: TryOrder, run: Run): void {
    const now = this.#now();
    this.#count(`ti.start.${part(job.name)}.${part(task)}`);
    if (number === 1) this.#time(`dag.${part(job.name)}.${part(task)}.queued_duration`, now - run.queued);
    // A run that a person has taken up again ended long ago.
    if (!this.#starts.has(run)) this.#starts.set(run, run.trigger === 'retry' ? now : (run.start ?? now));
    if (number === 1 && run.trigger === 'schedule')
      this.#time(`dagrun.schedule_delay.${part(job.name)}`, now - run.scheduled);
    this.#tellSlots();
  }

  tryEnded({ job, task }: TryOrder, { state, start, end }: TryResult): void {
    this.#count(`ti.finish.${part(job.name)}.${part(task)}.${state}`);
    if (state === 'success') this.#count('ti_successes');
    if (state === 'failed') this.#count('ti_failures');
    if (start !== undefined) this.#time(`dag.${part(job.name)}.${part(task)}.duration`, end - start);
    this.#tellSlots();
  }

  runEnded(run: Run, { start, end }: TryResult, state: State): void {
    const begin = this.#starts.get(run) ?? run.start ?? start;
    if (begin === undefined || (state !== 'success' && state !== 'failed')) return;
    this.#time(`dagrun.duration.${state}.${part(run.job)}`, end - begin);
  }

  /** With each try, since at the beat itself nothing has started; when what it changes has changed. */
  #tellSlots(): void {
    this.#telling ??= setImmediate(() => {
      this.#telling = undefined;
      if (this.#slots === undefined) return;
      const { open, taken, queued } = this.#slots;
      this.#gauge('executor.open_slots', open);
      this.#gauge('executor.running_tasks', taken);
      this.#gauge('executor.queued_tasks', queued);
    });
  }

  #count(name: string): void {
    this.#sender.add(`${PREFIX}.${name}:1|c`);
  }

  #gauge(name: string, value: number): void {
    this.#sender.add(`${PREFIX}.${name}:${Math.max(0, value)}|g`);
  }

  /** The clock may have been set back. */
  #time(name: string, ms: number): void {
    this.#sender.add(`${PREFIX}.${name}:${Math.max(0, Math.round(ms))}|ms`);
  }
}

/** A part of a name: a dot would begin another one, and other characters have a meaning or are not taken. */
function part(name: string): string {
  return name.replace(/[^\w-]/g, '_').slice(0, LONGEST_NAME);
}
