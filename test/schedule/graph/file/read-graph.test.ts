import { describe, expect, it } from 'vitest';
import { readGraph } from '../../../../src/schedule/graph/file/read-graph.ts';
import { DEFAULT_POLICIES, type Policies } from '../../../../src/schedule/jobs/policies.ts';
import { graphOf, problemsIn } from '../graphs.ts';

/** A task that is right, for files in which something else is not. */
const TASKS = 'tasks: {a: {run: x}}';

describe('readGraph', () => {
  it('reads what stands in a file', () => {
    const graph = graphOf(
      `dag: temperature
schedule: "*/5 * * * *"
timezone: Europe/Berlin
start: 2026-07-01
env: {STATION: attic, NUMBER: 08, EMPTY: , NULL: null}
env-file: secrets.env
defaults: {retries: 2, retry-delay: 10s, timeout: 50s, pool: db, cwd: work}
pools: {db: 2, net: 1}
run-timeout: 1h
overlap: wait
owner: me
description: what it is for
tags: [one, two]
tasks:
  extract: {run: get-temp, env: {STATION: roof}, pool: net, cwd: /tmp}
  load:
    needs: extract
    run: |
      get-stats
      load-stats
    retries: 5
    final: [65, 78]
    skip-on: 3
`,
      '/etl/a/some.yaml',
    );
    expect(graph).toMatchObject({
      ...{ name: 'temperature', schedule: '*/5 * * * *', timezone: 'Europe/Berlin', owner: 'me' },
      when: { kind: 'minutes', zone: 'Europe/Berlin', from: Date.parse('2026-06-30T22:00Z') },
      start: Date.parse('2026-06-30T22:00Z'),
      env: { STATION: 'attic', NUMBER: '08', EMPTY: '', NULL: 'null' },
      ...{ envFile: '/etl/a/secrets.env', folder: '/etl/a', runTimeoutMs: 3_600_000 },
      ...{
        description: 'what it is for',
        tags: ['one', 'two'],
        place: { file: '/etl/a/some.yaml', line: 1 },
      },
      policies: { ...DEFAULT_POLICIES, overlap: 'wait' },
    });
    expect([...graph.pools]).toEqual([
      ['db', 2],
      ['net', 1],
    ]);
    expect(graph.lines.get('pools')).toBe(8);
    const [extract, load] = graph.tasks.values();
    expect(extract).toMatchObject({
      ...{ name: 'extract', command: 'get-temp', needs: [], triggerRule: 'all_success', each: undefined },
      ...{ env: { STATION: 'roof' }, cwd: '/tmp', pool: 'net', everyMs: undefined, maxParallel: Infinity },
      policies: { ...DEFAULT_POLICIES, retries: 2, retryDelayMs: 10_000, timeoutMs: 50_000 },
      place: { file: '/etl/a/some.yaml', line: 15 },
    });
    expect(load).toMatchObject({
      ...{ command: 'get-stats\nload-stats\n', needs: ['extract'], cwd: '/etl/a/work', pool: 'db' },
      policies: { retries: 5, final: new Set([65, 78]), skipOn: new Set([3]), timeoutMs: 50_000 },
    });
    expect(load?.lines.get('final')).toBe(22);
    expect([load?.lines.get('retries'), load?.lines.get('timeout')]).toEqual([21, 7]);
  });

  it('reads the least that a graph needs, which is done by hand', () => {
    const graph = graphOf(TASKS, '/etl/daily.report.yml');
    expect(graph).toMatchObject({
      name: 'daily.report',
      when: undefined,
      schedule: '',
      runTimeoutMs: Infinity,
    });
    expect(graph.tasks.get('a')?.cwd).toBe('/etl');
  });

  it.each([
    ['* * * * *', { kind: 'minutes' }],
    ['@every 90s', { kind: 'interval', everyMs: 90_000 }],
    ['@reboot', { kind: 'start' }],
  ])('knows the schedule %s', (schedule, when) => {
    expect(graphOf(`schedule: "${schedule}"\n${TASKS}`).when).toMatchObject(when);
  });

  it.each([
    ['[a, b c, 07, true, ]', { kind: 'list', items: ['a', 'b c', '07', 'true'] }],
    ['[]', { kind: 'list', items: [] }],
    ["{glob: 'in/*.gz'}", { kind: 'glob', pattern: 'in/*.gz' }],
    ['{lines: $ETL_RUN_DIR/list}', { kind: 'lines', file: '$ETL_RUN_DIR/list' }],
  ])('splits by %s', (each, expected) => {
    const task = graphOf(`tasks: {a: {run: x, each: ${each}, max-parallel: 4}}`).tasks.get('a');
    expect(task).toMatchObject({ each: expected, maxParallel: 4 });
  });

  it('waits for a condition', () => {
    const { tasks } = graphOf(
      'tasks: {a: {until: test -f x, every: 5s}, b: {until: test -f y}, c: {run: z}}',
    );
    expect([...tasks.values()].map(({ command, everyMs }) => [command, everyMs])).toEqual([
      ['test -f x', 5000],
      ['test -f y', 30_000],
      ['z', undefined],
    ]);
  });

  it('gives a task another hash when it does something else, and not for how it is run', () => {
    const hashOf = (task: string, top = '') =>
      graphOf(`${top}\ntasks: {a: {${task}}, b: {run: x}}`).tasks.get('a')?.hash;
    const usual = hashOf('run: x');
    for (const same of ['run: "x", retries: 3', 'run: x, timeout: 5s', 'run: x, pool: p'])
      expect(hashOf(same, 'pools: {p: 1}')).toBe(usual);
    const others = [
      'run: y',
      'until: x',
      'run: x, needs: b',
      'run: x, trigger-rule: always',
      'run: x, env: {A: 1}',
    ];
    others.push(
      'run: x, cwd: d',
      'run: x, each: [glob, x]',
      'run: x, each: {glob: x}',
      'run: x, each: {lines: x}',
    );
    expect(
      new Set([usual, hashOf('run: x', 'env: {A: 2}'), ...others.map((task) => hashOf(task))]).size,
    ).toBe(11);
  });

  it('takes policies that are given for what the file does not say, each where it belongs', () => {
    const given = { retries: 4, timeoutMs: 1000, overlap: 'kill', alertAfter: 2 } as const;
    const { graph } = readGraph(`alert-after: 3\ntasks: {a: {run: x, retries: 1}}`, 'some.yaml', given);
    expect(graph?.policies).toEqual({ ...DEFAULT_POLICIES, overlap: 'kill', alertAfter: 3 });
    expect(graph?.tasks.get('a')?.policies).toEqual({ ...DEFAULT_POLICIES, retries: 1, timeoutMs: 1000 });
  });

  it('takes hooks of a task, of all tasks, and of the graph apart from each other', () => {
    const { graph } = readGraph(
      `on-failure: g\nping: https://g\ndefaults: {on-failure: d, alert-after: 2}
tasks: {a: {run: x}, b: {run: x, on-failure: b, ping: 'https://b', on-success: s, alert-after: 3}}`,
      'some.yaml',
      { onSuccess: 'given' },
    );
    const hooks = ({ onFailure, onSuccess, ping, alertAfter }: Policies) => [
      onFailure,
      onSuccess,
      ping,
      alertAfter,
    ];
    expect(graph && hooks(graph.policies)).toEqual(['g', 'given', 'https://g', 1]);
    expect(graph && [...graph.tasks.values()].map(({ policies }) => hooks(policies))).toEqual([
      ['d', undefined, undefined, 2],
      ['b', 's', 'https://b', 3],
    ]);
  });

  it('takes a byte order mark, CRLF, numbers as names, and aliases', () => {
    const { tasks } = graphOf('\ufefftasks:\r\n  1: &task {run: true}\r\n  2: *task\r\n');
    expect([...tasks.values()].map(({ name, command, place }) => [name, command, place.line])).toEqual([
      ['1', 'true', 2],
      ['2', 'true', 3],
    ]);
  });

  it('takes no name of an object for a key', () => {
    expect(problemsIn(`__proto__: 1\nconstructor: 1\n${TASKS}`)).toEqual([
      '1:1: unknown key "__proto__"',
      '2:1: unknown key "constructor"',
    ]);
    expect([...graphOf('tasks: {toString: {run: x}, __proto__: {run: x}}').tasks.keys()]).toEqual([
      'toString',
      '__proto__',
    ]);
  });

  it('finds all that is wrong at once, in the order of the places', () => {
    expect(
      problemsIn(`shedule: "* * * * *"
overlap: skp
pools: {db: 0}
tasks:
  a: {run: x, needs: [c, zz]}
  b: {needs: [a], pool: dbb}
  c: {needs: b, retries: x, run: [y]}
`),
    ).toEqual([
      '1:1: unknown key "shedule"; did you mean "schedule"?',
      '2:10: overlap: not one of skip, wait, kill: "skp"; did you mean "skip"?',
      '3:13: pools: db: not a whole number of at least 1: "0"',
      '5:23: needs: a cycle: a -> b -> c -> a',
      '5:26: needs: no task "zz"',
      '6:3: "b" has no run: CMD',
      '6:25: pool: the graph has no pool "dbb"; did you mean "db"?',
      '7:26: retries: not a whole number of at least 0: "x"',
      '7:34: run: expected a command, not a list',
    ]);
  });
});
