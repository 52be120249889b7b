/**
 * The manual page of a tool, from its declaration and from `facts.js`.
 *
 * @import { NamedOption, OptionGroup } from '../../src/cli/help.ts'
 * @import { Option, Options } from '../../src/cli/option.ts'
 * @import { Tool } from '../../src/cli/tool.ts'
 */

import { readFileSync } from 'node:fs';
import { commonEnvironment, commonStatuses, facts } from './facts.js';
import { bold, example, item, paragraphs, prose, roff, withNames } from './roff.js';

/**
 * @typedef {object} Edition what all pages share
 * @property {string} version
 * @property {string} date
 * @property {readonly string[]} names of all tools
 * @property {(options: Options) => OptionGroup[]} optionGroups
 * @property {(option: Option) => string} valueNameOf
 * @property {(option: Option) => string} descriptionOf
 * @property {(tool: Tool) => string} usageOperands
 */

/** @param {Tool} tool with all of its options @param {Edition} edition */
export function manPage(tool, edition) {
  const { name, summary, notes = '' } = tool;
  const { version, date } = edition;
  const usage = `${bold(name)} [\\fIOPTION\\fR]... ${withNames(edition.usageOperands(tool))}`.trimEnd();
  const sections = [
    ['NAME', `${roff(name)} \\- ${roff(firstSentence(summary))}`],
    ['SYNOPSIS', usage],
    ['DESCRIPTION', `${prose(summary)}\n${notes === '' ? '' : paragraphs(notes)}`.trimEnd()],
    ['OPTIONS', options(tool, edition)],
    ['EXIT STATUS', statuses(tool)],
    ['ENVIRONMENT', environment(tool)],
    ['FILES', files(tool)],
    ['EXAMPLES', examples(tool)],
    ['SEE ALSO', seeAlso(tool, edition)],
  ];
  return [
    '.\\" -*- coding: utf-8 -*-',
    `.TH ${name.toUpperCase()} 1 "${date}" "etlutils ${version}" "etlutils"`,
    // No hyphenation or justification: words and spaces must look as they are typed.
    '.nh',
    '.ad l',
    ...sections.flatMap(([heading, text]) => (text === '' ? [] : [`.SH ${heading}\n${text}`])),
    '',
  ].join('\n');
}

/** @param {Tool} tool @param {Edition} edition */
function options({ options }, edition) {
  return edition
    .optionGroups(options)
    .flatMap(([heading, named]) => [
      ...(heading === 'Options' ? [] : [`.SS ${heading}`]),
      ...named.map((each) => option(each, edition)),
    ])
    .join('\n');
}

/** @param {NamedOption} named @param {Edition} edition */
function option([name, option], { valueNameOf, descriptionOf }) {
  const { alias, repeats, excludes = [] } = option;
  const value = valueNameOf(option);
  const long = `${bold(`--${name}`)}${value && `=${withNames(value, bold).replaceAll('|', '|\\:')}`}`;
  const notes = [
    ...(repeats && !/repeat|several/.test(option.describe) ? ['may be repeated'] : []),
    ...(excludes.length === 0 ? [] : [`not with ${listed(excludes.map((other) => `--${other}`))}`]),
  ];
  const text = [descriptionOf(option), ...notes].join('; ');
  return item(alias === undefined ? long : `${bold(`-${alias}`)}, ${long}`, text);
}

/** @param {Tool} tool */
function statuses({ name, options }) {
  const own = facts[name]?.statuses ?? {};
  const usual = Object.entries(commonStatuses).filter(
    ([status]) => status !== '65' || 'rejects' in options || 'strict' in options,
  );
  return items({ ...Object.fromEntries(usual), ...own });
}

/** @param {Tool} tool */
function environment({ name, options, command }) {
  const defaults = Object.entries(options).flatMap(([long, { env }]) =>
    env === undefined ? [] : [[env, `The default of --${long}.`]],
  );
  const reads = 'rejects' in options || command !== undefined;
  const own = facts[name]?.environment ?? {};
  // Not for tools that set it for their command.
  const isOwn = Object.keys(own).some((variables) => variables.startsWith('ETL_BATCH'));
  const common = Object.entries(commonEnvironment).filter(
    ([variable]) => variable !== 'ETL_BATCH' || (reads && !isOwn),
  );
  const all = { ...Object.fromEntries([...defaults, ...common]), ...own };
  return items(Object.fromEntries(Object.entries(all).sort(([one], [other]) => one.localeCompare(other))));
}

/** @param {Tool} tool */
function files({ name }) {
  return Object.entries(facts[name]?.files ?? {})
    .map(([path, text]) => item(`\\fI${roff(path)}\\fR`, text))
    .join('\n');
}

/** @param {Tool} tool */
function examples({ name, examples }) {
  return examples
    .map(
      ([command, does]) => `${prose(sentence(does))}\n.PP\n${example(`  ${command.replaceAll('$0', name)}`)}`,
    )
    .join('\n.PP\n');
}

/** Capitalises a sentence, but not a file name or an address. @param {string} text */
function sentence(text) {
  return /^[a-z-]+(?=[ ,:]|$)/.test(text) ? `${text.charAt(0).toUpperCase()}${text.slice(1)}:` : `${text}:`;
}

/** Without the full stop. @param {string} text */
function firstSentence(text) {
  return text.replace(/\.( .*)?$/, '');
}

/** Formats as `a, b or c`. @param {readonly string[]} words */
function listed(words) {
  return words.join(', ').replace(/, ([^,]*)$/, ' or $1');
}

/** The tools mentioned in the page. @param {Tool} tool @param {Edition} edition */
function seeAlso(tool, { names }) {
  const { name, summary, notes, options, examples } = tool;
  const text = JSON.stringify([
    summary,
    notes,
    Object.values(options).map(({ describe }) => describe),
    examples,
  ]);
  const known = facts[name]?.seeAlso ?? [];
  // Names without a dash could be ordinary English words.
  const isNamed = (/** @type {string} */ other) =>
    other.includes('-') && new RegExp(`(?<![\\w.-])${other}(?![\\w.-])`).test(text);
  const others = names.filter((other) => other !== name && (known.includes(other) || isNamed(other)));
  return [...others.map((other) => `${bold(other)}(1)`), `${bold('etlutils')}(7)`].join(',\n');
}

const overviewSource = readFileSync(new URL('etlutils.7', import.meta.url), 'utf8');

/** The page about all tools and their formats. @param {readonly Tool[]} tools @param {Edition} edition */
export function overview(tools, { version, date }) {
  const own = {
    '1, 2, 3':
      'From check-stats, queue-stat and runs --check: a limit is exceeded; exceeded, with --critical; cannot tell.',
  };
  /** @type {Record<string, string>} */
  const parts = {
    DATE: date,
    VERSION: version,
    TOOLS: tools.map(({ name, summary }) => item(`${bold(name)}(1)`, summary)).join('\n'),
    STATUSES: items({ ...commonStatuses, ...own }),
    ENVIRONMENT: items(commonEnvironment),
    SEE: tools.map(({ name }) => `${bold(name)}(1)`).join(',\n'),
  };
  return overviewSource.replaceAll(/@([A-Z]+)@/g, (_, name) => parts[name] ?? '');
}

/** @param {Readonly<Record<string, string>>} texts by term */
function items(texts) {
  return Object.entries(texts)
    .map(([term, text]) => item(bold(term), text))
    .join('\n');
}
