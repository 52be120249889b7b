/**
 * Exports a graph as a DAG of Apache Airflow: one readable Python file for Airflow 2.11 and 3. Pure.
 *
 * A feature without equivalent in Airflow is a problem; one that behaves differently is noted in the file.
 */

import { basename } from 'node:path';
import { quote } from '../../lines/line.ts';
import { systemZone } from '../../stats/time-zone.ts';
import type { Problem } from '../crontab/problem.ts';
import type { Graph } from '../graph/graph.ts';
import { dagCall } from './dag-call.ts';
import * as frame from './frame.ts';
import { variablesOf } from './identifiers.ts';
import { plainTemplate } from './jinja-text.ts';
import { notesOf } from './notes.ts';
import { operator, sharedArguments } from './operators.ts';
import { dictionary, layOut, list, literal } from './python-text.ts';
import { unequalParts } from './unequal.ts';

export interface AirflowDag {
  /** Formatted like `black`; empty if there are problems. */
  readonly text: string;
  /** Features without equivalent in Airflow, in line order. */
  readonly problems: readonly Problem[];
}

/** @param secrets names of the variables in the graph's file of secrets; their values are not exported */
export function airflowDag(graph: Graph, secrets: readonly string[]): AirflowDag {
  const problems = unequalParts(graph);
  return { text: problems.length > 0 ? '' : textOf(graph, secrets), problems };
}

function textOf(graph: Graph, secrets: readonly string[]): string {
  const tasks = [...graph.tasks.values()];
  const needs = {
    hasCommands: tasks.some(({ everyMs }) => everyMs === undefined),
    hasWaits: tasks.some(({ everyMs }) => everyMs !== undefined),
    isSplit: tasks.some(({ each }) => each !== undefined),
    hasSchedule: graph.when?.kind === 'minutes',
    secrets,
  };
  const settings = [
    frame.folder(literal(plainTemplate(graph.folder))),
    frame.start(secrets),
    environment(graph),
  ];
  const definitions = [
    frame.UTC_FILTER,
    frame.commandFunction(needs.hasWaits),
    ...(needs.isSplit ? [frame.EACH_FUNCTION] : []),
    ...(needs.hasCommands ? [frame.COMMAND_CLASSES] : []),
    ...(needs.hasWaits ? [frame.WAIT_CLASS] : []),
  ];
  const file = quote(basename(graph.place.file));
  return [
    `${[notesOf(graph, file, secrets), frame.imports(needs), ...settings].join('\n\n')}\n`,
    `${definitions.join('\n\n\n')}\n`,
    `${body(graph)}\n`,
  ].join('\n\n');
}

/** The environment of all commands. */
function environment({ env }: Graph): string {
  const own = Object.keys(env).map((name) => [name, literal(`{{ params["${name}"] }}`)] as const);
  const times = [
    ['ETL_JOB', '{{ dag.dag_id }}'],
    ['ETL_RUN', '{{ run_id }}'],
    ['ETL_TASK', '{{ task.task_id }}{% if ti.map_index >= 0 %}[{{ ti.map_index }}]{% endif %}'],
    ['ETL_TRY', '{{ ti.try_number }}'],
    ['ETL_SCHEDULED_TIME', '{{ data_interval_end | default(dag_run.run_after) | utc }}'],
    ['ETL_DATA_START', '{{ data_interval_start | default(dag_run.run_after) | utc }}'],
    ['ETL_DATA_END', '{{ data_interval_end | default(dag_run.run_after) | utc }}'],
    // As under run-tasks, only set for a run of a past time.
    ['ETL_AT', '{{ data_interval_end | utc if dag_run.run_type == "backfill" }}'],
    ['ETL_SINCE', '{{ prev_data_interval_end_success | default(none) | utc }}'],
  ] as const;
  const entries = [...own, ...times.map(([name, value]) => [name, literal(value)] as const)];
  return `# What each command gets, besides the environment of Airflow's worker. The values of params are
# those of the DAG, unless a run is triggered with others.
${layOut({ ...dictionary(entries), isLong: true }, 'ENV = ')}`;
}

/** The DAG, its tasks and their dependencies. */
function body(graph: Graph): string {
  const shared = sharedArguments(graph.tasks.values());
  const variables = variablesOf(graph.tasks.keys());
  const variable = (name: string): string => variables.get(name) ?? name;
  const tasks = [...graph.tasks.values()];
  const operators = tasks.map((task) =>
    layOut(operator(task, graph.folder, shared), `    ${variable(task.name)} = `),
  );
  const edges = tasks.flatMap(({ name, needs }) => {
    const [first = '', ...others] = needs.map(variable);
    if (first === '') return [];
    return [layOut(others.length === 0 ? first : list([first, ...others]), '    ', ` >> ${variable(name)}`)];
  });
  const zone = graph.timezone ?? systemZone();
  return [dagCall(graph, zone, shared), ...operators, ...(edges.length > 0 ? ['', ...edges] : [])].join('\n');
}
