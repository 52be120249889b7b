import { describe, expect, it } from 'vitest';
import { problemsIn } from '../graphs.ts';

/** A task that is right, for files in which something else is not. */
const TASKS = 'tasks: {a: {run: x}}';

/** A file in which one task has these keys. */
function task(keys: string): string {
  return `tasks: {a: {run: x, ${keys}}}`;
}

describe('a file without tasks', () => {
  it.each([
    ['', '1:1: expected a mapping with tasks in it'],
    ['# nothing', '1:1: expected a mapping with tasks in it'],
    ['- a', '1:1: expected a mapping with tasks in it'],
    ['owner: me', '1:1: expected tasks: at least one task'],
    ['tasks:', '1:7: tasks: expected a mapping of tasks by their names, not nothing'],
    ['tasks: {}', '1:8: tasks: expected at least one task'],
    ['tasks: [a]', '1:8: tasks: expected a mapping of tasks by their names, not a list'],
    ['tasks: {a: }', '1:12: a: expected a task such as {run: CMD}'],
    ['tasks: {a: ls}', '1:12: a: expected a task such as {run: CMD}'],
    ['tasks: {a: {}}', '1:9: "a" has no run: CMD'],
    ['tasks: {a: {run: }}', '1:18: run: expected a command, not nothing'],
    ["tasks: {a: {run: ' '}}", '1:18: run: the command is empty'],
    ['tasks: {a: {run: [x]}}', '1:18: run: expected a command, not a list'],
    ['tasks: {a: {until: x, run: y}}', '1:20: "a" has both run and until: it is one or the other'],
  ])('%j', (text, problem) => {
    expect(problemsIn(text)).toEqual([problem]);
  });
});

describe('a key', () => {
  it.each([
    [`ownr: me\n${TASKS}`, '1:1: unknown key "ownr"; did you mean "owner"?'],
    [task('retires: 2'), '1:21: unknown key "retires"; did you mean "retries"?'],
    // Of those who come from elsewhere.
    [task('depends_on: b'), '1:21: unknown key "depends_on"; here it is "needs"'],
    [`schedule_interval: '@daily'\n${TASKS}`, '1:1: unknown key "schedule_interval"; here it is "schedule"'],
    [`defaults: {grce: 2s}\n${TASKS}`, '1:12: unknown key "grce"; did you mean "grace"?'],
    [`retries: 2\n${TASKS}`, '1:1: retries is for tasks: write it into one, or into defaults'],
    [`trigger-rule: always\n${TASKS}`, '1:1: trigger-rule is for tasks: write it into one, or into defaults'],
    [`needs: [a]\n${TASKS}`, '1:1: needs is for one task: write it there'],
    [`defaults: {run: x}\n${TASKS}`, '1:12: run is for one task: write it there'],
    [
      `defaults: {overlap: wait}\n${TASKS}`,
      '1:12: overlap is for the graph as a whole: write it at the top, beside tasks',
    ],
    [task('catchup: all'), '1:21: catchup is for the graph as a whole: write it at the top, beside tasks'],
    [
      task('schedule: "@daily"'),
      '1:21: schedule is for the graph as a whole: write it at the top, beside tasks',
    ],
    [task('every: 5s'), '1:28: every: is for a task with until'],
    [task('max-parallel: 2'), '1:35: max-parallel: is for a task with each'],
  ])('that does not belong there: %j', (text, problem) => {
    expect(problemsIn(text)).toEqual([problem]);
  });

  it.each([
    [`dag: a b\n${TASKS}`, '1:6: dag: a name is 1 to 200 characters of A-Z a-z 0-9 . _ -, not "a b"'],
    [`schedule: "* * 99 * *"\n${TASKS}`, '1:16: day of month: 99 is not from 1 to 31'],
    [
      `schedule: 0 4 * * mno\n${TASKS}`,
      '1:19: day of week: not a number or a name such as mon: "mno"; did you mean "mon"?',
    ],
    [
      `schedule: "* * * *"\n${TASKS}`,
      '1:19: 4 of five fields: minute, hour, day of month, month, day of week',
    ],
    [`schedule: daily\n${TASKS}`, '1:11: "daily" is not a field; write @daily'],
    [`schedule: "* * * * * *"\n${TASKS}`, '1:22: expected nothing after the time, not "*"'],
    [`schedule: "@dayly"\n${TASKS}`, '1:12: cron does not know "@dayly"; did you mean "@daily"?'],
    [`schedule: "@every 5"\n${TASKS}`, '1:19: @every: not a duration: "5" (write 5s, 15m, 1h, 7d or PT1H)'],
    [
      `schedule: >\n  * * * *\n${TASKS}`,
      '1:11: 4 of five fields: minute, hour, day of month, month, day of week',
    ],
    [
      `timezone: Mars\n${TASKS}`,
      '1:11: timezone: unknown time zone: "Mars" (write one such as Europe/Berlin)',
    ],
    [
      `start: 2026-02-30\n${TASKS}`,
      '1:8: start: not a date: "2026-02-30" (write 2026-01-01 or 2026-01-01T08:00:00Z)',
    ],
    [
      `env: {E F: 1}\n${TASKS}`,
      '1:7: env: the name of a variable is letters, digits and _, and does not begin with a digit, not "E F"',
    ],
    [`env: {E: [1]}\n${TASKS}`, '1:10: env: E: expected text, not a list'],
    [`env: [E]\n${TASKS}`, '1:6: env: expected variables, as NAME: value, not a list'],
    [`pools: {db: 0}\n${TASKS}`, '1:13: pools: db: not a whole number of at least 1: "0"'],
    [`run-timeout: 5\n${TASKS}`, '1:14: run-timeout: not a duration: "5" (write 5s, 15m, 1h, 7d or PT1H)'],
    [`ping: ftp://x\n${TASKS}`, '1:7: ping: not an http or https URL: "ftp://x"'],
    [task('timeout: 10'), '1:30: timeout: not a duration: "10" (write 10s, 15m, 1h, 7d or PT1H)'],
    [task('retries: 1.5'), '1:30: retries: not a whole number of at least 0: "1.5"'],
    [
      task('final: [65, 300]'),
      '1:28: final: not exit statuses from 1 to 255: "65,300" (write 65,78 or none)',
    ],
    [
      task('trigger-rule: all_succes'),
      '1:35: trigger-rule: not a trigger rule: "all_succes"; did you mean "all_success"?',
    ],
    [task('each: 3'), '1:27: each: expected a list, {glob: PATTERN} or {lines: FILE}, not "3"'],
    [
      task('each: "*.gz"'),
      '1:27: each: expected a list, {glob: PATTERN} or {lines: FILE}: write {glob: "*.gz"}',
    ],
    [task('each: {globb: x}'), '1:27: each: expected a list, {glob: PATTERN} or {lines: FILE}'],
    [task('each: {glob: x, lines: y}'), '1:27: each: expected a list, {glob: PATTERN} or {lines: FILE}'],
    [task('each: [a], max-parallel: 0'), '1:46: max-parallel: not a whole number of at least 1: "0"'],
    [task('pool: db'), '1:27: pool: the graph has no pool "db"; declare it: pools: {db: 1}'],
    [`defaults: {pool: db}\n${TASKS}`, '1:18: pool: the graph has no pool "db"; declare it: pools: {db: 1}'],
  ])('whose value is wrong: %j', (text, problem) => {
    expect(problemsIn(text)).toEqual([problem]);
  });
});

describe('names of tasks', () => {
  it.each(['a b', '..', '.', 'a/b', 'é', 'a'.repeat(201), ''])('%j is none', (name) => {
    const [problem, ...others] = problemsIn(`tasks: {"${name}": {run: x}}`);
    expect(problem).toMatch(/^1:9: a name is 1 to 200 characters of A-Z a-z 0-9 \. _ -, not "/);
    expect(others).toEqual([]);
  });

  it('that a file has not, for want of a name in it', () => {
    expect(problemsIn(TASKS, '/etl/a b.yaml')).toEqual([
      '1:1: the name of the file cannot name a graph, so it needs dag: a name is 1 to 200 characters of A-Z a-z 0-9 . _ -, not "a b"',
    ]);
    expect(problemsIn(`dag: ab\n${TASKS}`, '/etl/a b.yaml')).toEqual([]);
  });
});

describe('needs', () => {
  it.each([
    ['tasks: {a: {run: x, needs: [b]}}', ['1:29: needs: no task "b"']],
    [
      'tasks: {extract: {run: x}, b: {run: x, needs: extrct}}',
      ['1:47: needs: no task "extrct"; did you mean "extract"?'],
    ],
    ['tasks: {a: {run: x}, b: {run: x, needs: [a, a]}}', ['1:45: needs: "a" is repeated']],
    ['tasks: {a: {run: x, needs: a}}', ['1:28: needs: "a" cannot need itself']],
    ['tasks: {a: {run: x, needs: {b: 1}}}', ['1:28: needs: expected a list of tasks, not a mapping']],
    ['tasks: {a: {run: x, needs: [b]}, b: {run: x, needs: [a]}}', ['1:29: needs: a cycle: a -> b -> a']],
    [
      'tasks:\n  a: {run: x, needs: [b]}\n  b: {run: x, needs: [a]}\n  c: {run: x, needs: [d]}\n  d: {run: x, needs: [c]}',
      ['2:23: needs: a cycle: a -> b -> a', '4:23: needs: a cycle: c -> d -> c'],
    ],
    // A task that is wrong is there all the same.
    ['tasks: {a: {run: x, needs: [b]}, b: ls}', ['1:37: b: expected a task such as {run: CMD}']],
  ])('%j', (text, problems) => {
    expect(problemsIn(text)).toEqual(problems);
  });
});
