/** A live view of the ledger: cached responses, refreshed by server events. */

import { getJson, Refusal } from '../../data/api.ts';
import type { Zone } from '../../data/format.ts';
import { listenToServer } from '../../data/server-events.ts';
import type { Look } from '../look.ts';
import type {
  GraphJson,
  GridJson,
  ItemsJson,
  JobsJson,
  RunDetailJson,
  RunsChangeJson,
  RunsJson,
} from '../runs-json.ts';
import { startOfDay } from '../words/moments.ts';
import { createAnswers } from './answers.ts';
import { createJobsLoader } from './jobs-loader.ts';

const JOBS = 'api/jobs';
const ITEMS = 100;

interface LedgerListener {
  /** Called after every change, and every response. */
  changed(): void;
  /** Called repeatedly, possibly with the same value. */
  connected(isConnected: boolean): void;
}

/** See `RunsContext` in view.ts for how requests and their results work. */
export interface LiveLedger {
  jobs(): JobsJson | undefined;
  run(run: number): RunDetailJson | undefined;
  isRunGone(run: number): boolean;
  runs(job: string, look: Look, zone: Zone, limit: number): RunsJson | undefined;
  /** Only the run before this one. */
  earlier(job: string, run: number): RunsJson | undefined;
  grid(job: string, before: number | undefined, limit: number): GridJson | undefined;
  graph(hash: string): GraphJson | undefined;
  items(run: number, task: string, after: number | undefined): ItemsJson | undefined;
  /** The server's clock in epoch ms. */
  now(): number;
  /** The error of a request that is in use. */
  problem(): unknown;
  /** Reloads everything that is in use. */
  refresh(): void;
}

/** Subscribes to the server's events. */
export function followLedger(listener: LedgerListener): LiveLedger {
  let aheadMs = 0;
  let wasLost = false;
  const keepTime = (now: string) => {
    aheadMs = Date.parse(now) - Date.now();
  };
  const ask = async <Answer extends { readonly now?: string }>(address: string): Promise<Answer> => {
    const answer = await getJson<Answer>(address);
    if (answer.now !== undefined) keepTime(answer.now);
    return answer;
  };
  const loadJobs = createJobsLoader((query) => ask(`${JOBS}${query}`));
  const answers = createAnswers({
    load: (address) => (address === JOBS ? loadJobs() : ask(address)),
    isNone: (error) => error instanceof Refusal && error.status === 404,
    arrived: listener.changed,
  });
  const refresh = (runs: readonly number[] | null) => {
    answers.changed(runs);
    listener.changed();
  };
  listenToServer('api/runs/events', {
    events: {
      change(text) {
        const { now, runs }: RunsChangeJson = JSON.parse(text);
        keepTime(now);
        refresh(runs);
      },
    },
    connected(isConnected) {
      // Changes were missed while disconnected.
      if (isConnected && wasLost) refresh(null);
      wasLost = !isConnected;
      listener.connected(isConnected);
    },
    left() {
      wasLost = true;
    },
  });
  return {
    jobs: () => answers.get({ address: JOBS }),
    run: (run) => answers.get({ address: `api/runs/${run}`, run }),
    isRunGone: (run) => answers.isGone(`api/runs/${run}`),
    runs: (job, look, zone, limit) =>
      answers.get({ address: `api/runs?${runsQuery(job, look, zone, limit)}` }),
    earlier: (job, run) => answers.get({ address: `api/runs?${query({ job, before: run, limit: 1 })}` }),
    grid: (job, before, limit) => answers.get({ address: `api/grid?${query({ job, before, limit })}` }),
    graph: (hash) => answers.get({ address: `api/graphs/${encodeURIComponent(hash)}`, canChange: false }),
    items: (run, task, after) =>
      answers.get({ address: `api/runs/${run}/items?${query({ task, after, limit: ITEMS })}`, run }),
    problem: answers.problem,
    now: () => Date.now() + aheadMs,
    refresh: () => refresh(null),
  };
}

function runsQuery(job: string, look: Look, zone: Zone, limit: number): string {
  const { states, trigger, from, to, before } = look;
  const span = { from: dayText(from, zone, 0), to: dayText(to, zone, 1) };
  return query({ job, state: states, trigger, ...span, before, limit });
}

/** The start of a day, or of the day `later` days after it. */
function dayText(day: string | undefined, zone: Zone, later: number): string | undefined {
  return day === undefined ? undefined : new Date(startOfDay(day, zone, later)).toISOString();
}

type Value = string | number | undefined;

function query(values: Readonly<Record<string, Value | readonly Value[]>>): string {
  const said = new URLSearchParams();
  for (const [name, value] of Object.entries(values))
    for (const each of [value].flat()) if (each !== undefined) said.append(name, String(each));
  return said.toString();
}
