/**
 * Completion for bash: its functions, and the tables that they use.
 *
 * @import { Tool } from '../../src/cli/tool.ts'
 */

import { readFileSync } from 'node:fs';
import { headerProgram, operandOffers, spellings, valueOffers } from './offers.js';

const functions = readFileSync(new URL('functions.bash', import.meta.url), 'utf8');

/** @param {readonly Tool[]} tools each with all of its options @returns {string} a file to be sourced */
export function bashCompletion(tools) {
  const commands = tools.filter(({ command }) => command !== undefined).map(({ name }) => name);
  return [
    functions,
    `_etlutils_header='${headerProgram}'\n`,
    table('_etlutils_runs() { # TOOL', [`${commands.join(' | ')}) true`, '*) false']),
    table(
      '_etlutils_options() { # TOOL',
      tools.map((tool) => `${tool.name}) REPLY=${lines(options(tool))}`),
    ),
    table(
      '_etlutils_operand() { # TOOL',
      tools.map((tool) => `${tool.name}) REPLY=${lines(operandOffers(tool))}`),
    ),
    table('_etlutils_value() { # TOOL OPTION', [...tools.flatMap(values), '*) false'], '$1:$2'),
    `complete -o bashdefault -o default -F _etlutils ${tools.map(({ name }) => name).join(' ')}\n`,
  ].join('\n');
}

/** @param {string} head @param {readonly string[]} cases */
function table(head, cases, word = '$1') {
  return `${head}\n  case ${word} in\n${cases.map((each) => `    ${each} ;;\n`).join('')}  esac\n}\n`;
}

/** @param {Tool} tool */
function options({ options }) {
  return Object.entries(options).flatMap(([name, { type, alias }]) => [
    ...(alias === undefined ? [] : [`-${alias}`]),
    type === 'flag' ? `--${name}` : `--${name}=`,
  ]);
}

/** A case for each set of options with the same offers. @param {Tool} tool */
function values({ name, options }) {
  /** @type {Map<string, string[]>} */
  const patterns = new Map();
  for (const named of Object.entries(options)) {
    if (named[1].type === 'flag') continue;
    const offers = lines(valueOffers(named[1]));
    patterns.set(offers, [
      ...(patterns.get(offers) ?? []),
      ...spellings(named).map((option) => `${name}:${option}`),
    ]);
  }
  return [...patterns].map(([offers, names]) => `${names.join(' | ')}) REPLY=${offers}`);
}

/** @param {readonly string[]} words */
function lines(words) {
  return `$'${words.map((word) => word.replaceAll(/[\\']/g, '\\$&')).join('\\n')}'`;
}
