/** Where cron would run a job, and a schedule a task: environment, shell and folder. */

import type { Graph, Task } from '../graph/graph.ts';
import type { Job } from '../jobs/job.ts';
import { cronEnvironment } from '../tries/try-environment.ts';
import { findIn } from './lookup.ts';

/** Where the doctor is, which is where a schedule without `--clean-env` runs jobs. */
export interface OwnPlace {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What --env-file gives. */
  readonly fileEnv?: Readonly<Record<string, string>> | undefined;
}

export interface CronPlace {
  readonly kind: 'line' | 'task';
  readonly values: ReadonlyMap<string, string>;
  readonly shell: string;
  /** The folder that it starts in. */
  readonly home: string;
  readonly path: string;
  /** Whether nothing before it could have made a file that it names. */
  readonly isUntouched: boolean;
  /** Whether the crontab does not set PATH above the job. */
  readonly hasDefaultPath: boolean;
}

export function cronPlaceOf({ env }: Pick<Job, 'env'>): CronPlace {
  const values = valuesOf({ ...cronEnvironment(), ...env });
  const [shell = '', home = '', path = ''] = ['SHELL', 'HOME', 'PATH'].map((name) => values.get(name));
  const hasDefaultPath = env.PATH === undefined;
  return { kind: 'line', values, shell, home, path, isUntouched: true, hasDefaultPath };
}

/** A task has the environment of who runs it, and bash, wherever that is. */
export function taskPlaceOf({ env, cwd, needs }: Task, graph: Graph, own: OwnPlace): CronPlace {
  const values = valuesOf({ PATH: cronEnvironment().PATH, ...own.env, ...own.fileEnv, ...graph.env, ...env });
  const path = values.get('PATH') ?? '';
  const { finding, path: shell } = findIn(path, 'bash', cwd);
  return {
    ...{ kind: 'task', values, shell: finding === 'executable' ? shell : 'bash', home: cwd, path },
    // What it needs may have made the files that it reads.
    ...{ isUntouched: needs.length === 0, hasDefaultPath: false },
  };
}

function valuesOf(env: Readonly<Record<string, string | undefined>>): Map<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(env)) if (value !== undefined) values.set(name, value);
  return values;
}
