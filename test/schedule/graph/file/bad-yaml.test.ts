import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readGraph } from '../../../../src/schedule/graph/file/read-graph.ts';
import { problemsIn } from '../graphs.ts';

/** A task that is right, for files in which something else is not. */
const TASKS = 'tasks: {a: {run: x}}';

/** A file in which one task has these keys. */
function task(keys: string): string {
  return `tasks: {a: {run: x, ${keys}}}`;
}

describe('YAML that cannot be read', () => {
  it.each([
    ['tasks:\n\ta: {run: x}', '2:1: indented with a tab: YAML takes only spaces'],
    ['tasks:\n  a: {run: x}\n b: {run: y}', '3:1: not indented like those before it'],
    ['tasks: {a: {run: "x}}\nowner: me\n', '1:18: this quote is not closed'],
    ["tasks:\n  a: {run: 'x}\n  b: {run: y}\n", '2:12: this quote is not closed'],
    ['tasks: {a: {run: echo "b: c"}}', '1:18: a colon and a blank within a value: put the value into quotes'],
    [
      'tasks: {a: {run: "x" y}}',
      '1:22: nothing more was expected after the value before this: it may need quotes',
    ],
    ['owner: "x" y', '1:12: nothing more was expected after the value before this: it may need quotes'],
    [
      'tasks: {a: {run: x}}}',
      '1:21: not expected here: a bracket or a quote too many, or another indentation',
    ],
    [
      'tasks:\n  a:\n    run: | x\n',
      '3:12: not expected here: text after | or > on its line, a bracket or a quote too many, or another indentation',
    ],
    ['tasks:\n  a:\n    run: |\n   x\n', '4:1: not indented like those before it'],
    ['tasks:\n  a: run: x\n', '2:6: a second colon in this line: put the value into quotes'],
    ['tasks:\n  a:\n    run: echo b: c\n', '3:10: a second colon in this line: put the value into quotes'],
    ['tasks: {a: {run: x}\nowner: me', '2:1: a { or [ above is not closed, or its content is not indented'],
    ['tasks: {a: {run: @x}}', '1:18: a value that begins with @ needs quotes'],
    [
      `schedule: * * * * *\n${TASKS}`,
      '1:11: a value that begins with * or has one after a blank needs quotes',
    ],
    [
      `schedule: */5 * * * *\n${TASKS}`,
      '1:15: a value that begins with * or has one after a blank needs quotes',
    ],
    [
      'tasks: {a: {run: "\\d+"}}',
      '1:19: in double quotes \\ begins an escape, and this is not one: write \\\\, or use single quotes',
    ],
    [`${TASKS}\n---\n${TASKS}\n`, '2:1: a second document: a file has one graph'],
    [`%YAML 1.1\n---\n${TASKS}`, '1:1: YAML 1.1 is not read: leave out %YAML, for 1.2'],
    [task('cwd: "a\\0"'), '1:26: the value has a NUL'],
    [task('cwd: "\\ud800"'), '1:26: the value has an unpaired surrogate'],
  ])('%j', (text, problem) => {
    expect(problemsIn(text)).toEqual([problem]);
  });

  it('is refused when values are nested so deeply that to read them would take all of the stack', () => {
    expect(problemsIn(`tasks: ${'['.repeat(5000)}`)).toEqual(['1:39: values nested more than 32 deep']);
    expect(problemsIn(`tasks:\n  ${'- '.repeat(5000)}`)).toEqual(['2:65: values nested more than 32 deep']);
  });

  it('has an error of each line', () => {
    expect(problemsIn('owner: a: b\ndescription: @x\ntasks: 1: 2\n')).toEqual([
      '1:8: a second colon in this line: put the value into quotes',
      '2:14: a value that begins with @ needs quotes',
      '3:8: a second colon in this line: put the value into quotes',
    ]);
  });
});

describe('YAML that says something else than it shows', () => {
  it.each([
    ['tasks: {a: {run: !!str x}}', '1:24: tags such as !!str are not read: quote the value'],
    ['tasks: !graph {a: {run: x}}', '1:15: tags such as !!str are not read: quote the value'],
    [`${TASKS}\ntasks: {b: {run: x}}`, '2:1: "tasks" is already on line 1'],
    ['tasks: {a: {run: x}, a: {run: y}}', '1:22: "a" is already on line 1'],
    [task('run: y'), '1:21: "run" is already on line 1'],
    [`? [a]\n: 1\n${TASKS}`, '1:3: a key is one word, not a list or a mapping'],
    [
      'tasks: {a: &a {run: x}, b: {<<: *a, run: y}}',
      '1:29: YAML 1.2 has no <<: write it into defaults, or repeat it',
    ],
    ['tasks: {a: *b}', '1:12: *b: no value above is called &b; a value that begins with * needs quotes'],
    ['tasks: &t {a: *t}', '1:15: *t: it is inside that value'],
  ])('%j', (text, problem) => {
    expect(problemsIn(text)).toEqual([problem]);
  });

  it('tells once what is wrong in a value that has aliases', () => {
    expect(problemsIn('tasks: {a: &a {rn: x}, b: *a, c: *a}')).toEqual([
      '1:9: "a" has no run: CMD',
      '1:16: unknown key "rn"; did you mean "run"?',
      '1:24: "b" has no run: CMD',
      '1:31: "c" has no run: CMD',
    ]);
  });

  it('is refused when its aliases stand for too much', () => {
    const ten = (name: string) => `[${Array(10).fill(name)}]`;
    const levels = ['a', 'b', 'c', 'd', 'e', 'f'].map((name, level, names) => {
      const inner = names[level - 1];
      return `&${name} ${ten(inner === undefined ? 'x' : `*${inner}`)}`;
    });
    expect(problemsIn(`tasks: {a: {run: x, each: [${levels}]}}`)).toContainEqual(
      expect.stringMatching(/the aliases up to here stand for more than 100000 values$/),
    );
  });
});

describe('any text', () => {
  const words = [
    ...[
      'tasks',
      'a',
      'run',
      'needs',
      'each',
      'env',
      'retries',
      ':',
      ': ',
      ' ',
      '\n',
      '  ',
      '{',
      '}',
      '[',
      ']',
      ', ',
    ],
    ...[
      '"',
      "'",
      '|',
      '>',
      '- ',
      '? ',
      '&x ',
      '*x',
      '!!str ',
      '#',
      '\t',
      '%',
      '@',
      '<<',
      '---\n',
      '\0',
      '\ud800',
      '\\',
    ],
  ];
  const lines = [
    'tasks:\n',
    '  a:\n',
    '    run: x\n',
    '  b: {run: y, needs: [a]}\n',
    'env: {A: 1}\n',
    'owner: me\n',
  ];

  it('is a graph, or has problems, each of one line and at a place of the file', () => {
    const text = fc
      .array(fc.constantFrom(...words, ...lines), { maxLength: 30 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (some) => {
        const { graph, problems } = readGraph(some, 'some.yaml');
        expect(graph === undefined).toBe(problems.length > 0);
        const count = some.split('\n').length;
        for (const { line, column, message } of problems) {
          expect(line >= 1 && line <= count && column >= 1).toBe(true);
          expect(message).toMatch(/^[^\p{Cc}]+$/u);
        }
      }),
      { numRuns: 300 },
    );
  });
});
