/** Reports the runs of run-tasks: state changes as they happen, and at the end the tasks that failed. */

import { Failure, status } from '../../failure.ts';
import { taskOf } from '../../ledger/log-path.ts';
import type { Run, TaskRow } from '../../ledger/records.ts';
import type { TaskChange } from '../../ledger/tasks.ts';
import type { RunEvents } from '../measures/run-events.ts';

/** Maximum failed tasks of a run that are named. */
const MOST = 20;

export interface ReportVoice {
  /** One line with --verbose. */
  explain(message: string): void;
  /** One line, unless --quiet. */
  warn(message: string): void;
  /** One line; the tool ends with the status. */
  fail(failure: Error): void;
}

/** Shows the current states. */
export interface LiveView {
  change(change: TaskChange): void;
  /** Prints a lasting message beside the view. */
  beside(say: () => void): void;
  close(): Promise<void>;
}

/** The result of a backfill. */
export interface Filled {
  /** Number of due times. */
  readonly due: number;
  readonly done: number;
  readonly elsewhere: number;
  /** The ended runs; undefined for a run that was not begun. */
  readonly ends: readonly (Run | undefined)[];
}

type Failed = Pick<TaskRow, 'task' | 'reason' | 'status'> & { items: number };

export class RunReport implements RunEvents {
  readonly #voice: ReportVoice;
  readonly #view: LiveView | undefined;
  /** By run and task, in the order of failure. */
  readonly #failed = new Map<number, Map<string, Failed>>();
  /** Exit status of the first task that failed. */
  #status: number | undefined;

  constructor(voice: ReportVoice, view: LiveView | undefined) {
    this.#voice = voice;
    this.#view = view;
  }

  beat(): void {}
  tryStarted(): void {}
  tryEnded(): void {}
  runEnded(): void {}

  taskChanged({ run }: Run, change: TaskChange): void {
    const { task, state, reason, status: code } = change;
    this.#view?.change(change);
    const words = [reason ?? [], code === undefined || code === 0 ? [] : `exit status ${code}`].flat();
    this.#voice.explain(`${run}: ${task}: ${[state, ...words].join(', ')}`);
    if (state === 'failed') this.#addFailed(run, change);
  }

  #addFailed(run: number, { task, reason, status: code }: TaskChange): void {
    const ofRun = this.#failed.get(run) ?? new Map<string, Failed>();
    this.#failed.set(run, ofRun);
    const name = taskOf(task);
    const { items = 0 } = ofRun.get(name) ?? {};
    ofRun.set(name, { task: name, reason, status: code, items: items + (name === task ? 0 : 1) });
  }

  /** Reports an ended run: a line for each failed task. */
  async ended(run: Run): Promise<void> {
    await this.#view?.close();
    if (run.state === 'success') return;
    this.#status ??= run.status || status.temporary;
    const failed = [...(this.#failed.get(run.run)?.values() ?? [])];
    this.#failed.delete(run.run);
    const lines = failed
      .slice(0, MOST)
      .map((one) => `${one.task}: ${inWords(one)} (see runs logs ${run.run} --task ${one.task})`);
    if (failed.length > MOST)
      lines.push(`${failed.length - MOST} more tasks failed (see runs show ${run.run})`);
    if (lines.length === 0) lines.push(`${run.job}: ${run.reason ?? run.state} (see runs show ${run.run})`);
    for (const line of lines) this.#voice.fail(new Failure(this.#status, line));
  }

  /** @returns one line that sums up a backfill */
  filled({ due, done, elsewhere, ends }: Filled): string {
    const count = (state: Run['state']) => ends.filter((run) => run?.state === state).length;
    const counts: [number, string][] = [
      [count('success'), 'succeeded'],
      [count('failed'), 'failed'],
      [count('skipped'), 'skipped'],
      [ends.filter((run) => run === undefined).length, 'not started'],
      [done, 'done before'],
      [elsewhere, 'in progress'],
    ];
    const words = counts.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`);
    return `${due} due: ${words.join(', ')}\n`;
  }
}

function inWords({ reason, status: code, items }: Failed): string {
  const words = [
    items === 0 ? [] : `${items} ${items === 1 ? 'item' : 'items'}`,
    reason ?? [],
    code === undefined ? [] : `exit status ${code}`,
  ].flat();
  return words.join(', ') || 'failed';
}
