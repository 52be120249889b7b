/** The sections of a file: its top level, a task, and the defaults of tasks. Each has its own keys and its policies. */

import { quote } from '../../../lines/line.ts';
import { didYouMean } from '../../../lines/nearest.ts';
import type { Policies } from '../../jobs/policies.ts';
import { POLICY_WORDS, type PolicyWord } from '../../jobs/policy-words.ts';
import { GRAPH_KEYS } from './graph-keys.ts';
import { keyHint } from './key-hints.ts';
import { policyShape } from './policy-shape.ts';
import { DEFAULT_KEYS, type Keys, TASK_KEYS } from './task-keys.ts';
import type { MappingValue, Problems, Value } from './yaml-value.ts';

type PolicyPlace = 'graph' | 'task';

/** Where a policy may be written: some apply to a run of the graph, some to the tries of a task, hooks to both. */
const POLICY_PLACES: Readonly<Record<keyof Policies, PolicyPlace | 'both'>> = {
  overlap: 'graph',
  catchUp: 'graph',
  alertAfter: 'both',
  ping: 'both',
  onFailure: 'both',
  onSuccess: 'both',
  minTimeMs: 'graph',
  expectRows: 'graph',
  timeoutMs: 'task',
  graceMs: 'task',
  retries: 'task',
  retryDelayMs: 'task',
  maxRetryDelayMs: 'task',
  final: 'task',
  skipOn: 'task',
  maxLogBytes: 'task',
  orphans: 'task',
};

export interface Section<Table extends Keys = Keys> {
  readonly keys: Table;
  readonly policies: ReadonlyMap<string, PolicyWord>;
  /** The kind of its policies. */
  readonly place: PolicyPlace;
}

export const GRAPH: Section<typeof GRAPH_KEYS> = {
  keys: GRAPH_KEYS,
  policies: policiesOf('graph'),
  place: 'graph',
};
export const TASK: Section<typeof TASK_KEYS> = {
  keys: TASK_KEYS,
  policies: policiesOf('task'),
  place: 'task',
};
export const DEFAULTS: Section<typeof DEFAULT_KEYS> = {
  keys: DEFAULT_KEYS,
  policies: policiesOf('task'),
  place: 'task',
};

function policiesOf(place: PolicyPlace): Map<string, PolicyWord> {
  return new Map([...POLICY_WORDS].filter(([, { key }]) => standsIn(place, key)));
}

/** Whether a policy may be written in this place. */
export function standsIn(place: PolicyPlace, key: keyof Policies): boolean {
  return POLICY_PLACES[key] === place || POLICY_PLACES[key] === 'both';
}

/** The policies of a whole job that apply in this place. Hooks of a job apply to its graph, not to its tasks. */
export function policiesFor(place: PolicyPlace, policies: Partial<Policies>): Partial<Policies> {
  const taken: (PolicyPlace | 'both')[] = place === 'graph' ? ['graph', 'both'] : ['task'];
  const all = Object.entries(policies) as [keyof Policies, unknown][];
  return Object.fromEntries(all.filter(([key]) => taken.includes(POLICY_PLACES[key])));
}

type Results<Table extends Keys> = {
  readonly [Name in keyof Table]?: Exclude<ReturnType<Table[Name]['shape']['read']>, undefined>;
};

/** What a section holds. An invalid key has no result. */
export interface Found<Table extends Keys> {
  readonly results: Results<Table>;
  readonly policies: Partial<Policies>;
  /** The value of each key as written, valid or not. */
  readonly values: ReadonlyMap<string, Value>;
  /** The line of each key, from 1. */
  readonly lines: ReadonlyMap<string, number>;
}

/** Reads the keys of a mapping, and reports their problems. */
export function readSection<Table extends Keys>(
  { keys, policies: words, place }: Section<Table>,
  { entries }: MappingValue,
  problems: Problems,
): Found<Table> {
  const results: Record<string, unknown> = {};
  const policies: Partial<Policies> = {};
  for (const { key, value } of entries) {
    const tell = (inner: Value, message: string, letter?: number) =>
      problems.add(inner, `${key.text}: ${message}`, letter);
    const word = words.get(key.text);
    const shape = Object.hasOwn(keys, key.text) ? keys[key.text]?.shape : undefined;
    if (word !== undefined) {
      const result = policyShape(word).read(value, tell);
      if (result !== undefined) Object.assign(policies, { [word.key]: result });
    } else if (shape !== undefined) results[key.text] = shape.read(value, tell);
    else problems.add(key, unknown(key.text, { keys, policies: words, place }));
  }
  return {
    results: results as Results<Table>,
    policies,
    values: new Map(entries.map(({ key, value }) => [key.text, value])),
    lines: new Map(entries.map(({ key }) => [key.text, problems.lineOf(key)])),
  };
}

function unknown(word: string, { keys, policies, place }: Section): string {
  if (GRAPH.policies.has(word) || (place === 'task' && Object.hasOwn(GRAPH_KEYS, word)))
    return `${word} is for the graph as a whole: write it at the top, beside tasks`;
  if (TASK.policies.has(word) || Object.hasOwn(DEFAULT_KEYS, word))
    return `${word} is for tasks: write it into one, or into defaults`;
  if (Object.hasOwn(TASK_KEYS, word)) return `${word} is for one task: write it there`;
  const hint = keyHint(word) || didYouMean(word, [...Object.keys(keys), ...policies.keys()]);
  return `unknown key ${quote(word)}${hint}`;
}
