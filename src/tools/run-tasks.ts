/**
 * run-tasks: run a graph of tasks, each once its trigger rule allows it.
 *
 * stdin   not read      stdout  the output of tasks with --output passthrough, the plan with --dry-run, a DAG with --airflow
 * LEDGER  records every run and task before it starts, and when it ends; logs are in a folder beside it
 */

import { keepOf, keepOptions, runnerOptions } from '../cli/runner-options.ts';
import { terminalOf } from '../cli/terminal.ts';
import { defineTool, type Io } from '../cli/tool.ts';
import { numberValue, variableValue, waitValue } from '../cli/value-kinds.ts';
import { Failure, status } from '../failure.ts';
import { parseTexts } from '../lines/csv.ts';
import { parseMoment } from '../readings/moment.ts';
import { loadGraph } from '../schedule/graph/file/load-graph.ts';
import type { Graph } from '../schedule/graph/graph.ts';
import { type RunMode, refuseMisplaced, runModeOf, selectionOf } from '../schedule/graph/run-mode.ts';
import type { LiveView } from '../schedule/graph/run-report.ts';
import { partOf, selectTasks } from '../schedule/graph/select-tasks.ts';
import { showPlan } from '../schedule/graph/show-plan.ts';

export default defineTool({
  name: 'run-tasks',
  summary: 'Run a graph of tasks in order of their dependencies, with retries, logs and a ledger.',
  operands: 'FILE',
  runsCommands: true,
  options: {
    ...runnerOptions,
    only: {
      type: 'text',
      value: 'TASKS',
      repeats: true,
      parse: parseTasks,
      describe: 'run only these TASKS: extract,load',
    },
    from: {
      type: 'text',
      value: 'TASKS',
      repeats: true,
      parse: parseTasks,
      describe: 'run these TASKS and all that follow them',
    },
    at: {
      type: 'text',
      value: 'TIME',
      parse: parseMoment,
      describe: 'run for this TIME, such as yesterday; tasks get it as $ETL_AT',
    },
    env: {
      ...variableValue,
      alias: 'e',
      repeats: true,
      describe: "override a variable of the file's env",
    },
    backfill: {
      type: 'text',
      value: 'FROM..TO',
      parse: parseSpan,
      describe: 'run for all scheduled times without a successful run',
    },
    'max-active': { ...numberValue(1), describe: 'with --backfill: maximum runs at once (default: 1)' },
    resume: {
      type: 'text',
      value: 'RUN',
      parse: parseRun,
      describe: 'continue this RUN (or last); what succeeded is not repeated',
    },
    force: { type: 'flag', describe: 'with --resume: even if tasks that succeeded have changed' },
    grace: {
      ...waitValue,
      default: '0s',
      describe: 'after a signal, how long to wait for tasks before they are stopped',
    },
    output: {
      type: 'text',
      choices: ['log', 'passthrough'],
      default: 'log',
      describe: 'where task output goes: only to logs, or also to stdout and stderr',
    },
    wait: { ...waitValue, default: '10s', describe: 'how long to wait for a busy ledger' },
    keep: { ...keepOptions.keep, manualOnly: true },
    'keep-failed': { ...keepOptions['keep-failed'], manualOnly: true },
    'max-runs': { ...keepOptions['max-runs'], manualOnly: true },
    'dry-run': { type: 'flag', describe: 'run nothing: show the order of the tasks' },
    json: { type: 'flag', describe: 'with --dry-run: NDJSON' },
    airflow: { type: 'flag', describe: 'run nothing: print the graph as a DAG for Airflow' },
  },
  examples: [
    ['$0 diamond.yaml', 'once, now'],
    ['$0 --from load -e STATION=roof etl.yaml', 'load and what follows it'],
    ['$0 --backfill 2026-11-01..2026-11-07 etl.yaml', 'a week'],
    ['$0 --resume last etl.yaml', 'what failed, or was killed'],
    ['$0 --airflow etl.yaml >dags/etl.py', 'the same for Airflow'],
  ],
  notes:
    'Exits 0, or with the status of the first task that failed. Tasks print to their logs: runs logs last.\n' +
    'While another run of the same graph is in progress, overlap in the file decides: skip this run (75), wait for ' +
    'the other to end, or kill it. A backfill runs beside others.',
  files: ({ ledger }, [file = '']) => ({
    inputs: [file],
    outputs: [{ name: ledger, content: 'any' }],
  }),
  async *run(options, io, [file]) {
    if (file === undefined)
      throw new Failure(status.usage, 'expected a FILE of tasks (see run-tasks --help)');
    refuseMisplaced(options);
    const graph = graphOf(file, io);
    if (graph === undefined) return;
    const part = partOf(graph, selectTasks(graph, selectionOf(options)));
    const mode = runModeOf(options, graph, part, io.now());
    if (options['dry-run']) return yield* showPlan(part, options.json);
    if (options.airflow) {
      const { exportGraph } = await import('../schedule/airflow/export-graph.ts');
      return yield exportGraph(part, io);
    }
    const { ledger, wait: waitMs, jobs, grace: graceMs, output } = options;
    const passthrough = output === 'passthrough';
    const settings = { ledger, waitMs, jobs, graceMs, passthrough, keep: keepOf(options) };
    // Loads SQLite, which a dry run does not need.
    const { runTasks } = await import('../schedule/graph/run-tasks.ts');
    const view = await liveView(part, mode, options, io);
    const { RunReport } = await import('../schedule/graph/run-report.ts');
    const warn = (message: string) =>
      view === undefined ? io.warn(message) : view.beside(() => io.warn(message));
    const report = new RunReport(io, view);
    try {
      yield await runTasks(graph, mode, { settings, io: { ...io, warn }, report });
    } finally {
      await view?.close();
    }
  },
});

/** Loads a graph; reports all problems, and is undefined if there are any. @throws Failure (no input) */
function graphOf(file: string, io: Io): Graph | undefined {
  const { graph, problems } = loadGraph(file);
  for (const { line, column, message } of problems)
    io.fail(new Failure(status.config, `${file}:${line}:${column}: ${message}`));
  return graph;
}

/** A live table on a terminal, if nothing else is printed. */
async function liveView(
  graph: Graph,
  { kind }: RunMode,
  { output, verbose, quiet }: { output: string; verbose?: unknown; quiet?: unknown },
  io: Io,
): Promise<LiveView | undefined> {
  const isSilent = kind === 'backfill' || output === 'passthrough' || verbose === true || quiet === true;
  if (isSilent || io.columns() === undefined || io.env.TERM === 'dumb') return undefined;
  const { LiveTable } = await import('../schedule/graph/live-table.ts');
  const { colour, unicode } = terminalOf(io);
  const write = (text: string) => io.write(Buffer.from(text));
  const columns = () => terminalOf(io).columns;
  return new LiveTable(graph, { colour, unicode, columns, rows: io.rows, write, now: () => io.now() });
}

function parseTasks(text: string): readonly string[] {
  return parseTexts(text, 'names of tasks');
}

function parseRun(text: string): number | 'last' {
  if (text === 'last') return text;
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new Error(`not the number of a run, or last: ${JSON.stringify(text)}`);
}

function parseSpan(text: string): readonly [from: string, to: string] {
  const [from, to, ...more] = text.split('..');
  if (!from || !to || more.length > 0)
    throw new Error(`not FROM..TO: ${JSON.stringify(text)} (write 2026-11-01..2026-11-07)`);
  return [from, to];
}
