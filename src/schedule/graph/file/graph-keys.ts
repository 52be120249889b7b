/** The top-level keys of a file of tasks, in one table for the reader and for the editors' JSON Schema. */

import { zoneName } from '../../../stats/time-zone.ts';
import { timeLimit } from '../../jobs/policy-forms.ts';
import { type JsonSchema, list, mapping, misses, type Shape, text } from './shape.ts';
import { checkId, count, environment, ID_SCHEMA, id, type Keys, line } from './task-keys.ts';
import type { MappingValue } from './yaml-value.ts';

/** A mapping that is read later, by its own table of keys. */
function section(expected: string): Shape<MappingValue> {
  return {
    expected,
    schema: { type: 'object' },
    read: (value, tell) => (value.kind === 'mapping' ? value : misses(value, expected, tell)),
  };
}

const words = list('a list of words', line);

const tags: Shape<readonly string[]> = {
  expected: words.expected,
  schema: { anyOf: [line.schema, words.schema] },
  read: (value, tell) =>
    words.read(value.kind === 'text' ? { ...value, kind: 'list', items: [value] } : value, tell),
};

const LIMIT: JsonSchema = { type: 'string' };

/** The keys of a graph, besides policies. */
export const GRAPH_KEYS = {
  dag: { describe: 'its name (that of the file, without its extension)', shape: id },
  schedule: {
    describe: "when it is due: cron's five fields, @daily, @every 5m; if missing, it is run by hand",
    shape: line,
  },
  timezone: {
    describe: "the zone of schedule and start, such as Europe/Berlin (the system's)",
    shape: text('a time zone', zoneName),
  },
  start: { describe: 'no run is due before this date or time: 2026-01-01', shape: line },
  env: { describe: 'variables for all tasks, which run-tasks -e may change', shape: environment },
  'env-file': { describe: 'NAME=VALUE lines for all tasks, which no log shows', shape: line },
  defaults: {
    describe: 'what holds for all tasks that do not say otherwise',
    shape: section('a mapping of what tasks share'),
  },
  tasks: { describe: 'the tasks by their names', shape: section('a mapping of tasks by their names') },
  pools: {
    describe: 'maximum tasks at once in each pool, by its name',
    shape: mapping('pools, as NAME: NUMBER', count, checkId, ID_SCHEMA),
  },
  'run-timeout': {
    describe: 'maximum duration of a run',
    shape: text('a duration such as 1h, or none', timeLimit.parse, LIMIT),
  },
  owner: { describe: 'who is responsible for it', shape: line },
  description: { describe: 'what it is for', shape: line },
  tags: { describe: 'words to find it by', shape: tags },
} as const satisfies Keys;
