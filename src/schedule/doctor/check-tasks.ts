/** The commands of the tasks of a graph: with what a line of a crontab is looked at, but where a schedule runs them. */

import { Failure } from '../../failure.ts';
import type { Graph, Task } from '../graph/graph.ts';
import { readEnvFile } from '../tries/env-file.ts';
import { checkCommands } from './check-commands.ts';
import { checkVariables } from './check-variables.ts';
import { type OwnPlace, taskPlaceOf } from './cron-place.ts';
import { lookAt } from './lookup.ts';
import { aboutJob, type Warning } from './warning.ts';

export function checkTasks(graph: Graph, own: OwnPlace): Warning[] {
  const around = { ...own, fileEnv: { ...own.fileEnv, ...secretsOf(graph) } };
  return [...graph.tasks.values()].flatMap((task) =>
    [...checkTask(task, graph, around)].map((warning) => ({
      ...warning,
      message: `${task.name}: ${warning.message}`,
    })),
  );
}

function* checkTask(task: Task, graph: Graph, own: OwnPlace): Generator<Warning> {
  const { command, cwd, env, place } = task;
  const job = { name: graph.name, command, env, place };
  if (lookAt(cwd) === 'missing') return yield aboutJob(job, 'command', `${cwd} does not exist`);
  if (command.includes('\\%')) yield aboutJob(job, 'percent', '% needs a \\ in a crontab only: write %');
  const start = taskPlaceOf(task, graph, own);
  yield* checkCommands(job, own, start);
  yield* checkVariables(job, own, start);
}

/** A file that cannot be read is told of when a run begins. */
function secretsOf({ envFile }: Graph): Readonly<Record<string, string>> {
  try {
    return envFile === undefined ? {} : readEnvFile(envFile);
  } catch (error) {
    if (error instanceof Failure) return {};
    throw error;
  }
}
