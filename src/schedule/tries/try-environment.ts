/** Where a try runs: its shell, folder and environment. */

import { reportPath } from '../../ledger/log-path.ts';
import { formatTime } from '../../readings/time.ts';
import { runOf, type TaskPlace, type TryOrder } from './try.ts';
import type { Environment, TryWorld } from './try-world.ts';
import { user } from './user.ts';

/** Variables of ours that must not be inherited from a schedule that runs this one. */
const OWN = ['ETL_SINCE', 'ETL_AT', 'ETL_RUN_DIR', 'ETL_ITEM', 'ETL_INDEX'];
const DEFAULT_SHELL = '/bin/sh';
/** Shell of tasks: the first command that fails ends it, even one within a pipeline. */
const TASK_SHELL = ['bash', '-euo', 'pipefail', '-c'] as const;

/** Where a command runs. */
export interface Place {
  /** The words before the command. */
  readonly shell: readonly [program: string, ...words: string[]];
  readonly cwd: string;
  readonly env: Environment;
}

/** Works out the places of tries in one world. */
export class Environments {
  readonly #world: TryWorld;
  readonly #base: Environment;

  constructor(world: TryWorld) {
    this.#world = world;
    this.#base = { ...(world.cleanEnv ? cronEnvironment() : world.env), ...world.fileEnv };
  }

  /** The place of a try. */
  ofTry(order: TryOrder): Place {
    return order.around === undefined ? this.#ofLine(order) : this.#ofTask(order, order.around);
  }

  #ofTask(order: TryOrder, { cwd, runDirectory, fileEnv, item }: TaskPlace): Place {
    const env: Record<string, string | undefined> = {
      ...{ ...this.#base, ...fileEnv, ...order.job.env, ...order.env },
      ...variablesOf(order, this.#world),
      ETL_RUN_DIR: runDirectory,
    };
    for (const name of ['ETL_ITEM', 'ETL_INDEX']) delete env[name];
    if (order.isOfNow) delete env.ETL_AT;
    if (item === undefined) return { shell: TASK_SHELL, cwd, env };
    return { shell: TASK_SHELL, cwd, env: { ...env, ETL_ITEM: item.text, ETL_INDEX: String(item.index) } };
  }

  #ofLine(order: TryOrder): Place {
    const env = { ...this.#base, ...order.job.env, ...order.env };
    // As in cron, the user's own $SHELL does not count.
    const shell = order.env.SHELL ?? order.job.env.SHELL ?? DEFAULT_SHELL;
    for (const name of OWN) delete env[name];
    const cwd = this.#world.cleanEnv ? (env.HOME ?? this.#world.cwd) : this.#world.cwd;
    return { shell: [shell, '-c'], cwd, env: { ...env, SHELL: shell, ...variablesOf(order, this.#world) } };
  }
}

/** Variables that tell a try which one it is, and what for. */
function variablesOf(order: TryOrder, { logFolder, ledgerId, runner }: TryWorld): Record<string, string> {
  const { job, run, task, number, since, scheduled, dataStart, dataEnd } = order;
  return {
    ETL_RUN: String(run),
    ETL_JOB: job.name,
    ETL_TASK: task,
    ETL_TRY: String(number),
    ETL_LEDGER_ID: ledgerId,
    ETL_RUNNER: runner,
    ETL_SCHEDULED_TIME: formatTime(scheduled),
    ETL_DATA_START: formatTime(dataStart),
    ETL_DATA_END: formatTime(dataEnd),
    ETL_SINCE: since === undefined ? '' : formatTime(since),
    ...(!order.isOfNow && { ETL_AT: formatTime(scheduled) }),
    ETL_REPORT: reportPath(logFolder, runOf(order), task, number),
  };
}

/** The environment that cron gives its jobs. */
export function cronEnvironment(): Environment {
  const { name, home } = user();
  return { PATH: '/usr/bin:/bin', SHELL: DEFAULT_SHELL, HOME: home, LOGNAME: name };
}
