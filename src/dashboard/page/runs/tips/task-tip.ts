/** The tooltip of a task, on its square, box or bar. */

import { formatCount, formatTime, type Zone } from '../../data/format.ts';
import type { TaskJson } from '../runs-json.ts';
import { itemCounts, stateWords } from '../states/states.ts';
import { formatAgo, formatTook, timeOf, tookMs } from '../words/moments.ts';
import { rowsText, stateText } from './run-tip.ts';
import type { Tip } from './tip-text.ts';

/** The facts of a task of a run; null for a run without it. @param now in epoch ms */
export function taskTip(task: TaskJson | null, title: string, now: number, zone: Zone): Tip {
  if (task === null) return { title, facts: [['state', 'not in this run']] };
  const items = itemCounts(task).map(([state, count]) => `${formatCount(count)} ${stateWords(state)}`);
  return {
    title,
    facts: [
      ['state', stateText(task)],
      ['item', task.item ?? undefined],
      ['items', items.length > 0 ? items.join(', ') : undefined],
      ...timeFacts(task, now, zone),
      ['tries', task.tries > 0 ? String(task.tries) : undefined],
      ['status', task.status === null ? undefined : String(task.status)],
      ['rows', rowsText(task.rows)],
    ],
  };
}

type Times = Pick<TaskJson, 'queued' | 'start' | 'end' | 'retryAt'>;

function timeFacts({ queued, start, end, retryAt }: Times, now: number, zone: Zone) {
  const [waited, ran] = [tookMs(queued, start ?? end, now), tookMs(start, end, now)];
  const [begun, again] = [timeOf(start), timeOf(retryAt)];
  return [
    ['queued', waited === undefined ? undefined : formatTook(waited)],
    [end === null ? 'running for' : 'took', ran === undefined ? undefined : formatTook(ran)],
    ['started', begun === undefined ? undefined : formatTime(Math.floor(begun / 1000) * 1000, zone)],
    ['next try', again === undefined ? undefined : formatAgo(again, now)],
  ] as const;
}

/** The facts in one sentence, for a label. */
export function tipSentence({ title, facts }: Tip): string {
  const told = facts.flatMap(([name, text]) =>
    text === undefined ? [] : [name === 'state' ? text : `${name} ${text}`],
  );
  return [title, ...told].join(', ');
}
