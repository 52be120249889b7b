/**
 * Reads a file of tasks: YAML to a graph. All problems are found at once, each with its place; a file with a problem gives no
 * graph, so that nothing of it runs.
 */

import { createHash } from 'node:crypto';
import { basename, dirname, extname, resolve } from 'node:path';
import { errorText } from '../../../failure.ts';
import { readSchedule } from '../../crontab/job-line.ts';
import { Fault, type Problem } from '../../crontab/problem.ts';
import type { When } from '../../due/when.ts';
import { DEFAULT_POLICIES, type Policies } from '../../jobs/policies.ts';
import type { Graph, Task } from '../graph.ts';
import { checkPool, checkTasks } from './check-tasks.ts';
import { momentsIn } from './day-or-time.ts';
import type { GRAPH_KEYS } from './graph-keys.ts';
import { readTask } from './read-task.ts';
import { readYaml } from './read-yaml.ts';
import { DEFAULTS, type Found, GRAPH, policiesFor, readSection } from './sections.ts';
import { checkId } from './task-keys.ts';
import type { MappingValue, Problems, Value } from './yaml-value.ts';

export interface GraphFile {
  /** Undefined when there are problems. */
  readonly graph: Graph | undefined;
  /** In the order of their places; empty for a valid graph. */
  readonly problems: readonly Problem[];
}

/**
 * @param file its path, for places in messages; paths in it are relative to its folder
 * @param given policies for what the file does not set
 */
export function readGraph(text: string, file: string, given: Partial<Policies> = {}): GraphFile {
  const { root, problems } = readYaml(text.replace(/^\uFEFF/, ''));
  const graph = root && new Reader(text, file, given, problems).read(root);
  const isRight = problems.count === 0;
  return { graph: isRight ? graph : undefined, problems: problems.sorted() };
}

type Top = Found<typeof GRAPH_KEYS>;

class Reader {
  readonly #text: string;
  readonly #file: string;
  readonly #folder: string;
  readonly #given: Partial<Policies>;
  readonly #problems: Problems;

  constructor(text: string, file: string, given: Partial<Policies>, problems: Problems) {
    this.#text = text;
    this.#file = file;
    this.#folder = dirname(resolve(file));
    this.#given = given;
    this.#problems = problems;
  }

  read(root: Value): Graph | undefined {
    if (root.kind !== 'mapping') return this.#problems.add(root, 'expected a mapping with tasks in it');
    const top = readSection(GRAPH, root, this.#problems);
    const { results, lines } = top;
    const envFile = results['env-file'];
    const tasks = this.#tasksOf(top, root);
    return {
      name: this.#nameOf(top, root),
      ...this.#timesOf(top),
      env: Object.fromEntries(results.env ?? []),
      envFile: envFile === undefined ? undefined : resolve(this.#folder, envFile),
      tasks,
      pools: results.pools ?? new Map(),
      runTimeoutMs: results['run-timeout'] ?? Number.POSITIVE_INFINITY,
      policies: { ...DEFAULT_POLICIES, ...policiesFor('graph', this.#given), ...top.policies },
      owner: results.owner,
      description: results.description,
      tags: results.tags ?? [],
      place: { file: this.#file, line: this.#problems.lineOf(root) },
      lines,
      folder: this.#folder,
      given: this.#given,
      text: this.#text,
      hash: createHash('sha256').update(this.#text).digest('hex'),
    };
  }

  /** The name of the graph: `dag`, or the name of the file without its extension. */
  #nameOf({ results, values }: Top, root: Value): string {
    const name = results.dag ?? basename(this.#file, extname(this.#file));
    if (values.has('dag')) return name;
    try {
      return checkId(name);
    } catch (error) {
      this.#problems.add(
        root,
        `the name of the file cannot name a graph, so it needs dag: ${errorText(error)}`,
      );
      return name;
    }
  }

  #timesOf({ results, values }: Top): Pick<Graph, 'when' | 'schedule' | 'timezone' | 'start'> {
    const { schedule = '', timezone } = results;
    const start = this.#parsed(values.get('start'), results.start, (text) => startTime(text, timezone));
    const asked = values.get('schedule');
    const when = this.#parsed(asked, results.schedule, (text) => readSchedule(text, timezone));
    return { when: when && from(when, start), schedule, timezone, start };
  }

  #parsed<Result>(
    value: Value | undefined,
    text: string | undefined,
    parse: (text: string) => Result,
  ): Result | undefined {
    if (value === undefined || text === undefined) return undefined;
    try {
      return parse(text);
    } catch (error) {
      return this.#problems.add(value, errorText(error), error instanceof Fault ? error.index : undefined);
    }
  }

  #tasksOf({ results, values }: Top, root: MappingValue): Map<string, Task> {
    const { tasks: section, defaults } = results;
    if (section?.entries.length === 0) this.#problems.add(section, 'tasks: expected at least one task');
    if (!values.has('tasks')) this.#problems.add(root, 'expected tasks: at least one task');
    const shared = defaults && readSection(DEFAULTS, defaults, this.#problems);
    const around = {
      ...{ file: this.#file, folder: this.#folder, problems: this.#problems, shared },
      policies: { ...DEFAULT_POLICIES, ...policiesFor('task', this.#given), ...shared?.policies },
      env: Object.fromEntries(results.env ?? []),
    };
    const drafts = (section?.entries ?? []).flatMap((entry) => readTask(entry, around) ?? []);
    const declared = { tasks: namesIn(section), pools: namesIn(values.get('pools')) };
    checkPool(shared?.values.get('pool'), declared.pools, this.#problems);
    checkTasks(drafts, declared, this.#problems);
    return new Map(drafts.map(({ task }) => [task.name, task]));
  }
}

function from(when: When, start: number | undefined): When {
  const canWait = when.kind === 'minutes' || when.kind === 'interval';
  return canWait && start !== undefined ? { ...when, from: start } : when;
}

/** The keys of a mapping; none for other values. */
function namesIn(value: Value | undefined): ReadonlySet<string> {
  return new Set(value?.kind === 'mapping' ? value.entries.map(({ key }) => key.text) : []);
}

/** The beginning of a day in a zone, or a time; epoch milliseconds. @throws Error with a message for the user */
function startTime(text: string, zone: string | undefined): number {
  const moments = momentsIn(text, zone);
  if (moments !== undefined) return moments.first;
  throw new Error(`start: not a date: ${JSON.stringify(text)} (write 2026-01-01 or 2026-01-01T08:00:00Z)`);
}
