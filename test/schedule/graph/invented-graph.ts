/** Graphs for tests, built without a file. */

import { createHash } from 'node:crypto';
import type { Graph, Task } from '../../../src/schedule/graph/graph.ts';
import { DEFAULT_POLICIES } from '../../../src/schedule/jobs/policies.ts';

/** Differences from a task that runs `true`. Its hash is derived from them. */
export type TaskWords = Partial<Omit<Task, 'name' | 'hash' | 'place' | 'lines'>>;

/** @param tasks by name */
export function inventedGraph(
  tasks: Readonly<Record<string, TaskWords>>,
  changes: Partial<Graph> = {},
): Graph {
  const text = JSON.stringify(tasks);
  return {
    ...{ name: 'graph', when: undefined, schedule: '', timezone: undefined, start: undefined, env: {} },
    ...{ envFile: undefined, pools: new Map(), runTimeoutMs: Number.POSITIVE_INFINITY },
    ...{ policies: DEFAULT_POLICIES, owner: undefined, description: undefined, tags: [] },
    ...{ place: { file: 'graph.yaml', line: 1 }, lines: new Map(), folder: '/', text, hash: sha256(text) },
    given: {},
    tasks: new Map(Object.entries(tasks).map(([name, words], at) => [name, taskOf(name, words, at + 2)])),
    ...changes,
  };
}

function taskOf(name: string, words: TaskWords, line: number): Task {
  return {
    ...{
      name,
      command: 'true',
      everyMs: undefined,
      needs: [],
      triggerRule: 'all_success',
      env: {},
      cwd: '/',
    },
    ...{ pool: undefined, each: undefined, maxParallel: Number.POSITIVE_INFINITY },
    ...{ policies: DEFAULT_POLICIES, place: { file: 'graph.yaml', line }, lines: new Map() },
    ...words,
    hash: sha256(JSON.stringify([name, words])),
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
