/**
 * Completion for fish: a line for each option.
 *
 * @import { NamedOption } from '../../src/cli/help.ts'
 * @import { Tool } from '../../src/cli/tool.ts'
 */

import { readFileSync } from 'node:fs';
import { headerProgram, operandOffers, valueOffers } from './offers.js';

const functions = readFileSync(new URL('functions.fish', import.meta.url), 'utf8');

/** How fish completes each kind of offer, except files, which are switched on. */
const SUBSTITUTIONS = new Map([
  ['@folder', '(__fish_complete_directories)'],
  ['@column', '(__etlutils_columns)'],
  ['@zone', '(__etlutils_zones)'],
  ['@sensor', '(__etlutils_sensors)'],
]);

/** @param {readonly Tool[]} tools each with all of its options @returns {string} a file to be sourced */
export function fishCompletion(tools) {
  const header = `set -g __etlutils_header ${quoted(headerProgram)}\n`;
  return [functions, header, ...tools.map((tool) => `${toolLines(tool).join('\n')}\n`)].join('\n');
}

/** @param {Tool} tool */
function toolLines(tool) {
  const offers = operandOffers(tool);
  const start = `complete -c ${tool.name}`;
  return [
    ...(tool.command === undefined
      ? []
      : [`${start} -n __etlutils_has_command -x -a '(__etlutils_command)'`]),
    [start, ...(offers.includes('@file') ? [] : ['-f']), ...wordsOf(offers)].join(' '),
    ...Object.entries(tool.options).map((named) => `${start} ${optionWords(named).join(' ')}`),
  ].filter((line) => line !== start);
}

/** @param {NamedOption} named */
function optionWords([name, option]) {
  const offers = valueOffers(option);
  return [
    ...(option.alias === undefined ? [] : [`-s ${option.alias}`]),
    `-l ${name}`,
    ...(option.type === 'flag' ? [] : [offers.includes('@file') ? '-r -F' : '-x']),
    ...wordsOf(offers),
    `-d ${quoted(option.describe)}`,
  ];
}

/** @param {readonly string[]} offers */
function wordsOf(offers) {
  const words = offers
    .filter((offer) => offer !== '@file' && offer !== '@list')
    .map((offer) => SUBSTITUTIONS.get(offer) ?? offer)
    .join(' ');
  if (words === '') return [];
  return [`-a ${quoted(offers.includes('@list') ? `(__etlutils_list ${words})` : words)}`];
}

/** @param {string} text */
function quoted(text) {
  return `'${text.replaceAll(/[\\']/g, '\\$&')}'`;
}
