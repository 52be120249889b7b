/**
 * Completion for zsh: a function that passes the options of each tool to `_arguments`.
 *
 * @import { NamedOption } from '../../src/cli/help.ts'
 * @import { Tool } from '../../src/cli/tool.ts'
 */

import { readFileSync } from 'node:fs';
import { headerProgram, operandOffers, spellings, valueOffers } from './offers.js';

const functions = readFileSync(new URL('functions.zsh', import.meta.url), 'utf8');

/**
 * @param {readonly Tool[]} tools each with all of its options
 * @param {(named: NamedOption[1]) => string} valueName
 * @returns {string} a file to be sourced, or loaded by compinit
 */
export function zshCompletion(tools, valueName) {
  const names = tools.map(({ name }) => name).join(' ');
  return [
    `#compdef ${names}`,
    functions,
    `typeset -g _etlutils_header='${headerProgram}'\n`,
    '_etlutils() {',
    '  case $service in',
    ...tools.map((tool) => `    ${tool.name})\n${argumentsOf(tool, valueName)} ;;`),
    '  esac',
    '}',
    '',
    '# Compinit calls this file for its function.',
    `if [[ $funcstack[1] == _etlutils ]]; then _etlutils "$@"; else compdef _etlutils ${names}; fi`,
    '',
  ].join('\n');
}

/** @param {Tool} tool @param {(named: NamedOption[1]) => string} valueName */
function argumentsOf(tool, valueName) {
  const specs = Object.entries(tool.options).flatMap((named) => optionSpecs(named, valueName));
  const call = ['_arguments -s -S', ...specs, operandSpec(tool)];
  const command = tool.command === undefined ? '' : '      _etlutils_command && return\n';
  return `${command}      ${call.join(' \\\n        ')}`;
}

/** @param {NamedOption} named @param {(option: NamedOption[1]) => string} valueName */
function optionSpecs(named, valueName) {
  const [name, { type, repeats, excludes = [], describe }] = named;
  const ways = spellings(named);
  const excluded = [...ways, ...excludes.map((other) => `--${other}`)];
  const before = repeats ? '*' : `(${excluded.join(' ')})`;
  const value = type === 'flag' ? '' : `:${escaped(valueName(named[1]))}:${action(valueOffers(named[1]))}`;
  return ways.map((way) => {
    const joint = type === 'flag' ? '' : way === `--${name}` ? '=' : '+';
    return quoted(`${before}${way}${joint}[${escaped(describe)}]${value}`);
  });
}

/** @param {Tool} tool */
function operandSpec(tool) {
  const { operands } = tool;
  // Otherwise zsh would offer options instead of operands.
  if (operands === undefined) return "'*:no operand: '";
  const count = operands.includes('...') ? '*' : '1';
  return quoted(`${count}:${escaped(operands.replaceAll(/[[\]]/g, ''))}:${action(operandOffers(tool))}`);
}

/** @param {readonly string[]} offers */
function action(offers) {
  return offers.length === 0 ? ' ' : ` _etlutils_offer ${offers.map(escaped).join(' ')}`;
}

/** Escapes for `_arguments`. @param {string} text */
function escaped(text) {
  return text.replaceAll(/[[\]:\\]/g, '\\$&');
}

/** @param {string} text */
function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
