/** The tooltip of a run's square. */

import { formatTime, type Zone } from '../../data/format.ts';
import type { JobJson, RunJson, TaskJson } from '../runs-json.ts';
import { stateWords } from '../states/states.ts';
import { formatTook, timeOf, tookMs } from '../words/moments.ts';
import type { Tip } from './tip-text.ts';

type BriefRun = JobJson['recent'][number] & Partial<RunJson>;

/** The facts of a run: those in lists, and more where known. */
export function runTip(run: BriefRun, now: number, zone: Zone): Tip {
  const time = (text: string | null | undefined) => {
    const at = timeOf(text ?? null);
    return at === undefined ? undefined : formatTime(at, zone);
  };
  const took = tookMs(run.start, run.end, now);
  return {
    title: `run ${run.run}: ${stateText(run)}`,
    facts: [
      ['for', time(run.scheduled)],
      ['trigger', run.trigger],
      ['started', time(run.start)],
      [run.end === null ? 'running for' : 'took', took === undefined ? undefined : formatTook(took)],
      ['next try', time(run.retryAt)],
      ['tries', run.tries === undefined || run.tries < 2 ? undefined : String(run.tries)],
      ['status', run.status == null ? undefined : String(run.status)],
      ['rows', rowsText(run.rows)],
    ],
  };
}

/** `failed (timeout)`. */
export function stateText({ state, reason }: Pick<RunJson | TaskJson, 'state' | 'reason'>): string {
  return reason === null ? stateWords(state) : `${stateWords(state)} (${reason})`;
}

/** `60 in, 1 out, 2 rejected`: the known counts; undefined for none. */
export function rowsText(rows: RunJson['rows'] | undefined): string | undefined {
  if (rows == null) return undefined;
  const counts = [
    ...(rows.in === null ? [] : [`${rows.in} in`]),
    ...(rows.out === null ? [] : [`${rows.out} out`]),
    ...(rows.rejected === 0 ? [] : [`${rows.rejected} rejected`]),
  ];
  return counts.length === 0 ? undefined : counts.join(', ');
}
