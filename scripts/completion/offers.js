/**
 * What shells offer for values and operands: the words of their declarations, and kinds, such as files, that the shell looks up.
 *
 * @import { NamedOption } from '../../src/cli/help.ts'
 * @import { Option } from '../../src/cli/option.ts'
 * @import { Tool } from '../../src/cli/tool.ts'
 */

import { readFileSync } from 'node:fs';

/** An AWK program without single quotes: prints the column names in the first line of a table, or the column numbers. */
export const headerProgram = readFileSync(new URL('columns.awk', import.meta.url), 'utf8');

/** The kinds to offer for values with these names; each shell implements them. `@list` allows several, with commas. */
const KINDS = new Map([
  ['FILE', ['@file']],
  ['STORE', ['@file']],
  ['QUEUE', ['@file']],
  ['LAKE', ['@file']],
  ['ADDRESS', ['@file']],
  ['FOLDER', ['@folder']],
  ['COLUMN', ['@list', '@column']],
  ['COLUMNS', ['@list', '@column']],
  ['STATS', ['@list']],
  ['ZONE', ['@zone']],
  ['SENSOR', ['@sensor']],
]);

/** Words, and kinds such as `@file`; empty for arbitrary values. @param {Option} option */
export function valueOffers({ choices = [], offers = [], value = '' }) {
  const named = value.includes('=') ? [] : namedOffers(value);
  return [...choices, ...offers, ...(offers.length === 0 ? named : named.filter((kind) => kind === '@list'))];
}

/** The offers for operands. @param {Pick<Tool, 'operands' | 'operandWords'>} tool */
export function operandOffers({ operands = '', operandWords = [] }) {
  return [...operandWords, ...namedOffers(operands)];
}

/** The word `all` for `N|all`, files for `[FILE...]`, columns for `COLUMN,...`. @param {string} names */
function namedOffers(names) {
  const parts = names.split('|').map((part) => part.replace(/[[\]., ]/g, ''));
  const offers = parts.flatMap((part) => KINDS.get(part) ?? (/^[a-z]+$/.test(part) ? [part] : []));
  return [...new Set(offers)];
}

/** The spellings of an option. @param {NamedOption} named */
export function spellings([name, { alias }]) {
  return alias === undefined ? [`--${name}`] : [`-${alias}`, `--${name}`];
}

/** The name of the shell function for a tool. @param {Tool} tool */
export const functionName = ({ name }) => `_etlutils_${name.replaceAll('-', '_')}`;
