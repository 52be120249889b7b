import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Ledger } from '../../../../src/ledger/ledger.ts';
import type { TaskState } from '../../../../src/ledger/records.ts';
import { executeGraph } from '../../../../src/schedule/graph/execution/execute-graph.ts';
import { type Graph, TRIGGER_RULES } from '../../../../src/schedule/graph/graph.ts';
import { graphJob } from '../../../../src/schedule/graph/graph-job.ts';
import { Pools } from '../../../../src/schedule/graph/pools.ts';
import { Hooks } from '../../../../src/schedule/hooks.ts';
import { DEFAULT_POLICIES } from '../../../../src/schedule/jobs/policies.ts';
import type { RunWorld } from '../../../../src/schedule/run-world.ts';
import { Slots } from '../../../../src/schedule/tries/slots.ts';
import type { TryOrder } from '../../../../src/schedule/tries/try.ts';
import { newRun } from '../../../ledger/invented.ts';
import { airflowStates, type OracleTask } from '../airflow-oracle.ts';
import { inventedGraph, type TaskWords } from '../invented-graph.ts';

const MOST = 12;
const POOL = 2;

/** A task, with the statuses of its tries. */
interface Told {
  readonly needs: readonly number[];
  readonly rule: (typeof TRIGGER_RULES)[number];
  readonly statuses: readonly number[];
  readonly retries: number;
  readonly isPooled: boolean;
}

const story = fc.record({
  tasks: fc.array(
    fc.record<Told>({
      needs: fc.array(fc.nat(MOST - 1), { maxLength: 3 }),
      rule: fc.constantFrom(...TRIGGER_RULES),
      statuses: fc.array(fc.constantFrom(0, 0, 1, 75, 99), { minLength: 3, maxLength: 3 }),
      retries: fc.nat(2),
      isPooled: fc.boolean(),
    }),
    { minLength: 1, maxLength: MOST },
  ),
  jobs: fc.integer({ min: 1, max: 4 }),
  choices: fc.infiniteStream(fc.nat(100)),
});

const nameOf = (at: number) => `t${at}`;
const needsOf = ({ needs }: Told, at: number) => [...new Set(needs.filter((need) => need < at))].map(nameOf);

function graphOfStory(tasks: readonly Told[]): Graph {
  const words = tasks.map((task, at): [string, TaskWords] => {
    const { rule: triggerRule, retries, isPooled } = task;
    const policies = { ...DEFAULT_POLICIES, retries, retryDelayMs: 0 };
    const pool = isPooled ? 'db' : undefined;
    return [nameOf(at), { needs: needsOf(task, at), triggerRule, policies, pool }];
  });
  return inventedGraph(Object.fromEntries(words), { pools: new Map([['db', POOL]]) });
}

/** How a task ends when it is tried as often as it may be. */
function outcomeOf({ statuses, retries }: Told): OracleTask['outcome'] {
  for (const status of statuses.slice(0, retries + 1)) {
    if (status === 0) return 'success';
    if (status === 99) return 'skipped';
  }
  return 'failed';
}

/** A ledger that believes all, and remembers nothing. */
const ledger = {
  lastSuccess: async () => undefined,
  failuresInARow: async () => 0,
  write: async () => undefined,
  intend: async () => undefined,
  later: () => {},
  started: () => {},
} as unknown as Ledger;

class Play {
  readonly running = new Map<string, (status: number) => void>();
  /** Of tries, in their order: name and number. */
  readonly begun: string[] = [];
  readonly states = new Map<string, TaskState>();
  readonly #never = new AbortController().signal;

  world(jobs: number): RunWorld {
    return {
      ...{ ledger, slots: new Slots(jobs), pools: new Pools(), logFolder: '/logs', takeReports: () => [] },
      ...{ now: () => 0, random: () => 0.5, stopping: this.#never, ending: this.#never },
      troubled: (failure) => {
        throw failure;
      },
      hooks: new Hooks(ledger, { runHook: async () => {}, ping: async () => {} }, () => {}),
      events: {
        ...{ beat() {}, tryStarted() {}, tryEnded() {}, runEnded() {} },
        taskChanged: (_run, { task, state }) => void this.states.set(task, state),
      },
      startTry: async (order) => this.#start(order),
    };
  }

  #start({ task, number }: TryOrder) {
    this.begun.push(`${task} ${number}`);
    let end: (status: number) => void = () => {};
    const result = new Promise<number>((resolve) => {
      end = resolve;
    }).then((status) => ({
      state: status === 0 ? ('success' as const) : status === 99 ? ('skipped' as const) : ('failed' as const),
      ...{ reason: undefined, status, signal: undefined, start: 0, end: 0 },
      ...{ cpuSeconds: undefined, peakBytes: undefined },
    }));
    this.running.set(task, end);
    return { result, stop: () => {}, kill: () => {} };
  }
}

const run = {
  ...newRun('random', 0),
  ...{ run: 1, repeat: undefined, count: 1, reason: undefined, tries: 0, queued: 0, start: undefined },
  ...{ end: undefined, retryAt: undefined, status: undefined, rows: undefined, env: {}, isOfNow: true },
  ...{ graph: undefined, runner: undefined },
} as const;

test('tasks of random graphs: each is begun when its needs allow it, no try twice, and no limit is exceeded', async () => {
  const property = fc.asyncProperty(story, async ({ tasks, jobs, choices }) => {
    const play = new Play();
    const execution = executeGraph(run, graphJob(graphOfStory(tasks)), play.world(jobs));
    let isDone = false;
    execution.done.then(() => {
      isDone = true;
    });
    const ended: string[] = [];
    const at = (name: string) => tasks[Number(name.slice(1))];
    for (await nextTurn(); !isDone; await nextTurn()) {
      const names = [...play.running.keys()].sort();
      expect(names.length).toBeLessThanOrEqual(jobs);
      expect(names.filter((name) => at(name)?.isPooled).length).toBeLessThanOrEqual(POOL);
      expect(names).not.toEqual([]);
      const name = names[choices.next().value % names.length] ?? '';
      const number = play.begun.filter((one) => one.startsWith(`${name} `)).length;
      const status = at(name)?.statuses[number - 1] ?? 0;
      play.running.get(name)?.(status);
      play.running.delete(name);
      if (status === 0 || status === 99 || number > (at(name)?.retries ?? 0)) ended.push(name);
    }
    const oracle = tasks.map(
      (task, index): OracleTask => ({
        ...{ name: nameOf(index), needs: needsOf(task, index), rule: task.rule, outcome: outcomeOf(task) },
      }),
    );
    // It fails where one has run that may not run yet.
    const expected = airflowStates(oracle, () => ended.shift() ?? '');
    expect([...play.states].sort()).toEqual([...expected].sort());
    expect(new Set(play.begun).size).toBe(play.begun.length);
    expect(ended).toEqual([]);
  });
  await fc.assert(property, { numRuns: 100 });
});
