/** The option of tools that read lines of text. */

import { parseEncoding, someEncodings } from '../lines/encoding.ts';
import { inGroup } from './option.ts';

/** Declares `--encoding`. */
export const encodingOption = inGroup('Input', {
  encoding: {
    type: 'text',
    value: 'ENCODING',
    parse: parseEncoding,
    offers: someEncodings,
    describe: 'encoding of input without a BOM, such as latin1 (default: utf-8)',
  },
});
