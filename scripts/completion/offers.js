/**
 * What shells offer where a value or an operand stands: the words that its declaration knows, and names of things that are there.
 *
 * @import { NamedOption } from '../../src/cli/help.ts'
 * @import { Option } from '../../src/cli/option.ts'
 * @import { Tool } from '../../src/cli/tool.ts'
 */

import { readFileSync } from 'node:fs';

/** Prints the names in the first line of a table, or the numbers of its columns: AWK, without a single quote. */
export const headerProgram = readFileSync(new URL('columns.awk', import.meta.url), 'utf8');

/** What is offered for values of these names; the completion of each shell knows how. Of `@list` several, behind commas. */
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

/** Words, and `@file` and the like; empty when any value is as good as another. @param {Option} option */
export function valueOffers({ choices = [], offers = [], value = '' }) {
  const named = value.includes('=') ? [] : namedOffers(value);
  return [...choices, ...offers, ...(offers.length === 0 ? named : named.filter((kind) => kind === '@list'))];
}

/** The same for operands. @param {Pick<Tool, 'operands' | 'operandWords'>} tool */
export function operandOffers({ operands = '', operandWords = [] }) {
  return [...operandWords, ...namedOffers(operands)];
}

/** Of `N|all` the word `all`, of `[FILE...]` files, of `COLUMN,...` columns. @param {string} names */
function namedOffers(names) {
  const parts = names.split('|').map((part) => part.replace(/[[\]., ]/g, ''));
  const offers = parts.flatMap((part) => KINDS.get(part) ?? (/^[a-z]+$/.test(part) ? [part] : []));
  return [...new Set(offers)];
}

/** The ways to write an option. @param {NamedOption} named */
export function spellings([name, { alias }]) {
  return alias === undefined ? [`--${name}`] : [`-${alias}`, `--${name}`];
}

/** The name of the shell function for a tool. @param {Tool} tool */
export const functionName = ({ name }) => `_etlutils_${name.replaceAll('-', '_')}`;
