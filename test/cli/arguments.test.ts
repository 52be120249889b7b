import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../src/cli/arguments.ts';
import { defineTool, type Tool, wholeNumber } from '../../src/cli/tool.ts';
import { Failure, status } from '../../src/failure.ts';
import { parseDuration } from '../../src/readings/duration.ts';

const tool = defineTool({
  name: 'try',
  summary: 'Try it.',
  operands: '[FILE...]',
  notes: 'It promises nothing.',
  options: {
    lines: { alias: 'n', type: 'text', parse: wholeNumber(1), describe: 'how many' },
    window: { alias: 'w', type: 'text', repeats: true, default: 'all', describe: 'repeatable' },
    delimiter: { alias: 'd', type: 'text', default: ',', describe: 'between' },
    unique: { alias: 'u', type: 'flag', describe: 'a flag' },
    mode: { type: 'text', choices: ['wait', 'skip'], default: 'wait', describe: 'a choice' },
    to: { type: 'text', env: 'TRY_TO', default: 'here', describe: 'from the environment' },
    wait: { type: 'text', parse: parseDuration, default: '10s', describe: 'a length of time' },
  },
  examples: [['$0 -n 1', 'one']],
  async *run() {},
});

const one: Tool = { ...tool, operands: '[FILE]' };
const { operands: _, ...none } = tool;

async function parse(words: string[], env: Record<string, string> = {}, which: Tool = tool) {
  const parsed = await parseCommandLine(which, words, env, '1.2.3');
  if (parsed.kind !== 'run') throw new Error(parsed.text);
  return parsed;
}

async function refused(words: string[], which: Tool = tool): Promise<string> {
  try {
    await parse(words, {}, which);
  } catch (error) {
    expect(error).toBeInstanceOf(Failure);
    expect(error).toMatchObject({ status: status.usage });
    return error instanceof Failure ? error.message : '';
  }
  return expect.unreachable();
}

describe('parseCommandLine', () => {
  it('gives every option its default', async () => {
    expect(await parse([])).toEqual({
      kind: 'run',
      operands: [],
      options: {
        lines: undefined,
        window: ['all'],
        delimiter: ',',
        unique: false,
        mode: 'wait',
        to: 'here',
        wait: 10_000,
        quiet: false,
        verbose: false,
        help: false,
        version: false,
      },
    });
  });

  it.each<[string[], Record<string, unknown>, string[]]>([
    [['-n', '2'], { lines: 2 }, []],
    [['-n2'], { lines: 2 }, []],
    [['-qn2'], { quiet: true, lines: 2 }, []],
    [['-qun', '2', 'f'], { quiet: true, unique: true, lines: 2 }, ['f']],
    [['--lines=2'], { lines: 2 }, []],
    [['--lines', '2'], { lines: 2 }, []],
    [['-n1', '--lines', '2', '-n', '3'], { lines: 3 }, []],
    [['-w1h'], { window: ['1h'] }, []],
    [['-uw1h', '-w', '1d', '--window=all'], { unique: true, window: ['1h', '1d', 'all'] }, []],
    [['-wall'], { window: ['all'] }, []],
    [['-d;'], { delimiter: ';' }, []],
    [['-d', '-'], { delimiter: '-' }, []],
    [['-d', '--'], { delimiter: '--' }, []],
    [['-d', '-n'], { delimiter: '-n', lines: undefined }, []],
    [['--delimiter', '-5'], { delimiter: '-5' }, []],
    [['--delimiter=-5'], { delimiter: '-5' }, []],
    [['--delimiter=a=b'], { delimiter: 'a=b' }, []],
    [['--delimiter='], { delimiter: '' }, []],
    [['-q', '-q'], { quiet: true }, []],
    [['f', '-n', '2', 'g'], { lines: 2 }, ['f', 'g']],
    [['--', '-n', '--lines=3', '-5'], { lines: undefined }, ['-n', '--lines=3', '-5']],
    [['-n', '2', '--', '--', 'f'], { lines: 2 }, ['--', 'f']],
    [['-'], {}, ['-']],
    [['-n', '2', '-', 'f'], { lines: 2 }, ['-', 'f']],
    [['007', '1e3', '0x10'], {}, ['007', '1e3', '0x10']],
    [['a=b', 'a.b', 'ü'], {}, ['a=b', 'a.b', 'ü']],
    [['--mode', 'skip'], { mode: 'skip' }, []],
    [['--mode', 'skip', '--mode', 'wait'], { mode: 'wait' }, []],
    [['--wait', '1h30m'], { wait: 5_400_000 }, []],
    [['--to', 'there'], { to: 'there' }, []],
    [['-n', '0060'], { lines: 60 }, []],
    [['--line', '2'], { lines: 2 }, []],
    [['--l=2', '--win', '1h', '--uniq'], { lines: 2, window: ['1h'], unique: true }, []],
    [['--to', 'there', '--', '--line', '2'], { lines: undefined, to: 'there' }, ['--line', '2']],
  ])('reads %j', async (words, options, operands) => {
    const parsed = await parse(words);
    expect(parsed.options).toMatchObject(options);
    expect(parsed.operands).toEqual(operands);
  });

  it('takes a default from the environment when it is set and not empty', async () => {
    expect((await parse([], { TRY_TO: 'there' })).options.to).toBe('there');
    expect((await parse([], { TRY_TO: '' })).options.to).toBe('here');
    expect((await parse(['--to', 'elsewhere'], { TRY_TO: 'there' })).options.to).toBe('elsewhere');
  });

  it.each<[string[], string]>([
    [['--no-such'], 'unknown option: --no-such'],
    [['--no-such=1'], 'unknown option: --no-such'],
    [['-x'], 'unknown option: -x'],
    [['-qx'], 'unknown option: -x'],
    [['-5'], 'unknown option: -5'],
    [['-60', 'f'], 'unknown option: -6'],
    [['-?'], 'unknown option: -?'],
    [['---'], 'unknown option: ---'],
    [['--constructor'], 'unknown option: --constructor'],
    [['--__proto__=1'], 'unknown option: --__proto__'],
    [['--toString', 'x'], 'unknown option: --toString'],
    [['--lined', '2'], 'unknown option: --lined; did you mean "--lines"?'],
    [['--w', '1h'], 'ambiguous option: --w (write --window, --wait)'],
    [['--v'], 'ambiguous option: --v (write --verbose, --version)'],
    [['--uniq=yes'], 'option takes no value: --unique'],
    [['--m'], 'no value for option: --mode'],
    [['--windw=1h'], 'unknown option: --windw; did you mean "--window"?'],
    [['--Window', '1h'], 'unknown option: --Window; did you mean "--window"?'],
    [['-quiet'], 'unknown option: -i; did you mean "--quiet"?'],
    [['-mode=wait'], 'unknown option: -m; did you mean "--mode"?'],
    [['--no-quiet'], 'unknown option: --no-quiet'],
    [['--quiet=no'], 'option takes no value: --quiet'],
    [['-q5'], 'option takes no value: -q'],
    [['--lines'], 'no value for option: --lines'],
    [['-un'], 'no value for option: -n'],
    [['-n'], 'no value for option: -n'],
    [['--lines='], '--lines: not a whole number of at least 1: ""'],
    [['-n', '0'], '--lines: not a whole number of at least 1: "0"'],
    [['-n', '-2'], '--lines: not a whole number of at least 1: "-2"'],
    [['-n', '1.5'], '--lines: not a whole number of at least 1: "1.5"'],
    [['-n', '1e3'], '--lines: not a whole number of at least 1: "1e3"'],
    [['-n', '2', '-n', 'x'], '--lines: not a whole number of at least 1: "x"'],
    [['--wait', '10'], '--wait: not a duration: "10" (write 10s, 15m, 1h, 7d or PT1H)'],
    [[''], 'an operand is empty'],
  ])('refuses %j', async (words, message) => {
    expect(await refused(words)).toBe(`${message} (see try --help)`);
  });

  it('refuses what is not one of the choices, and says what they are, and which is near', async () => {
    const head = '--mode: not one of wait, skip:';
    expect(await refused(['--mode', 'perhaps'])).toBe(`${head} "perhaps" (see try --help)`);
    expect(await refused(['--mode', 'skpi'])).toBe(`${head} "skpi"; did you mean "skip"? (see try --help)`);
    expect(await refused(['--mode', 'a\nb'])).toBe(`${head} "a\\nb" (see try --help)`);
    expect(await refused(['--mode', 'no', '--mode', 'skip'])).toBe(`${head} "no" (see try --help)`);
  });

  it('refuses two options of which one excludes the other, in either order', async () => {
    const options = {
      json: { type: 'flag', describe: 'one' },
      table: { type: 'flag', excludes: ['json'], describe: 'other' },
    } as const;
    const message = '--table does not go with --json (see try --help)';
    expect(await refused(['--json', '--table'], { ...tool, options })).toBe(message);
    expect(await refused(['--table', '--json'], { ...tool, options })).toBe(message);
    expect((await parse(['--table'], {}, { ...tool, options })).options).toMatchObject({ json: false });
  });

  it('refuses an unexpected operand', async () => {
    expect((await parse(['f'], {}, one)).operands).toEqual(['f']);
    expect(await refused(['f', 'g'], one)).toBe('unexpected operand: "g" (see try --help)');
    expect(await refused(['-', '--', '-n'], one)).toBe('unexpected operand: "-n" (see try --help)');
  });

  it('prints help, whatever else is asked for', async () => {
    for (const words of [['--help'], ['--he'], ['-h'], ['-qh'], ['-n', '2', '--help', 'f']]) {
      const parsed = await parseCommandLine(tool, words, {}, '1.2.3');
      expect(parsed.kind).toBe('print');
      const text = parsed.kind === 'print' ? parsed.text : '';
      expect(text).toMatch(/^Usage: try \[OPTION\]\.\.\. \[FILE\.\.\.\]\nTry it\.\n/);
      expect(text.endsWith('It promises nothing.\n')).toBe(true);
    }
  });

  it.each([['--version'], ['-V'], ['--vers'], ['-qV']])('prints the version for %s', async (word) => {
    expect(await parseCommandLine(tool, [word], {}, '1.2.3')).toEqual({ kind: 'print', text: '1.2.3\n' });
  });

  it('leaves the value of an option alone that looks like --help', async () => {
    expect((await parse(['-d', '--help'])).options.delimiter).toBe('--help');
    expect((await parse(['--', '--help'])).operands).toEqual(['--help']);
  });

  it('takes no operands where none are declared', async () => {
    expect(await refused(['f'], none)).toBe('unexpected operand: "f" (see try --help)');
    const parsed = await parseCommandLine(none, ['--help'], {}, '1.2.3');
    expect(parsed.kind === 'print' && parsed.text.startsWith('Usage: try [OPTION]...\nTry it.\n')).toBe(true);
  });
});
