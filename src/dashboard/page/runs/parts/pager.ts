/** The pager of older and newer runs. */

import { make, setText } from '../../shell/dom.ts';
import type { RunJson } from '../runs-json.ts';
import type { RunsContext } from '../view.ts';

export interface Pager {
  readonly element: HTMLElement;
  /** @param older the `before` of the next older page; undefined at the end */
  show(older: number | undefined, days: string, runs: readonly RunJson[]): void;
  older(): void;
  newer(): void;
}

export function createPager(context: RunsContext): Pager {
  const [back, forth, newest] = [
    make(
      'button',
      { type: 'button', class: 'small', 'aria-label': 'Older runs', title: 'Older runs (Page up)' },
      '‹',
    ),
    make(
      'button',
      { type: 'button', class: 'small', 'aria-label': 'Newer runs', title: 'Newer runs (Page down)' },
      '›',
    ),
    make('button', { type: 'button' }, 'Newest'),
  ];
  const words = make('span', { class: 'muted' });
  /** The `before` of the newer pages, most recent last. */
  let turned: (number | undefined)[] = [];
  let next: number | undefined;
  const pager: Pager = {
    element: make('div', { class: 'pager' }, words, make('span', { class: 'group' }, back, forth, newest)),
    show(older, days, runs) {
      const { before } = context.state().look;
      if (before === undefined) turned = [];
      next = older;
      back.disabled = older === undefined;
      forth.disabled = before === undefined;
      newest.hidden = before === undefined;
      const [first, last] = [runs[0]?.run, runs.at(-1)?.run];
      setText(
        words,
        first === undefined
          ? ''
          : `${days}, ${first === last ? 'run' : 'runs'} ${first}${first === last ? '' : ` to ${last}`}`,
      );
    },
    older() {
      if (next === undefined) return;
      turned.push(context.state().look.before);
      context.look({ before: next });
    },
    newer() {
      // Empty after a direct visit of an older page: then to the newest.
      if (context.state().look.before !== undefined) context.look({ before: turned.pop() });
    },
  };
  back.onclick = pager.older;
  forth.onclick = pager.newer;
  newest.onclick = () => context.look({ before: undefined });
  return pager;
}
