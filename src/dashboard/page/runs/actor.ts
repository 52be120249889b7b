/** Does what a person asks for, and says what came of it in `#done`. */

import { find, make } from '../shell/dom.ts';
import { type Action, needsToken, refusalText, send } from './actions.ts';
import { hrefOf } from './look.ts';
import type { ActionJson } from './runs-json.ts';
import { askForToken } from './token-dialog.ts';

interface Actor {
  act(action: Action): Promise<void>;
  /** Says no more of the last action. */
  forget(): void;
}

/** @param done called when the schedule has done something */
export function createActor(done: () => void): Actor {
  const element = find('done', HTMLElement);
  let token: string | undefined;
  const say = (isDone: boolean, ...words: readonly (Node | string)[]) => {
    element.className = isDone ? 'done' : 'done refused';
    element.replaceChildren(...words);
    element.hidden = false;
  };
  const sendWithToken = async (action: Action): Promise<ActionJson | undefined> => {
    try {
      return await send(action, token);
    } catch (error) {
      if (!needsToken(error)) throw error;
      token = await askForToken(refusalText(error));
      return token === undefined ? undefined : send(action, token);
    }
  };
  return {
    async act(action) {
      try {
        const answer = await sendWithToken(action);
        if (answer === undefined) return;
        const { run, message } = answer;
        say(
          true,
          message,
          ...(run === null ? [] : [' ', make('a', { href: hrefOf({ run }) }, 'Look at it')]),
        );
        done();
      } catch (error) {
        say(false, refusalText(error));
      }
    },
    forget() {
      element.hidden = true;
    },
  };
}
