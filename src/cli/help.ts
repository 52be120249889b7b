/**
 * The help of a tool, and the texts of options for the help and for the manual page.
 *
 * Few command lines need it, so the build bundles this file separately, and it is loaded on demand. It must not import our
 * classes: the bundle would contain second copies of them.
 */

import type { Group, Option, Options } from './option.ts';
import { type Tool, usageOperands } from './tool.ts';

/** In columns. */
const WIDTH = 100;
/** Maximum width of an option that all descriptions are aligned with; the description of a wider one starts further right. */
const MAX_ALIGNED = 28;
const FIRST_GROUP: Heading = 'Options';
/** The options of every tool, in two columns. */
const LAST_GROUP: Heading = 'General';
/** Joins words that must stay on one line. */
const HARD_BLANK = '\u00a0';

/** An option with its long name. */
export type NamedOption = readonly [name: string, option: Option];

/** A heading, and the options below it. */
export type OptionGroup = readonly [heading: Heading, options: readonly NamedOption[]];

type Heading = Group | 'Options';

/** The help, wrapped at 100 columns; an example stays on one line, however long it is. @param declared all options */
export function helpOf(tool: Tool, declared: Options): string {
  const usage = `Usage: ${tool.name} [OPTION]... ${usageOperands(tool)}`.trimEnd();
  const paragraphs = [
    [usage, ...wrap(tool.summary, WIDTH)],
    optionLines(tool.name, declared),
    exampleLines(tool),
    (tool.notes ?? '').split('\n').flatMap((line) => wrap(line, WIDTH)),
  ];
  return paragraphs
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')
    .replaceAll(HARD_BLANK, ' ');
}

/** Options by heading: first those without one, then the headings in order of appearance. */
export function optionGroups(declared: Options): OptionGroup[] {
  const groups = new Map<Heading, NamedOption[]>([[FIRST_GROUP, []]]);
  for (const named of Object.entries(declared)) {
    const heading = named[1].group ?? FIRST_GROUP;
    groups.set(heading, [...(groups.get(heading) ?? []), named]);
  }
  return [...groups].filter(([, options]) => options.length > 0);
}

/** The placeholder for an option's value: its name, or its choices; empty for a flag. */
export function valueNameOf({ type, value, choices }: Option): string {
  return type === 'flag' ? '' : (value ?? choices?.join('|') ?? 'VALUE');
}

/** The description of an option, with the choices that its placeholder does not show, and its default. */
export function descriptionOf({ describe, value, choices, env, default: fallback }: Option): string {
  const named = value !== undefined && choices !== undefined ? `: ${choices.join(', ')}` : '';
  const origins = [env === undefined ? [] : `$${env}`, fallback || []].flat().join(' or ');
  return `${describe}${named}${origins === '' ? '' : ` (default: ${origins})`}`;
}

function optionLines(tool: string, declared: Options): string[] {
  const all = Object.entries(declared);
  const shown = all.filter(([, { manualOnly }]) => !manualOnly);
  const inOneColumn = shown.filter(([, { group }]) => group !== LAST_GROUP).map((named) => labelOf(named));
  const column = widest(inOneColumn.filter(({ length }) => length <= MAX_ALIGNED)) + 2;
  const lines = optionGroups(Object.fromEntries(shown)).flatMap(([heading, options]) => [
    `${heading}:`,
    ...(heading === LAST_GROUP
      ? inPairs(options)
      : options.flatMap((named) => inColumns(labelOf(named), shownDescription(named[1]), column))),
  ]);
  return shown.length === all.length ? lines : [...lines, `  More options: man ${tool}`];
}

/** The description, with the default kept on one line. */
function shownDescription(option: Option): string {
  return descriptionOf(option).replace(/\(default: .*\)$/, (text) => text.replaceAll(' ', HARD_BLANK));
}

function inPairs(options: readonly NamedOption[]): string[] {
  const labels = widest(options.map((named) => labelOf(named)));
  const cells = options.map((named) => `${labelOf(named).padEnd(labels)}  ${descriptionOf(named[1])}`);
  const left = cells.filter((_, at) => at % 2 === 0);
  return left.map((cell, row) => `${cell.padEnd(widest(left))}  ${cells[2 * row + 1] ?? ''}`.trimEnd());
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(({ length }) => length));
}

function labelOf([name, option]: NamedOption): string {
  const value = valueNameOf(option);
  const short = option.alias === undefined ? '    ' : `-${option.alias}, `;
  return `  ${short}--${name}${value && `=${value}`}`;
}

/** A label, followed by a text that is aligned to a column. */
function inColumns(label: string, text: string, column: number): string[] {
  const begin = label.length + 2 > column ? `${label}  ` : label.padEnd(column);
  const [first = '', ...others] = wrap(text, WIDTH - column, WIDTH - begin.length);
  return [begin + first, ...others.map((line) => ' '.repeat(column) + line)];
}

/** Examples with their explanation beside the command or, if it does not fit, below it. */
function exampleLines({ name, examples }: Tool): string[] {
  if (examples.length === 0) return [];
  const shown = examples.map(([command, does]) => [`  ${command.replaceAll('$0', name)}`, does] as const);
  const fitting = shown.filter(([command, does]) => command.length + 2 + does.length <= WIDTH);
  const room = WIDTH - widest(fitting.map(([, does]) => does));
  const column = widest(fitting.map(([command]) => `${command}  `).filter(({ length }) => length <= room));
  const lines = shown.flatMap(([command, does]) => {
    const begin = command.padEnd(column - 2);
    return begin.length + 2 + does.length <= WIDTH ? [`${begin}  ${does}`] : [command, `      ${does}`];
  });
  return ['Examples:', ...lines];
}

/** Wraps a text at a width. A line that begins with a blank belongs to a table, and is left alone. */
function wrap(text: string, width: number, firstWidth = width): string[] {
  if (text.startsWith(' ')) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const room = lines.length === 0 ? firstWidth : width;
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}
