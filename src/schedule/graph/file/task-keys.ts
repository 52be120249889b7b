/** The keys of a task, in one table for the reader and for the editors' JSON Schema. */

import { quote } from '../../../lines/line.ts';
import { didYouMean } from '../../../lines/nearest.ts';
import { parseDuration } from '../../../readings/duration.ts';
import { atLeast } from '../../jobs/policy-forms.ts';
import { type Each, TRIGGER_RULES, type TriggerRule } from '../graph.ts';
import { type JsonSchema, list, mapping, misses, SCALAR, type Shape, text } from './shape.ts';

/** A key: its description, and the shape of its value. */
export interface Key<Result> {
  readonly describe: string;
  readonly shape: Shape<Result>;
}

/** Keys by name. */
export type Keys = Readonly<Record<string, Key<unknown>>>;

const ID = /^[A-Za-z0-9._-]{1,200}$/;
export const ID_SCHEMA: JsonSchema = { pattern: '^(?!\\.\\.?$)[A-Za-z0-9._-]{1,200}$' };

/** Checks the name of a task, a graph or a pool, and returns it. @throws Error with a message for the user */
export function checkId(name: string): string {
  // Logs are files or folders of that name.
  if (ID.test(name) && name !== '.' && name !== '..') return name;
  throw new Error(`a name is 1 to 200 characters of A-Z a-z 0-9 . _ -, not ${quote(name)}`);
}

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

function checkVariable(name: string): void {
  if (VARIABLE.test(name)) return;
  throw new Error(
    `the name of a variable is letters, digits and _, and does not begin with a digit, not ${quote(name)}`,
  );
}

export const id = text('a name', checkId, { ...SCALAR, ...ID_SCHEMA });

/** Text that is not empty. */
export const line = text('text', (found) => {
  if (found.trim() === '') throw new Error('it is empty');
  return found;
});

const command = text('a command', (found) => {
  if (found.trim() === '') throw new Error('the command is empty');
  return found;
});

export const duration = text('a duration such as 30s', parseDuration, { type: 'string' });

export const count = text('a whole number of at least 1', atLeast(1).parse, {
  anyOf: [
    { type: 'integer', minimum: 1 },
    { type: 'string', pattern: '^[0-9]+$' },
  ],
});

/** Any scalar as written; nothing is the empty text. */
const anyText: Shape<string> = {
  expected: 'text',
  schema: { type: ['string', 'number', 'boolean', 'null'] },
  read: (value, tell) => (value.kind === 'text' ? value.text : misses(value, 'text', tell)),
};

export const environment = mapping('variables, as NAME: value', anyText, checkVariable, {
  pattern: VARIABLE.source,
});

const rule = text<TriggerRule>(
  'a trigger rule',
  (found) => {
    const known = TRIGGER_RULES.find((name) => name === found);
    if (known !== undefined) return known;
    throw new Error(
      `not a trigger rule: ${quote(found)}${didYouMean(found, TRIGGER_RULES) || `; write one of ${TRIGGER_RULES.join(', ')}`}`,
    );
  },
  { enum: TRIGGER_RULES },
);

const ids = list('a list of tasks', text('the name of a task', String));

/** Names of tasks, or a single name. Whether they exist is checked once all tasks are known. */
const needs: Shape<readonly string[]> = {
  expected: ids.expected,
  schema: { anyOf: [SCALAR, { ...ids.schema, uniqueItems: true }] },
  read: (value, tell) =>
    ids.read(value.kind === 'text' ? { ...value, kind: 'list', items: [value] } : value, tell),
};

const items = list('a list, {glob: PATTERN} or {lines: FILE}', anyText);
const source = { glob: line, lines: line };

const each: Shape<Each> = {
  expected: items.expected,
  schema: {
    anyOf: [
      items.schema,
      ...Object.entries(source).map(([name, { schema }]) => ({
        type: 'object',
        properties: { [name]: schema },
        required: [name],
        additionalProperties: false,
      })),
    ],
  },
  read(value, tell) {
    if (value.kind === 'text' && /[*?[]/.test(value.text))
      return tell(value, `expected ${items.expected}: write {glob: ${quote(value.text)}}`);
    if (value.kind !== 'mapping') {
      const found = items.read(value, tell);
      return found && { kind: 'list', items: found };
    }
    const [entry, ...others] = value.entries;
    const name = entry?.key.text;
    if (entry === undefined || others.length > 0 || (name !== 'glob' && name !== 'lines'))
      return tell(value, `expected ${items.expected}`);
    const found = source[name].read(entry.value, tell);
    if (found === undefined) return undefined;
    return name === 'glob' ? { kind: 'glob', pattern: found } : { kind: 'lines', file: found };
  },
};

/** The keys of a task, besides policies. */
export const TASK_KEYS = {
  run: { describe: 'shell command, run by bash -euo pipefail', shape: command },
  until: { describe: 'instead of run: shell command that is repeated until it succeeds', shape: command },
  every: { describe: 'how often until is repeated (30s)', shape: duration },
  needs: { describe: 'tasks that must end before it', shape: needs },
  'trigger-rule': {
    describe: "which results of them let it run, by Airflow's words (all_success)",
    shape: rule,
  },
  env: { describe: 'variables for it', shape: environment },
  pool: { describe: 'the pool of the graph that it belongs to', shape: text('the name of a pool', String) },
  each: { describe: 'run once for each item, which is $ETL_ITEM', shape: each },
  'max-parallel': { describe: 'maximum items at once', shape: count },
  cwd: { describe: "the folder that it runs in, relative to the file's (that one)", shape: line },
} as const satisfies Keys;

/** The keys of `defaults`, besides policies. */
export const DEFAULT_KEYS = {
  every: TASK_KEYS.every,
  'trigger-rule': TASK_KEYS['trigger-rule'],
  pool: TASK_KEYS.pool,
  'max-parallel': TASK_KEYS['max-parallel'],
  cwd: TASK_KEYS.cwd,
} as const satisfies Keys;
