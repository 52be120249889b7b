/** The log view of a try, which follows it as it grows. */

import { formatCount } from '../../data/format.ts';
import { make, setText, speak } from '../../shell/dom.ts';
import type { TaskJson } from '../runs-json.ts';
import type { MountView, RunsContext, RunsState } from '../view.ts';
import { chosenLog } from './chosen-log.ts';
import { createFinder } from './finder.ts';
import { createLogPane } from './log-pane.ts';
import { type LogSession, type LogStatus, openLog } from './log-session.ts';
import { logAddress } from './log-stream.ts';
import { createLogTools } from './log-tools.ts';
import { showChoices } from './show-choices.ts';

/** The largest range that the server sends at once, in bytes, at the end of the log. */
const RAW = { offset: '-1048576', limit: '1048576' };

/** Mounts the log. */
export const mount: MountView = (element, context) => {
  let follows = true;
  let [session, opened]: [LogSession | undefined, string] = [undefined, ''];
  const pane = createLogPane(
    () => follows,
    () => context.state().preferences.zone,
  );
  const finder = createFinder(pane, (words, isAny) => tools.showMatches(words, isAny));
  const wrap = (isOn: boolean) => pane.element.classList.toggle('wraps', isOn);
  const tools = createLogTools({
    task: (task) => context.look({ task, attempt: undefined }),
    attempt: (attempt) => context.look({ attempt }),
    search: finder.search,
    step: (by) => {
      follows = false;
      finder.step(by);
    },
    error() {
      follows = false;
      finder.error();
    },
    follow(isOn) {
      follows = isOn;
      if (isOn) toEnd();
    },
    wrap,
  });
  const toEnd = () => {
    follows = true;
    session?.toEnd();
    pane.toEnd();
  };
  const [size, words] = [make('span'), make('span', { role: 'status' })];
  const note = make('p', { class: 'log-note muted' }, size, words);
  /** Only the text is announced, not the size: a log may grow many times a second. */
  const say = (sizeText: string, text: string) => {
    setText(size, sizeText);
    setText(words, text);
  };
  const earlier = make('button', { type: 'button', class: 'more' }, 'Earlier lines');
  earlier.onclick = () => {
    follows = false;
    void session?.earlier();
  };
  const newest = make('button', { type: 'button', class: 'to-end', hidden: '' }, 'To the end');
  newest.onclick = toEnd;
  pane.element.prepend(earlier);
  element.append(tools.element, note, make('div', { class: 'log-frame' }, pane.element, newest));
  attachScrolling();
  wrap(tools.wraps);
  const changed = () => {
    const status = session?.status();
    const { from } = pane.span();
    earlier.hidden = from === 0;
    newest.hidden = status === undefined || (status.isAtEnd && pane.isAtEnd());
    say(
      status === undefined ? '' : sizeOf(status, from),
      status === undefined ? 'it has not started' : wordsOf(status),
    );
    tools.showFollow(follows, status?.isEnded === false);
    finder.refresh();
  };
  return {
    show(state) {
      const run = state.run === undefined ? undefined : context.run(state.run);
      const chosen =
        run === undefined
          ? undefined
          : chosenLog(run, state.look, (task) => itemsOf(run.run, task, state, context));
      tools.element.hidden = pane.element.hidden = run === undefined || chosen === undefined;
      if (run === undefined || chosen === undefined) {
        say('', state.run === undefined ? 'no run yet' : run === undefined ? 'loading' : 'no task yet');
        return;
      }
      const name = { run: run.run, task: (chosen.item ?? chosen.task).task, attempt: chosen.attempt };
      showChoices(tools, run, chosen, itemsOf(run.run, chosen.task.task, state, context));
      tools.showRaw(logAddress(name, RAW));
      const key = chosen.isBegun ? JSON.stringify([name, state.preferences.zone]) : '';
      if (key !== opened) {
        session?.close();
        [session, opened, follows] = [undefined, key, true];
        pane.clear(0);
        if (chosen.isBegun) {
          session = openLog(name, pane, changed, context.fail);
          speak(`log of ${name.task}, try ${name.attempt}`);
        }
      }
      changed();
    },
    leave() {
      session?.close();
      [session, opened] = [undefined, ''];
    },
  };

  function attachScrolling(): void {
    pane.element.addEventListener(
      'scroll',
      () => {
        const isAtEnd = pane.isAtEnd();
        if (follows !== isAtEnd) follows = isAtEnd && session?.status().isAtEnd === true;
        if (pane.element.scrollTop === 0 && !follows) void session?.earlier();
        changed();
      },
      { passive: true },
    );
    element.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLInputElement) return;
      if (event.key === '/') tools.search.focus();
      else if (event.key === 'e') finder.error();
      else if (event.key === 'End') toEnd();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }
};

/** The known items: the first page, and the one with the chosen item. */
function itemsOf(run: number, task: string, { look }: RunsState, context: RunsContext): readonly TaskJson[] {
  const first = context.items(run, task)?.items ?? [];
  const index = Number(/\[(\d+)\]$/.exec(look.task ?? '')?.[1] ?? Number.NaN);
  if (Number.isNaN(index) || first.length === 0 || first.some((each) => each.task === look.task))
    return first;
  return [...(context.items(run, task, index - 1)?.items ?? []), ...first];
}

/** The size as text; '' for an empty or unopened log. */
function sizeOf({ isOpen, size }: LogStatus, from: number): string {
  if (!isOpen || size === 0) return '';
  return `${formatCount(size)} bytes${from === 0 ? '' : `, from byte ${formatCount(from)}`}; `;
}

function wordsOf({ isOpen, size, isEnded, isLost, isMissing }: LogStatus): string {
  if (!isOpen) return 'loading';
  if (isMissing && isLost) return 'there is no log: it was pruned, or has not begun';
  if (size === 0) return isEnded ? 'it has written nothing' : 'nothing written yet';
  return isLost ? 'disconnected, trying again' : isEnded ? 'ended' : 'it is being written';
}
