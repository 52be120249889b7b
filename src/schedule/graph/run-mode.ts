/** What the options of run-tasks ask for. */

import { Failure, status } from '../../failure.ts';
import { quote } from '../../lines/line.ts';
import { didYouMean } from '../../lines/nearest.ts';
import type { Moment } from '../../readings/moment.ts';
import type { Span } from '../due/due.ts';
import type { Graph } from './graph.ts';
import type { Selection } from './select-tasks.ts';
import { spanIn } from './span.ts';

/** How run-tasks runs a graph. */
export type RunMode =
  | {
      readonly kind: 'once';
      /** The graph, or the selected part of it. */
      readonly part: Graph;
      /** The time to run for; undefined: now. */
      readonly at: number | undefined;
      readonly env: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'resume'; readonly run: number | 'last'; readonly force: boolean }
  /** The due times within a span, both ends included. */
  | { readonly kind: 'backfill'; readonly span: Span; readonly mostAtOnce: number };

/** The parsed options. */
export interface RunTasksOptions {
  readonly only: readonly (readonly string[])[];
  readonly from: readonly (readonly string[])[];
  readonly at: Moment | undefined;
  readonly env: readonly (readonly [name: string, value: string])[];
  readonly backfill: readonly [from: string, to: string] | undefined;
  readonly 'max-active': number | undefined;
  readonly resume: number | 'last' | undefined;
  readonly force: boolean;
  readonly 'dry-run': boolean;
  readonly json: boolean;
  readonly airflow: boolean;
}

/** @throws Failure (usage) for options that cannot be combined */
export function refuseMisplaced(options: RunTasksOptions): void {
  const { at, env, only, from, backfill, resume, force, json } = options;
  const refuse = (name: string, place: string) => {
    throw new Failure(status.usage, `--${name} is ${place} (see run-tasks --help)`);
  };
  if (json && !options['dry-run']) refuse('json', 'for --dry-run only');
  if (force && resume === undefined) refuse('force', 'for --resume only');
  if (options['max-active'] !== undefined && backfill === undefined)
    refuse('max-active', 'for --backfill only');
  if (resume !== undefined && backfill !== undefined) refuse('backfill', 'not for --resume');
  const once = { at: at !== undefined, env: env.length > 0 };
  const others = { backfill: backfill !== undefined, resume: resume !== undefined };
  const parts = { only: only.length > 0, from: from.length > 0 };
  const refuseAll = (given: Readonly<Record<string, boolean>>, kind: string) => {
    for (const [name, isGiven] of Object.entries(given)) if (isGiven) refuse(name, `not for --${kind}`);
  };
  if (options.airflow) refuseAll({ ...once, ...others, 'dry-run': options['dry-run'] }, 'airflow');
  // These depend on the ledger, which a dry run does not read.
  if (options['dry-run']) refuseAll(others, 'dry-run');
  if (resume !== undefined) refuseAll({ ...once, ...parts }, 'resume');
  if (backfill !== undefined) refuseAll({ ...once, ...parts }, 'backfill');
}

/** @throws Failure (usage) */
export function runModeOf(
  { at, env, backfill, 'max-active': mostAtOnce = 1, resume, force }: RunTasksOptions,
  graph: Graph,
  part: Graph,
  now: number,
): RunMode {
  if (resume !== undefined) return { kind: 'resume', run: resume, force };
  if (backfill !== undefined) return { kind: 'backfill', span: spanIn(backfill, graph), mostAtOnce };
  const given = Object.fromEntries(env);
  checkDeclared(graph, given);
  return { kind: 'once', at: at?.({ now, zone: graph.timezone }), env: given, part };
}

/** The tasks that --only and --from select. */
export function selectionOf({ only, from }: RunTasksOptions): Selection {
  const names = (given: readonly (readonly string[])[]) => (given.length === 0 ? undefined : given.flat());
  return { only: names(only), from: names(from) };
}

/** @throws Failure (usage) for a name that the file does not declare */
function checkDeclared({ env, place }: Graph, given: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(env, name)) continue;
    const hint = didYouMean(name, Object.keys(env));
    throw new Failure(status.usage, `--env: ${place.file} declares no ${quote(name)} in its env${hint}`);
  }
}
