/** The JSON Schema of files of tasks, for editors: keys, and the form of their values. */

import { policyShape } from './policy-shape.ts';
import { DEFAULTS, GRAPH, type Section, TASK } from './sections.ts';
import type { JsonSchema } from './shape.ts';
import { ID_SCHEMA, type Keys } from './task-keys.ts';

/**
 * Accepts every file that the reader accepts, parsed as YAML 1.2. It is less strict: it does not check references to tasks and
 * pools, nor the exact syntax of durations and schedules.
 */
export function graphSchema(): JsonSchema {
  const task = {
    ...section(TASK),
    oneOf: [{ required: ['run'] }, { required: ['until'] }],
    dependencies: { every: ['until'], 'max-parallel': ['each'] },
  };
  const { properties, ...rest } = section(GRAPH);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'A graph of tasks, for run-tasks and schedule',
    ...rest,
    required: ['tasks'],
    properties: {
      ...properties,
      defaults: { ...properties.defaults, ...section(DEFAULTS) },
      tasks: {
        ...properties.tasks,
        minProperties: 1,
        propertyNames: ID_SCHEMA,
        additionalProperties: { $ref: '#/definitions/task' },
      },
    },
    definitions: { task },
  };
}

function section<Table extends Keys>({ keys, policies }: Section<Table>) {
  const own = Object.entries(keys).map(([word, { describe, shape }]) => [
    word,
    described(describe, shape.schema),
  ]);
  const shared = [...policies].map(([word, policy]) => [
    word,
    described(policy.describe, policyShape(policy).schema),
  ]);
  const properties: Record<string, JsonSchema> = Object.fromEntries([...own, ...shared]);
  return { type: 'object', properties, additionalProperties: false };
}

function described(description: string, schema: JsonSchema): JsonSchema {
  return { description, ...schema };
}
