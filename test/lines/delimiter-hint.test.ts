import { describe, expect, it } from 'vitest';
import { delimiterHint } from '../../src/lines/delimiter-hint.ts';
import getStats from '../../src/tools/get-stats.ts';
import loadRows from '../../src/tools/load-rows.ts';
import { ended, start, until } from '../harness.ts';
import { runInProcess } from '../in-process.ts';

describe('delimiterHint', () => {
  it.each([
    [['a;b'], ',', ';'],
    [['a\tb'], ',', '\\t'],
    [['a,b'], ';', ','],
    [['a|b;c|d'], ',', '|'],
    [['1;2,5;3', '4;5,5;6'], ',', ';'],
  ])('of %j, not read with %s, is %s', (lines, delimiter, likely) => {
    expect(delimiterHint(lines, delimiter)).toBe(`did you mean -d '${likely}'?`);
  });

  it.each([
    [[], ','],
    [['abc'], ','],
    [['a,b;c'], ','],
    [['a;b', 'a;b;c'], ','],
    [['{"a;b":1}'], ','],
  ])('is none of %j, not read with %s', (lines, delimiter) => {
    expect(delimiterHint(lines, delimiter)).toBeUndefined();
  });
});

const warned = async (tool: typeof getStats, words: readonly string[], text: string) =>
  (await runInProcess(tool, words, { pipe: [Buffer.from(text)] })).stderr;

describe('load-rows', () => {
  it('asks whether a table of one column has others', async () => {
    const hint = `load-rows: stdin:1: one column: "a;b"; did you mean -d ';'?\n`;
    expect(await warned(loadRows, ['--dry-run'], 'a;b\n1;2\n')).toBe(hint);
    expect(await warned(loadRows, ['--dry-run', '--no-header'], 'a;b\n')).toBe(hint);
  });

  it('does not ask where it has one, or several', async () => {
    for (const text of ['a\n1;2\n', 'a;b,c\n1,2\n', '{"a;b":1}\n'])
      expect(await warned(loadRows, ['--dry-run'], text)).toBe('');
    expect(await warned(loadRows, ['--dry-run', '-d', ';'], 'a;b\n1;2\n')).toBe('');
  });
});

describe('get-stats', () => {
  it('asks where no line is a reading', async () => {
    const text = '2026-11-21T10:04:00Z;a;1\n2026-11-21T10:05:00Z;a;2\n';
    expect(await warned(getStats, [], text)).toContain(`no line is a reading: did you mean -d ';'?\n`);
    expect(await warned(getStats, ['-d', ';'], text)).toBe('');
    expect(await warned(getStats, [], `${text}5\n`)).not.toContain('did you mean');
  });

  it('asks once, without waiting for the end of many lines', async () => {
    const many = '2026-11-21T10:04:00Z;a;1\n'.repeat(1000);
    const question = `get-stats: none of the first 1000 lines is a reading: did you mean -d ';'?\n`;
    const child = start('get-stats', []);
    let said = '';
    child.stderr?.on('data', (text) => {
      said += text;
    });
    child.stdin?.write(many);
    await until(() => said.includes(question), question);
    child.stdin?.end(many);
    await ended(child);
    expect(said.split('did you mean')).toHaveLength(2);
    expect(said).toContain('2000 of 2000 lines rejected');
  });

  it('asks where the header lacks the columns asked for', async () => {
    expect(await warned(getStats, ['--value', 't'], 'time\tt\n')).toBe(
      `get-stats: stdin:1: no header with the columns asked for: "time\\tt"; did you mean -d '\\t'?\n`,
    );
  });
});

it('is none where a part of a line was of use', async () => {
  const said = await warned(getStats, ['--value', 'temp,hum'], 'temp,hum,n\n1,NA,a;b;c;d\n');
  expect(said).toContain('column "hum": value is not a number: "NA"\n');
  expect(said).not.toContain('did you mean');
});
