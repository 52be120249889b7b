/** The text in a task's box, below its name. */

import type { GraphTaskJson, TaskJson } from '../runs-json.ts';
import { stateWords } from '../states/states.ts';
import { formatTook, timeOf, tookMs } from '../words/moments.ts';

/** A few facts, most important first: how long, how often, or why not. @param now in epoch ms */
export function nodeWords(task: TaskJson | undefined, now: number): readonly string[] {
  if (task === undefined) return [];
  const counts = splitWords(task);
  return [counts, stateDetail(task, now), task.tries > 1 ? `try ${task.tries}` : ''].filter(
    (word) => word !== '',
  );
}

function stateDetail(task: TaskJson, now: number): string {
  const { state, start, end, queued, reason, status } = task;
  switch (state) {
    case 'running':
    case 'success':
      return formatTook(tookMs(start, end, now));
    case 'queued':
      return `queued ${formatTook(tookMs(queued, null, now))}`;
    case 'failed':
      return reason ?? (status === null ? 'failed' : `exit ${status}`);
    case 'up_for_retry': {
      const again = (timeOf(task.retryAt) ?? now) - now;
      return again > 0 ? `again in ${formatTook(again)}` : 'again soon';
    }
    case 'none':
      return '';
    default:
      return reason ?? stateWords(state);
  }
}

/** `7 of 12` items finished. */
function splitWords({ items }: TaskJson): string {
  if (items === null) return '';
  const all = Object.values(items).reduce((sum, count) => sum + (count ?? 0), 0);
  return `${(items.success ?? 0) + (items.skipped ?? 0)} of ${all}`;
}

/** The trigger rule and waiting of a task, for its box; '' for a task that runs once all its needs have succeeded. */
export function ruleWords({ triggerRule, waits }: Pick<GraphTaskJson, 'triggerRule' | 'waits'>): string {
  return [waits ? 'waits' : '', triggerRule === 'all_success' ? '' : triggerRule]
    .filter((word) => word !== '')
    .join(', ');
}
