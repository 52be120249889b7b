import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GraphState, type Node } from '../../../../src/schedule/graph/execution/graph-state.ts';
import { TRIGGER_RULES } from '../../../../src/schedule/graph/graph.ts';
import { airflowStates, type EndState, type OracleTask } from '../airflow-oracle.ts';

/** A graph, how its tasks end when they run, and in which order those end that run at once. */
interface Story {
  readonly tasks: readonly OracleTask[];
  /** Which of those that run ends next, as a part of their number. */
  readonly choices: readonly number[];
}

const MOST = 12;

/** Tasks in any order of the file: what one needs may stand below it. */
const story: fc.Arbitrary<Story> = fc
  .record({
    words: fc.array(
      fc.record({
        needs: fc.array(fc.nat(MOST - 1), { maxLength: 4 }),
        rule: fc.constantFrom(...TRIGGER_RULES),
        outcome: fc.constantFrom('success', 'failed', 'skipped'),
      }),
      { minLength: 1, maxLength: MOST },
    ),
    order: fc.shuffledSubarray(
      Array.from({ length: MOST }, (_, at) => at),
      { minLength: MOST },
    ),
    choices: fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), {
      minLength: MOST,
      maxLength: MOST,
    }),
  })
  .map(({ words, order, choices }) => {
    const tasks = words.map(({ needs, rule, outcome }, at): OracleTask => {
      const names = new Set(needs.filter((need) => need < at).map((need) => `t${need}`));
      return { name: `t${at}`, needs: [...names], rule, outcome };
    });
    return { tasks: order.flatMap((at) => tasks[at] ?? []), choices };
  });

function chooser(choices: readonly number[]): (running: readonly string[]) => string {
  let at = 0;
  return (running) => {
    const sorted = running.toSorted();
    return sorted[Math.floor((choices[at++ % choices.length] ?? 0) * sorted.length)] ?? '';
  };
}

/** How they end by the code of the runner. @returns also those that ran, in their order */
function played({ tasks, choices }: Story) {
  const nodes = tasks.map(({ rule, ...rest }): Node => ({ ...rest, triggerRule: rule }));
  const state = new GraphState(nodes);
  const [ended, running, begun] = [new Map<string, EndState>(), new Set<string>(), [] as string[]];
  const take = (moves: ReturnType<GraphState['begin']>) => {
    for (const { task, state: next } of moves)
      if (next === 'scheduled') {
        running.add(task);
        begun.push(task);
      } else ended.set(task, next);
  };
  const next = chooser(choices);
  take(state.begin());
  while (running.size > 0) {
    const name = next([...running]);
    const outcome = tasks.find((task) => task.name === name)?.outcome ?? 'failed';
    running.delete(name);
    ended.set(name, outcome);
    take(state.end(name, { state: outcome }));
  }
  return { ended, begun, isDone: state.isDone };
}

const sorted = (states: ReadonlyMap<string, EndState>) => [...states].sort();

test('the tasks of any graph end as those of Airflow do, whatever ends first, and each runs at most once', () => {
  fc.assert(
    fc.property(story, (told) => {
      const { ended, begun, isDone } = played(told);
      expect(sorted(ended)).toEqual(sorted(airflowStates(told.tasks, chooser(told.choices))));
      expect(new Set(begun).size).toBe(begun.length);
      expect(isDone).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test('what a pass decides goes by the states from before it', () => {
  const tasks: OracleTask[] = [
    { name: 'failed', needs: [], rule: 'all_success', outcome: 'failed' },
    { name: 'skipped', needs: [], rule: 'all_success', outcome: 'skipped' },
    { name: 'either', needs: ['failed', 'skipped'], rule: 'one_success', outcome: 'success' },
    // It sees its skipped need at once, and the end of the other one too late.
    { name: 'both', needs: ['skipped', 'either'], rule: 'all_success', outcome: 'success' },
  ];
  const { ended } = played({ tasks, choices: [0] });
  expect([ended.get('either'), ended.get('both')]).toEqual(['upstream_failed', 'skipped']);
  expect(sorted(ended)).toEqual(sorted(airflowStates(tasks, chooser([0]))));
});

test('items count one by one as they end, as so many tasks would', () => {
  const outcomes = fc.array(fc.constantFrom('success', 'failed', 'skipped'), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(outcomes, fc.constantFrom(...TRIGGER_RULES), (ends, triggerRule) => {
      const node = (name: string, needs: string[], rule = triggerRule): Node => ({
        name,
        needs,
        triggerRule: rule,
      });
      const names = ends.map((_, at) => `s${at}`);
      const [one, many] = [
        new GraphState([node('s', [], 'always'), node('f', ['s'])]),
        new GraphState([...names.map((name) => node(name, [], 'always')), node('f', names)]),
      ];
      const follower = (moves: ReturnType<GraphState['begin']>) => moves.filter(({ task }) => task === 'f');
      const counts = { success: 0, failed: 0, skipped: 0 };
      const total = ends.length;
      const begun = [...follower(one.begin()), ...one.count('s', { ...counts, total })];
      expect(begun).toEqual(follower(many.begin()));
      for (const [at, state] of ends.entries()) {
        counts[state]++;
        const isLast = at === total - 1;
        const whole = { state: counts.failed > 0 ? 'failed' : 'success', items: { ...counts } } as const;
        const moves = isLast ? one.end('s', whole) : one.count('s', { ...counts, total });
        expect(moves).toEqual(many.end(`s${at}`, { state }));
      }
      expect([one.isDone, one.end('s', { state: 'success' })]).toEqual([many.isDone, []]);
    }),
  );
});
