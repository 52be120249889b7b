/** The box of a task. */

import { draw, setText } from '../../shell/dom.ts';
import { fittedName, fittedWords, type Measure } from '../parts/fitting.ts';
import type { GraphTaskJson, TaskJson } from '../runs-json.ts';
import { itemCounts, stateClass, stateLetter } from '../states/states.ts';
import { type NodePlace, pillWidthOf } from './drawing.ts';
import { nodeWords, ruleWords } from './node-words.ts';

const CORNER = 7;
const BADGE = 18;
const EDGE = 12;

/** Widths of task names, and of the text below them. */
export interface Measures {
  readonly name: Measure;
  readonly words: Measure;
}

export interface NodeShow {
  readonly task: TaskJson | undefined;
  readonly now: number;
  readonly isChosen: boolean;
  readonly isLit: boolean;
  readonly label: string;
}

export interface GraphNode {
  readonly element: SVGGElement;
  show(how: NodeShow): void;
}

/** A box at its position: rounded for a task that waits, stacked for one that is split. */
export function createNode(
  task: GraphTaskJson,
  { x, y, width, height }: NodePlace,
  measures: Measures,
): GraphNode {
  const corner = task.waits ? height / 2 : CORNER;
  const inset = task.waits ? EDGE + 4 : EDGE;
  const letter = draw('text', { class: 'letter', x: inset + BADGE / 2, y: height / 2 + 4 });
  const left = inset + BADGE + 8;
  const room = width - left - inset;
  const words = draw('text', { class: 'words', x: left, y: height / 2 + 14 });
  const title = draw('text', { class: 'task-name', x: left }, fittedName(task.name, room, measures.name));
  const bar = draw('g', { class: 'items', transform: `translate(${CORNER} ${height - 4})` });
  const element = draw(
    'g',
    {
      class: 'node',
      transform: `translate(${x - width / 2} ${y - height / 2})`,
      tabindex: -1,
      role: 'button',
    },
    ...(task.isSplit
      ? [6, 3].map((by) => draw('rect', { class: 'behind', x: by, y: -by, width, height, rx: corner }))
      : []),
    draw('rect', { class: 'box', width, height, rx: corner }),
    draw('rect', { class: 'badge', x: inset, y: (height - BADGE) / 2, width: BADGE, height: BADGE, rx: 4 }),
    letter,
    title,
    words,
    bar,
    ...pill(task),
  );
  let counts = '';
  return {
    element,
    show({ task: now, isChosen, isLit, label, ...how }) {
      const state = now?.state ?? 'none';
      const names = ['node', stateClass(state), isChosen && 'chosen', !isLit && 'dim', task.waits && 'waits'];
      const text = names.filter((name) => name !== false).join(' ');
      if (element.getAttribute('class') !== text) element.setAttribute('class', text);
      if (element.getAttribute('aria-label') !== label) element.setAttribute('aria-label', label);
      element.setAttribute('aria-pressed', String(isChosen));
      setText(letter, stateLetter(state));
      setText(words, fittedWords(nodeWords(now, how.now), room, measures.words));
      title.setAttribute('y', String(height / 2 + (words.textContent === '' ? 4.5 : -3)));
      const key = JSON.stringify(now?.items ?? null);
      if (key === counts) return;
      counts = key;
      bar.replaceChildren(...(now === undefined ? [] : segments(now, width - 2 * CORNER)));
    },
  };
}

/** The trigger rule, on the upper edge of the box. */
function pill(task: GraphTaskJson): SVGElement[] {
  const width = pillWidthOf(task);
  if (width === 0) return [];
  return [
    draw('rect', { class: 'pill', x: EDGE - 4, y: -9, width, height: 15, rx: 7 }),
    draw('text', { class: 'rule', x: EDGE + 1, y: 2, textLength: width - 10 }, ruleWords(task)),
  ];
}

function segments(task: TaskJson, width: number): SVGElement[] {
  const counts = itemCounts(task);
  const all = counts.reduce((sum, [, count]) => sum + count, 0);
  let x = 0;
  return counts.map(([state, count]) => {
    const part = (count / all) * width;
    const rect = draw('rect', { class: stateClass(state), x, y: 0, width: part, height: 3 });
    x += part;
    return rect;
  });
}
