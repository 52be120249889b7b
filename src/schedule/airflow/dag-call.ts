/** The `DAG(...)` call: everything of a graph except its tasks. */

import { nextDue, previousDue } from '../due/due.ts';
import type { When } from '../due/when.ts';
import type { Graph } from '../graph/graph.ts';
import { cronExpression } from './cron-expression.ts';
import type { Arguments } from './operators.ts';
import {
  call,
  dictionary,
  type Expression,
  element,
  keyword,
  layOut,
  list,
  literal,
  type Part,
  timeDelta,
} from './python-text.ts';

/** Default start date, before all due times. With `catchup=False`, the past is not caught up. */
const FIRST_START = Date.UTC(2020, 0, 1);

/** `with DAG(...):`. @param shared arguments for `default_args` */
export function dagCall(graph: Graph, zone: string, shared: Arguments): string {
  const { name, description, runTimeoutMs, env, tags } = graph;
  const parts = [
    element(literal(name)),
    ...(description === undefined ? [] : [keyword('description', literal(description))]),
    keyword('doc_md', '__doc__'),
    ...scheduleParts(graph, zone),
    keyword('max_active_runs', '1'),
    ...(Number.isFinite(runTimeoutMs) ? [keyword('dagrun_timeout', timeDelta(runTimeoutMs))] : []),
    keyword('default_args', defaults(graph, shared)),
    ...(Object.keys(env).length === 0 ? [] : [keyword('params', texts(env))]),
    ...(tags.length === 0 ? [] : [keyword('tags', list(tags.map((tag) => literal(tag))))]),
    keyword('user_defined_filters', dictionary([['utc', 'utc']])),
  ];
  return layOut(call('DAG', parts, true), 'with ', ':');
}

function scheduleParts({ when, schedule, start, policies }: Graph, zone: string): Part[] {
  if (when?.kind !== 'minutes') {
    return [
      keyword('schedule', 'None'),
      keyword('start_date', dateTime(start ?? FIRST_START)),
      keyword('catchup', 'False'),
    ];
  }
  const timetable = call('CronDataIntervalTimetable', [
    element(literal(cronExpression(schedule, when.fields))),
    keyword('timezone', literal(zone)),
  ]);
  // Airflow's start_date is the start of an interval; its run is due at the end.
  const from = start === undefined ? undefined : intervalStart(when, start);
  const { mode } = policies.catchUp;
  const remarks =
    mode === 'all'
      ? []
      : [`with run-tasks it is ${mode}; Airflow still makes up the last missed run when the DAG is unpaused`];
  return [
    keyword('schedule', timetable),
    { ...keyword('start_date', dateTime(from ?? start ?? FIRST_START)), remarks: startRemarks(start) },
    { ...keyword('catchup', mode === 'all' ? 'True' : 'False'), remarks },
  ];
}

/** Start of the data interval of the first run due at or after `start`; undefined if nothing is due before or after. */
function intervalStart({ fields, zone }: When & { kind: 'minutes' }, start: number): number | undefined {
  const always: When = { kind: 'minutes', fields, ...(zone !== undefined && { zone }) };
  const first = nextDue(always, start - 1);
  return first === undefined ? undefined : previousDue(always, first);
}

function startRemarks(start: number | undefined): string[] {
  return start === undefined ? [] : ['the start of the first interval; its run is due at its end'];
}

function defaults({ owner }: Graph, shared: Arguments): Expression {
  return dictionary([
    ...(owner === undefined ? [] : [['owner', literal(owner)] as const]),
    ['env', 'ENV'],
    ['append_env', 'True'],
    ['cwd', 'FOLDER'],
    ['do_xcom_push', 'False'],
    ...shared,
  ]);
}

function texts(entries: Readonly<Record<string, string>>): Expression {
  return dictionary(Object.entries(entries).map(([name, value]) => [name, literal(value)] as const));
}

function dateTime(time: number): string {
  const date = new Date(time);
  const parts = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
  const clock = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()];
  while (clock.at(-1) === 0) clock.pop();
  return `pendulum.datetime(${[...parts, ...clock].join(', ')}, tz="UTC")`;
}
