/** The option of tools that read lines of text. */

import { parseEncoding } from '../lines/encoding.ts';
import type { Options } from './option.ts';

/** Declares `--encoding`. */
export const encodingOption = {
  encoding: {
    type: 'text',
    parse: parseEncoding,
    describe: 'of input that has no byte order mark, such as latin1 (default: utf-8)',
  },
} as const satisfies Options;
