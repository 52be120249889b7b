/** Checks the commands of a graph's tasks like crontab lines, but in the environment in which a schedule runs them. */

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

/** Ignores an unreadable file: the start of a run reports it. */
function secretsOf({ envFile }: Graph): Readonly<Record<string, string>> {
  try {
    return envFile === undefined ? {} : readEnvFile(envFile);
  } catch (error) {
    if (error instanceof Failure) return {};
    throw error;
  }
}
