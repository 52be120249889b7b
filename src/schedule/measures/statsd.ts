/**
 * Sends a schedule's metrics to a StatsD server under Airflow's names, with jobs as DAGs, so that dashboards and statsd_exporter
 * mappings for Airflow fit. Durations are in milliseconds, as StatsD wants them.
 */

import { taskOf } from '../../ledger/log-path.ts';
import type { Run, State, TryResult } from '../../ledger/records.ts';
import type { TaskChange } from '../../ledger/tasks.ts';
import type { Slots } from '../tries/slots.ts';
import type { TryOrder } from '../tries/try.ts';
import type { RunEvents } from './run-events.ts';

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
  /** When tasks and items became ready, of those that have not started since. */
  readonly #queued = new WeakMap<Run, Map<string, number>>();

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

  tryStarted(order: TryOrder, run: Run): void {
    const now = this.#now();
    const { job, number } = order;
    this.#count(`ti.start.${nameOf(order)}`);
    const queued = this.#takeQueued(run, order.task) ?? run.queued;
    if (number === 1) this.#time(`dag.${nameOf(order)}.queued_duration`, now - queued);
    const isFirst = number === 1 && run.start === undefined && !this.#starts.has(run);
    // A retried run first started long ago: count from the retry.
    if (!this.#starts.has(run)) this.#starts.set(run, run.trigger === 'retry' ? now : (run.start ?? now));
    if (isFirst && run.trigger === 'schedule')
      this.#time(`dagrun.schedule_delay.${part(job.name)}`, now - run.scheduled);
    this.#tellSlots();
  }

  tryEnded(order: TryOrder, { state, start, end }: TryResult): void {
    this.#count(`ti.finish.${nameOf(order)}.${state}`);
    if (state === 'success') this.#count('ti_successes');
    if (state === 'failed') this.#count('ti_failures');
    if (start !== undefined) this.#time(`dag.${nameOf(order)}.duration`, end - start);
    this.#tellSlots();
  }

  taskChanged(run: Run, { task, state }: TaskChange): void {
    if (state !== 'scheduled' && state !== 'queued') return;
    const queued = this.#queued.get(run) ?? new Map<string, number>();
    if (!queued.has(task)) queued.set(task, this.#now());
    this.#queued.set(run, queued);
  }

  #takeQueued(run: Run, task: string): number | undefined {
    const queued = this.#queued.get(run);
    const at = queued?.get(task);
    queued?.delete(task);
    return at;
  }

  runEnded(run: Run, { start, end }: TryResult, state: State): void {
    const begin = this.#starts.get(run) ?? run.start ?? start;
    if (begin === undefined || (state !== 'success' && state !== 'failed')) return;
    this.#time(`dagrun.duration.${state}.${part(run.job)}`, end - begin);
  }

  /** Also with each try, since at the beat nothing has started yet; deferred until the slots have changed. */
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

  /** Never negative, since the clock may have been set back. */
  #time(name: string, ms: number): void {
    this.#sender.add(`${PREFIX}.${name}:${Math.max(0, Math.round(ms))}|ms`);
  }
}

/** `JOB.TASK`; all items of a task share its name. */
function nameOf({ job, task }: TryOrder): string {
  return `${part(job.name)}.${part(task === job.name ? task : taskOf(task))}`;
}

/** Sanitises part of a name: a dot would begin another part, and other characters have a meaning or are not accepted. */
function part(name: string): string {
  return name.replace(/[^\w-]/g, '_').slice(0, LONGEST_NAME);
}
