/** What a try finds around it: its shell, folder and environment. */

import { reportPath } from '../ledger/log-path.ts';
import { formatTime } from '../readings/time.ts';
import { runOf, type TryOrder } from './try.ts';
import type { Environment, TryWorld } from './try-world.ts';
import { user } from './user.ts';

/** Variables of ours that must not be those of a schedule above us. */
const OWN = ['ETL_SINCE', 'ETL_AT'];
const DEFAULT_SHELL = '/bin/sh';

/** Where a command runs. */
export interface Place {
  readonly shell: string;
  readonly cwd: string;
  readonly env: Environment;
}

/** The places of tries in the same surroundings. */
export class Environments {
  readonly #world: TryWorld;
  readonly #base: Environment;

  constructor(world: TryWorld) {
    this.#world = world;
    this.#base = { ...(world.cleanEnv ? cronEnvironment() : world.env), ...world.fileEnv };
  }

  /** The place of a try. */
  ofTry(order: TryOrder): Place {
    const env = { ...this.#base, ...order.job.env, ...order.env };
    // Cron does not ask which shell the user has.
    const shell = order.env.SHELL ?? order.job.env.SHELL ?? DEFAULT_SHELL;
    for (const name of OWN) delete env[name];
    const cwd = this.#world.cleanEnv ? (env.HOME ?? this.#world.cwd) : this.#world.cwd;
    return { shell, cwd, env: { ...env, SHELL: shell, ...variablesOf(order, this.#world) } };
  }
}

/** What tells a try which one it is and what for. */
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

/** What cron gives its jobs. */
export function cronEnvironment(): Environment {
  const { name, home } = user();
  return { PATH: '/usr/bin:/bin', SHELL: DEFAULT_SHELL, HOME: home, LOGNAME: name };
}
