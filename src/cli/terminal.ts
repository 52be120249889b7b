/** The capabilities of the terminal on stdout, by the environment and the terminal itself. */

import type { Io } from './tool.ts';

interface Terminal {
  /** Width in characters; undefined when unknown. */
  readonly columns: number | undefined;
  /** Whether to write colour: false for a pipe, a file, a dumb terminal, and with $NO_COLOR. */
  readonly colour: boolean;
  /** Whether it shows UTF-8. */
  readonly unicode: boolean;
}

/** Looks up the capabilities; $COLUMNS overrides the terminal's own width, as in GNU programs. */
export function terminalOf({ env, columns }: Pick<Io, 'env' | 'columns'>): Terminal {
  const own = columns();
  const asked = /^[1-9]\d{0,4}$/.test(env.COLUMNS ?? '') ? Number(env.COLUMNS) : undefined;
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG;
  return {
    columns: asked ?? (own || undefined),
    colour: own !== undefined && !env.NO_COLOR && env.TERM !== 'dumb',
    // Without a locale, as in most containers, files and terminals are UTF-8 all the same.
    unicode: locale === undefined || locale === '' || /utf-?8/i.test(locale),
  };
}
