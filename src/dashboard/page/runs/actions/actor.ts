/** Sends actions to the server, and shows their results in `#done`. */

import { postJson, Refusal } from '../../data/api.ts';
import { find, make } from '../../shell/dom.ts';
import { hrefOf } from '../look.ts';
import type { ActionJson } from '../runs-json.ts';
import { type Action, addressOf } from './actions.ts';
import { askForToken } from './token-dialog.ts';

interface Actor {
  act(action: Action): Promise<void>;
  /** Hides the result of the last action. */
  forget(): void;
}

/** @param done called after a successful action */
export function createActor(done: () => void): Actor {
  const element = find('done', HTMLElement);
  let token: string | undefined;
  const close = make('button', { type: 'button', class: 'small quiet', 'aria-label': 'Close' }, '×');
  const forget = () => {
    element.hidden = true;
  };
  close.onclick = () => {
    forget();
    // The focused button is now hidden.
    find('main', HTMLElement).focus({ preventScroll: true });
  };
  const say = (isDone: boolean, ...words: readonly (Node | string)[]) => {
    element.className = isDone ? 'done' : 'done refused';
    element.replaceChildren(make('span', {}, ...words), close);
    element.hidden = false;
  };
  const send = (action: Action): Promise<ActionJson> =>
    postJson(addressOf(action), 'request' in action ? action.request : {}, token);
  const sendWithToken = async (action: Action): Promise<ActionJson | undefined> => {
    try {
      return await send(action);
    } catch (error) {
      if (!(error instanceof Refusal) || error.status !== 401) throw error;
      token = await askForToken(error.reason);
      return token === undefined ? undefined : send(action);
    }
  };
  return {
    async act(action) {
      try {
        const answer = await sendWithToken(action);
        if (answer === undefined) return;
        const { run, message } = answer;
        const link = 'run' in action || run === null ? [] : [' as ', linkTo(run)];
        say(true, `${subjectOf(action)}: ${message}`, ...link);
        done();
      } catch (error) {
        say(false, refusalText(error));
      }
    },
    forget,
  };
}

function refusalText(error: unknown): string {
  if (error instanceof Refusal) return error.reason;
  return error instanceof Error ? error.message : `${error}`;
}

function subjectOf(action: Action): string {
  return 'run' in action ? `run ${action.run}` : action.job;
}

function linkTo(run: number): HTMLAnchorElement {
  return make('a', { href: hrefOf({ run, view: 'graph' }) }, `run ${run}`);
}
