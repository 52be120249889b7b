/** The environment, shell and folder in which cron runs a job, and a schedule runs a task. */

import type { Graph, Task } from '../graph/graph.ts';
import type { Job } from '../jobs/job.ts';
import { cronEnvironment } from '../tries/try-environment.ts';
import { findIn } from './lookup.ts';

/** The doctor's own environment, which is also that of jobs under a schedule without `--clean-env`. */
export interface OwnPlace {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The variables of --env-file. */
  readonly fileEnv?: Readonly<Record<string, string>> | undefined;
}

export interface CronPlace {
  readonly kind: 'line' | 'task';
  readonly values: ReadonlyMap<string, string>;
  readonly shell: string;
  /** The folder in which it starts. */
  readonly home: string;
  readonly path: string;
  /** Whether nothing that runs before it could have created its files. */
  readonly isUntouched: boolean;
  /** Whether PATH is cron's default, not set in the crontab. */
  readonly hasDefaultPath: boolean;
}

export function cronPlaceOf({ env }: Pick<Job, 'env'>): CronPlace {
  const values = valuesOf({ ...cronEnvironment(), ...env });
  const [shell = '', home = '', path = ''] = ['SHELL', 'HOME', 'PATH'].map((name) => values.get(name));
  const hasDefaultPath = env.PATH === undefined;
  return { kind: 'line', values, shell, home, path, isUntouched: true, hasDefaultPath };
}

/** A task inherits the environment of its runner, and runs in the bash of its PATH. */
export function taskPlaceOf({ env, cwd, needs }: Task, graph: Graph, own: OwnPlace): CronPlace {
  const values = valuesOf({ PATH: cronEnvironment().PATH, ...own.env, ...own.fileEnv, ...graph.env, ...env });
  const path = values.get('PATH') ?? '';
  const { finding, path: shell } = findIn(path, 'bash', cwd);
  return {
    ...{ kind: 'task', values, shell: finding === 'executable' ? shell : 'bash', home: cwd, path },
    // Its dependencies may create the files that it reads.
    ...{ isUntouched: needs.length === 0, hasDefaultPath: false },
  };
}

function valuesOf(env: Readonly<Record<string, string | undefined>>): Map<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(env)) if (value !== undefined) values.set(name, value);
  return values;
}
