import { describe, expect, it } from 'vitest';
import { descriptionOf, helpOf, optionGroups } from '../../src/cli/help.ts';
import type { Option } from '../../src/cli/option.ts';
import { defineTool, type Tool } from '../../src/cli/tool.ts';

const tool = defineTool({
  name: 'try',
  summary: 'Try it.',
  operands: '[FILE...]',
  options: {
    lines: { alias: 'n', type: 'text', value: 'N', describe: 'how many' },
    mode: { type: 'text', choices: ['wait', 'skip'], default: 'wait', describe: 'a choice' },
    unique: { group: 'Output', type: 'flag', describe: 'a flag' },
    to: { type: 'text', value: 'STORE', env: 'TRY_TO', default: 'here', describe: 'from the environment' },
    secret: { type: 'text', value: 'WORD', manualOnly: true, describe: 'not here' },
    table: { group: 'Output', type: 'flag', describe: 'another flag' },
  },
  examples: [['$0 -n 1 x | $0', 'one']],
  notes: 'It promises nothing.\n  a  table  stays',
  async *run() {},
});

const lines = (changes: Partial<Tool>) => {
  const changed = { ...tool, ...changes };
  return helpOf(changed, changed.options).split('\n');
};

describe('helpOf', () => {
  it('names the values of options, their choices and defaults, under headings', () => {
    expect(lines({})).toEqual([
      'Usage: try [OPTION]... [FILE...]',
      'Try it.',
      '',
      'Options:',
      '  -n, --lines=N         how many',
      '      --mode=wait|skip  a choice (default: wait)',
      '      --to=STORE        from the environment (default: $TRY_TO or here)',
      'Output:',
      '      --unique          a flag',
      '      --table           another flag',
      '  More options: man try',
      '',
      'Examples:',
      '  try -n 1 x | try  one',
      '',
      'It promises nothing.',
      '  a  table  stays',
    ]);
  });

  it('continues a description below itself', () => {
    const describe = 'word '.repeat(30).trim();
    const options: Record<string, Option> = { long: { type: 'flag', describe } };
    expect(lines({ options }).slice(4, 6)).toEqual([
      `      --long  ${'word '.repeat(17)}`.trimEnd(),
      `              ${'word '.repeat(13)}`.trimEnd(),
    ]);
  });

  it('begins a description where an option ends that is wider than the others may be', () => {
    const value = 'WORD|'.repeat(6);
    const options: Record<string, Option> = {
      wide: { type: 'text', value, describe: 'word '.repeat(20).trim() },
      short: { type: 'flag', describe: 'short' },
    };
    const shown = lines({ options }).slice(4, 7);
    expect(shown[0]).toBe(`      --wide=${value}  ${'word '.repeat(11)}`.trimEnd());
    expect(shown[1]).toBe(`               ${'word '.repeat(9)}`.trimEnd());
    expect(shown[2]).toBe('      --short  short');
  });

  it('never breaks an example: what does not fit beside it stands below it', () => {
    const long = `$0 ${'x'.repeat(80)}`;
    const examples = [
      ['$0 short', 'one'],
      [long, 'what it does, in too many words'],
      ['$0 longer', 'two'],
    ] as const;
    expect(lines({ examples }).slice(-7, -3)).toEqual([
      '  try short   one',
      `  try ${'x'.repeat(80)}`,
      '      what it does, in too many words',
      '  try longer  two',
    ]);
  });

  it('has what all tools have in two columns', () => {
    const general = (name: string, alias: string): Record<string, Option> => ({
      [name]: { group: 'General', alias, type: 'flag', describe: `is ${name}` },
    });
    const options = { ...general('one', 'o'), ...general('second', 's'), ...general('third', 't') };
    expect(lines({ options }).slice(3, 6)).toEqual([
      'General:',
      '  -o, --one     is one      -s, --second  is second',
      '  -t, --third   is third',
    ]);
  });

  it('leaves a default in one line', () => {
    const describe = 'word '.repeat(15).trim();
    const option: Option = { type: 'text', value: 'N', env: 'NUMBER', default: '1', describe };
    expect(lines({ options: { number: option } }).slice(4, 6)).toEqual([
      `      --number=N  ${describe}`,
      '                  (default: $NUMBER or 1)',
    ]);
  });

  it('leaves out what a tool does not have', () => {
    const bare: Tool = { name: 'bare', summary: 'Bare.', options: {}, examples: [], async *run() {} };
    expect(helpOf(bare, {})).toBe('Usage: bare [OPTION]...\nBare.');
  });
});

it('puts options of one heading together, those without one first', () => {
  const names = optionGroups(tool.options).map(([heading, options]) => [
    heading,
    options.map(([name]) => name),
  ]);
  expect(names).toEqual([
    ['Options', ['lines', 'mode', 'to', 'secret']],
    ['Output', ['unique', 'table']],
  ]);
});

it('lists choices in the description where the value has a name', () => {
  const option: Option = { type: 'text', value: 'FORMAT', choices: ['a', 'b'], describe: 'of lines' };
  expect(descriptionOf(option)).toBe('of lines: a, b');
});
