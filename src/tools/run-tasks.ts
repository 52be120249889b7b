/**
 * run-tasks: runs the tasks of a file, each when what it needs is done.
 *
 * stdin   not read      stdout  with --output passthrough what tasks print; with --dry-run what would be done
 * LEDGER  every run and task, before it starts and when it has ended; logs are in a folder beside it
 */

import { defineTool, type Io, wholeNumber } from '../cli/tool.ts';
import { Failure, status } from '../failure.ts';
import { quote } from '../lines/line.ts';
import { didYouMean } from '../lines/nearest.ts';
import { parseWait } from '../readings/duration.ts';
import { parseTimeOption } from '../readings/time.ts';
import type { Graph } from '../schedule/graph/graph.ts';
import { loadGraph } from '../schedule/graph/load-graph.ts';

export default defineTool({
  name: 'run-tasks',
  summary: 'Run a graph of tasks: each when what it needs is done, with retries, logs, and a ledger.',
  operands: 'FILE',
  runsCommands: true,
  options: {
    ledger: {
      type: 'text',
      env: 'ETL_LEDGER',
      default: 'runs.db',
      describe: 'the FILE that remembers every run; logs are beside it',
    },
    jobs: { type: 'text', parse: wholeNumber(1), default: '32', describe: 'maximum tries at once' },
    at: { type: 'text', parse: parseTimeOption, describe: 'for this TIME, which tasks get as $ETL_AT' },
    env: {
      alias: 'e',
      type: 'text',
      repeats: true,
      parse: parseVariable,
      describe: "set NAME=VALUE, one of the file's env",
    },
    grace: {
      type: 'text',
      parse: parseWait,
      default: '0s',
      describe: 'after a signal, how long to wait for tasks before they are stopped',
    },
    output: {
      type: 'text',
      choices: ['log', 'passthrough'],
      default: 'log',
      describe: 'where tasks print to: only their logs, or stdout and stderr, too',
    },
    wait: { type: 'text', parse: parseWait, default: '10s', describe: 'how long to wait for a busy ledger' },
  },
  examples: [['$0 diamond.yaml', 'once, now']],
  files: ({ ledger }, [file = '']) => ({
    inputs: [file],
    outputs: [{ name: ledger, content: 'any' }],
  }),
  async *run(options, io, [file]) {
    if (file === undefined)
      throw new Failure(status.usage, 'expected a FILE of tasks (see run-tasks --help)');
    const graph = graphOf(file, io);
    if (graph === undefined) return;
    const env = declaredEnv(graph, options.env);
    const { ledger, wait: waitMs, jobs, grace: graceMs, output } = options;
    const settings = { ledger, waitMs, jobs, graceMs, passthrough: output === 'passthrough' };
    // With SQLite, which a dry run does not need.
    const { runOnce } = await import('../schedule/graph/run-once.ts');
    await runOnce(graph, { at: options.at, env }, { settings, io });
  },
});

/** Undefined when something is wrong with it, all of which is reported. @throws Failure (no input) */
function graphOf(file: string, io: Io): Graph | undefined {
  const { graph, problems } = loadGraph(file);
  for (const { line, column, message } of problems)
    io.fail(new Failure(status.config, `${file}:${line}:${column}: ${message}`));
  return graph;
}

/** @throws Failure (usage) for a name that the file does not declare */
function declaredEnv(
  { env, place }: Graph,
  given: readonly (readonly [name: string, value: string])[],
): Record<string, string> {
  for (const [name] of given)
    if (!Object.hasOwn(env, name))
      throw new Failure(
        status.usage,
        `--env: ${place.file} declares no ${quote(name)} in its env${didYouMean(name, Object.keys(env))}`,
      );
  return Object.fromEntries(given);
}

function parseVariable(text: string): readonly [name: string, value: string] {
  const [, name, value] = /^([A-Za-z_]\w*)=([^\0]*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new Error(`not NAME=VALUE: ${JSON.stringify(text)}`);
  return [name, value];
}
