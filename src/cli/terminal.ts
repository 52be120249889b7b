/** What the terminal of a tool can show, by the environment and the terminal itself. */

import type { Io } from './tool.ts';

export interface Terminal {
  /** Characters across; undefined when nobody says. */
  readonly columns: number | undefined;
  /** Not for a pipe, a file, a terminal that cannot, or a user who does not want it. */
  readonly colour: boolean;
  /** Whether it is UTF-8 that is shown. */
  readonly unicode: boolean;
}

/** As everywhere in GNU, $COLUMNS is believed before the terminal. */
export function terminalOf({ env, columns }: Pick<Io, 'env' | 'columns'>): Terminal {
  const across = columns();
  const asked = /^[1-9]\d{0,4}$/.test(env.COLUMNS ?? '') ? Number(env.COLUMNS) : undefined;
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG;
  return {
    columns: asked ?? (across || undefined),
    colour: across !== undefined && !env.NO_COLOR && env.TERM !== 'dumb',
    // Where no locale is set, as in most containers, files and terminals are UTF-8 all the same.
    unicode: locale === undefined || locale === '' || /utf-?8/i.test(locale),
  };
}
