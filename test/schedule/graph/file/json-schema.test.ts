import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { graphSchema } from '../../../../src/schedule/graph/file/json-schema.ts';
import { POLICY_WORDS } from '../../../../src/schedule/jobs/policy-words.ts';
import { problemsIn } from '../graphs.ts';

const schema = graphSchema();
const isAccepted = new Ajv({ strict: false }).compile(schema);

/** Values as they stand in a file. */
const VALUES = [
  ...[
    '0',
    '1',
    '7',
    '08',
    '1.5',
    '-1',
    '300',
    '"5"',
    '5s',
    '1h',
    'none',
    'true',
    'null',
    '""',
    'PT5M',
    '1e3',
  ],
  ...[
    '65',
    '"65,78"',
    'last:3h',
    'all',
    'skip',
    'wait',
    'stop',
    '64K',
    'https://x',
    'a',
    'a b',
    '2026-01-01',
  ],
  ...[
    '"* * * * *"',
    '"@daily"',
    'UTC',
    'always',
    '[]',
    '[1]',
    '[65, 78]',
    '["65,78"]',
    '[a, b]',
    '[null]',
    '[[a]]',
  ],
  ...[
    '{}',
    '{A: 1}',
    '{A: true, B: }',
    '{a-b: 2}',
    '{glob: x}',
    '{lines: 1}',
    '{glob: x, lines: y}',
    '{A: [1]}',
  ],
];
const { properties, definitions } = schema as {
  properties: Record<string, { description: string; properties?: Record<string, { description: string }> }>;
  definitions: { task: { properties: Record<string, { description: string }> } };
};

/** A file with a task for each value, each in a line of its own; `until` makes it one that may wait, `each` one of many. */
function tasksWith(key: string): string[] {
  const least = [...(key === 'until' ? [] : key === 'every' ? ['until: x'] : ['run: x'])];
  if (key === 'max-parallel') least.push('each: [a]');
  const isItself = key === 'run';
  return VALUES.map((value) => `{${[...(isItself ? [] : least), `${key}: ${value}`].join(', ')}}`);
}

function fileOf(tasks: readonly string[]): string {
  return `pools: {a: 1, 'true': 1}\ntasks:\n${tasks.map((task, index) => `  t${index}: ${task}\n`).join('')}  a: {run: x}\n  b: {run: x}`;
}

describe('the JSON Schema', () => {
  it.each(Object.keys(definitions.task.properties))('takes what the reader takes as %s of a task', (key) => {
    const tasks = tasksWith(key);
    const wrong = new Set(problemsIn(fileOf(tasks)).map((problem) => Number.parseInt(problem, 10)));
    const right = tasks.filter((_, index) => !wrong.has(index + 3));
    expect(right).not.toEqual([]);
    expect(right.filter((task) => !isAccepted(parse(fileOf([task]))))).toEqual([]);
  });

  it.each(Object.keys(properties).filter((key) => key !== 'tasks' && key !== 'defaults'))(
    'takes what the reader takes as %s of a graph',
    (key) => {
      const files = VALUES.map((value) => `${key}: ${value}\ntasks: {a: {run: x}}`);
      const right = files.filter((text) => problemsIn(text).length === 0);
      expect(right).not.toEqual([]);
      expect(right.filter((text) => !isAccepted(parse(text)))).toEqual([]);
    },
  );

  it('takes a file with everything', () => {
    const text = `defaults: {retries: 2, cwd: x, pool: db, trigger-rule: always}
pools: {db: 2}
tasks: {a: {run: x, retries: 3}, 2: {until: y, every: 5s, needs: a}}`;
    expect(problemsIn(text)).toEqual([]);
    expect(isAccepted(parse(text))).toBe(true);
  });

  it.each([
    'tasks: {}',
    'tasks: {a: {}}',
    'tasks: {a: {run: x, until: y}}',
    'tasks: {a: {run: x, max-parallel: 2}}',
    'tasks: {a: {run: x, every: 5s}}',
    'tasks: {a b: {run: x}}',
    'tasks: {..: {run: x}}',
    'tasks: {a: {run: x, retires: 2}}',
    'tasks: {a: {run: x, retries: -1}}',
    'tasks: {a: {run: x, overlap: wait}}',
    'tasks: {a: {run: x, trigger-rule: all}}',
    'tasks: {a: {run: x, needs: [b, b]}}',
    'tasks: {a: {run: x, each: {glob: x, lines: y}}}',
    'tasks: {a: {run: [x]}}',
    'overlap: skp\ntasks: {a: {run: x}}',
    'timeout: 5s\ntasks: {a: {run: x}}',
    'pools: {db: 0}\ntasks: {a: {run: x}}',
    'ping: ftp://x\ntasks: {a: {run: x}}',
    'owner: me',
    '[]',
  ])('refuses %j, as the reader does', (text) => {
    expect(problemsIn(text)).not.toEqual([]);
    expect(isAccepted(parse(text))).toBe(false);
  });

  it('says of each key what it is for', () => {
    const inner = [properties, properties.defaults?.properties ?? {}, definitions.task.properties];
    for (const [key, { description }] of inner.flatMap((each) => Object.entries(each)))
      expect(description, key).toMatch(/^.{5,}/);
    // Every policy can be written somewhere.
    expect(inner.flatMap((each) => Object.keys(each))).toEqual(
      expect.arrayContaining([...POLICY_WORDS.keys()]),
    );
  });
});
