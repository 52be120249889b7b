/** CSV as others write it: what get-stats and load-rows make of lines, header, comments and delimiters, by file, gzip and pipe. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Tool } from '../../src/cli/tool.ts';
import getStats from '../../src/tools/get-stats.ts';
import loadRows from '../../src/tools/load-rows.ts';
import { privateFolder } from '../harness.ts';
import { runInProcess } from '../in-process.ts';

/** Without the line that says how long it took. */
function timeless<Run extends { readonly stderr: string }>(run: Run): Run {
  return { ...run, stderr: run.stderr.replace(/^.* in all: .*\n/m, '') };
}

/** What a tool says of input, which must not depend on how the input comes. */
async function outcome(tool: Tool, words: readonly string[], input: string) {
  const folder = await privateFolder();
  const [plain, packed] = [join(folder, 'plain'), join(folder, 'packed')];
  writeFileSync(plain, input);
  writeFileSync(packed, gzipSync(input));
  const bytes = readFileSync(plain);
  const pipe = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, at) =>
    bytes.subarray(7 * at, 7 * at + 7),
  );
  const whole = bytes.length > 10_000 ? [bytes] : pipe;
  const first = timeless(await runInProcess(tool, words, { pipe: whole }));
  for (const path of [plain, packed]) {
    const other = timeless(await runInProcess(tool, [...words, path], {}));
    expect({ ...other, stderr: other.stderr.replaceAll(path, 'stdin') }).toEqual(first);
  }
  return first;
}

const rows = (words: readonly string[], input: string) => outcome(loadRows, ['--dry-run', ...words], input);
const stats = async (words: readonly string[], input: string) => {
  const { stdout, ...other } = await outcome(getStats, words, input);
  const lines = stdout.split('\n').slice(1, -1);
  return {
    ...other,
    rows: lines.map((line) =>
      line
        .split(',')
        .filter((_, at) => at === 0 || at > 3)
        .join(' '),
    ),
  };
};

const T = '2026-11-21T10:04:00Z';

describe('--skip-lines', () => {
  const title = 'Station 7, "attic\nunit: C\n';

  it('leaves out the lines above the header, and counts them', async () => {
    expect(await rows(['--skip-lines', '2'], `${title}a,b\n1,2\n3\n`)).toMatchObject({
      stdout: 'a,b\n1,2\n',
      stderr: expect.stringContaining('stdin:5: row has 1 field, its header 2\n'),
    });
    expect(await stats(['--skip-lines', '2'], `${title}value,time\n1,${T}\n?,${T}\n`)).toMatchObject({
      rows: [' 1 1 1 1.00'],
      stderr: expect.stringContaining('stdin:5: value is not a number: "?"\n'),
    });
  });

  it('is for each file', async () => {
    const file = join(await privateFolder(), 'file');
    writeFileSync(file, `${title}${T},a,1\nx\n`);
    const { stdout, stderr } = await runInProcess(getStats, ['-v', '--skip-lines', '2', file, file], {});
    expect(stdout).toContain('\na,all,2026-11-21T10:04:00Z,2026-11-21T10:04:00Z,2,1,1,1.00\n');
    expect(stderr.split('\n').filter((line) => line.includes(':4: '))).toHaveLength(2);
  });

  it('leaves nothing of input with fewer lines, and says so; and leaves all with 0', async () => {
    const said = (tool: string, lines: string) =>
      `${tool}: stdin: no more than ${lines} lines: --skip-lines skips them all\n`;
    for (const lines of ['3', '4', '999999999']) {
      expect(await rows(['--skip-lines', lines], 'a\n1\n2\n')).toEqual({
        stdout: '',
        stderr: said('load-rows', lines),
        status: 0,
      });
      const stderr = said('get-stats', lines);
      expect(await stats(['--skip-lines', lines], 'a\n1\n2')).toEqual({ rows: [], stderr, status: 0 });
    }
    expect((await stats(['--skip-lines', '1'], 'a\n')).stderr).toContain('no more than 1 line: --skip-lines');
    expect(await stats(['--skip-lines', '3'], '')).toEqual({ rows: [], stderr: '', status: 0 });
    expect(await rows(['--skip-lines', '0'], 'a\n1\n')).toMatchObject({ stdout: 'a\n1\n' });
  });

  it('counts lines by whatever ends them, also beyond what tells how they end', async () => {
    const many = 'x\n'.repeat(40_000);
    for (const end of ['\n', '\r\n', '\r']) {
      const input = `${many}a,b\n1,2\n3\n`.replaceAll('\n', end);
      expect(await rows(['--skip-lines', '40000'], input)).toMatchObject({
        stdout: 'a,b\n1,2\n',
        stderr: expect.stringContaining('stdin:40003: row has 1 field'),
      });
    }
  });

  it('leaves the lines behind to the kernel, and to threads', async () => {
    const file = join(await privateFolder(), 'file');
    writeFileSync(file, `${title}${`${T},a,1.5\n`.repeat(2000)}x\n`);
    const { stderr } = await runInProcess(getStats, ['-v', '--skip-lines', '2', file], {});
    expect(stderr).toContain(`${file}:2003: `);
    expect(Number(/(\d+) of them by the fast kernel/.exec(stderr)?.[1])).toBeGreaterThan(500);
  });
});

describe('--comment', () => {
  it('leaves out no element of a JSON array', async () => {
    const found = await rows(['--comment', '#'], '[{"a":1},\n# x\n{"a":2},{"a":3}]');
    expect(found.stdout).toBe('a\n1\n3\n');
    expect(found.stderr).toContain('stdin:2: not a JSON object: "# x {\\"a\\":2}"\n');
  });

  it.each([
    ['# made by x\n[{"a":1},{"a":2}]', 1],
    ['\ufeff# x\r\n\n#\n [\n {"a":1},\n{"a":2}\n]\n', 2],
  ])('leaves out lines above a JSON array: %j', async (input, count) => {
    const found = await rows(['--comment', '#', '--verbose'], input);
    expect(found).toMatchObject({ status: 0, stdout: 'a\n1\n2\n' });
    expect(found.stderr).toContain(`stdin: lines left out as comments: ${count}\n`);
  });

  it.each(['--comment #', '--no-header', '--merge-delimiters'])(
    '%s is not for line protocol',
    async (words) => {
      const found = await runInProcess(getStats, ['--format', 'influx', ...words.split(' ')], {});
      expect(found).toMatchObject({ status: 64, stdout: '' });
    },
  );

  it('leaves out lines that begin so, before the header too, and says how many with --verbose', async () => {
    const input = '#t\n# "x\na,b\n1,2\n#3,4\n"\n#",5\n#';
    const found = await rows(['--comment', '#', '-v'], input);
    expect(found.stdout).toBe('a,b\n1,2\n"\n#",5\n');
    expect(found.stderr).toContain('stdin: lines left out as comments: 4\n');
    expect(await rows(['--comment', '#'], input)).toEqual({ ...found, stderr: '' });
    expect(await rows(['--comment', '//'], '//\n{"a":1}\n//{\n{"a":2}\n')).toMatchObject({
      stdout: 'a\n1\n2\n',
    });
  });

  it('leaves out lines of readings', async () => {
    const input = `#\n${T},a,1\n# ${T},a,2\n${T},"a\n# b",3\n#${T},a,4\n${T},a,x\n`;
    const found = await stats(['--comment', '#', '-v'], input);
    expect(found.rows).toEqual(['a 1 1 1 1.00', '"a', '# b" 1 3 3 3.00']);
    expect(found.stderr).toContain(', 3 left out as comments\n');
    expect(found.stderr).toContain('stdin:7: value is not a number: "x"');
  });

  it('is a comment for the kernel, too, where a record could begin so', async () => {
    const many = `a,1\n#a,2\n`.repeat(5000);
    const words = ['--sensor', '1', '--value', '2', '--comment', '#'];
    expect((await stats(words, many)).rows).toEqual(['a 5000 1 1 1.00']);
    expect((await stats(['--comment', '-'], '1\n-2\n'.repeat(10_000))).rows).toEqual([' 10000 1 1 1.00']);
    expect((await stats(['--comment', '{'], `{"value":1}\n5\n`.repeat(5000))).rows).toEqual([
      ' 5000 5 5 5.00',
    ]);
  });

  it('does not begin with the delimiter', async () => {
    for (const tool of [getStats, loadRows])
      expect(await outcome(tool, ['-d', '#', '--comment', '##'], '')).toMatchObject({
        status: 64,
        stderr: expect.stringContaining('--comment begins with the delimiter of --delimiter'),
      });
  });
});

describe('--no-header', () => {
  it('makes a row of the first line, and names columns by numbers or as asked', async () => {
    expect((await rows(['--no-header'], '\na,"b\nc"\n1,2\n')).stdout).toBe(
      'column1,column2\na,"b\nc"\n1,2\n',
    );
    expect((await rows(['--no-header', '--columns', 'x,y'], '1,2\n1,2\n3\n')).stdout).toBe('x,y\n1,2\n1,2\n');
    expect((await rows(['--no-header'], '5" pipe\n1,2\n3\n')).stderr).toContain(
      'stdin:3: row has 1 field, the first 2\n',
    );
    expect((await rows(['--no-header', '--columns', 'x'], '1,2\n')).stderr).toContain(
      'stdin:1: row has 2 fields, --columns 1\n',
    );
  });

  it('gives keys and types to these columns', async () => {
    const words = ['--no-header', '--types', 'column2=text', '--key', 'column1'];
    expect((await rows(words, '1,2.50\n,3\n')).stdout).toBe('column1,column2\n1,2.50\n');
    expect(await rows(['--no-header', '--key', 'b'], '1,2\n')).toMatchObject({ status: 65, stdout: '' });
  });

  it('takes no line of readings for a header', async () => {
    const input = `time,sensor,value\n${T},a,1\n`;
    expect((await stats([], input)).stderr).toBe('');
    expect((await stats(['--no-header'], input)).stderr).toContain(
      'stdin:1: time is not RFC 3339 or epoch: "time"',
    );
    expect(await stats(['--no-header', '--time', 'when', '--value', '2'], input)).toMatchObject({
      status: 64,
    });
  });

  it('is needed for --columns', async () => {
    expect(await rows(['--columns', 'x'], '1\n')).toMatchObject({ status: 64, stdout: '' });
  });
});

describe('--delimiter', () => {
  it.each([';', '|', ' ', ':', 'e', '\\', '\\t', '\t', '€', '🌡', '^', '#'])(
    'may be %j',
    async (character) => {
      const delimiter = character === '\\t' ? '\t' : character;
      const line = (...fields: string[]) => `${fields.join(delimiter)}\n`;
      const table = line('a', 'b') + line(`"x${delimiter}"`, '') + line('1', '"2"') + line('3');
      expect(await rows(['-d', character], table)).toMatchObject({
        stdout: `a,b\nx${delimiter},\n1,2\n`,
        stderr: expect.stringContaining('stdin:4: row has 1 field, its header 2'),
      });
      const readings = line('17000000', 's', '1').repeat(3000) + line('17000000', `"s${delimiter}s"`, '2');
      expect((await stats(['-d', character], readings)).rows).toEqual([
        's 3000 1 1 1.00',
        `s${delimiter}s 1 2 2 2.00`,
      ]);
    },
  );

  it('is no character of numbers or records', async () => {
    for (const tool of [getStats, loadRows])
      for (const character of ['"', '\n', '7', '+', '-', '.', '', ';;'])
        expect(await outcome(tool, ['-d', character], '')).toMatchObject({ status: 64 });
  });

  it('merges with --merge-delimiters', async () => {
    const words = ['-d', ' ', '--merge-delimiters'];
    const table = '  a   b \r\n1 2\n 3  "x  y"  \n   "" 4\n 5\n 6 7 8\n';
    const found = await rows(words, table);
    expect(found.stdout).toBe('a,b\n1,2\n3,x  y\n"",4\n');
    expect(found.stderr).toContain('stdin:5: row has 1 field, its header 2');
    expect((await rows(['-d', '€', '--merge-delimiters'], '€a€€b€€\n1€€€2\n3')).stdout).toBe('a,b\n1,2\n');
    const readings = `  ${T}   s  1  \n${T} "s  s"  2\n${T}  3\n`.repeat(500);
    expect((await stats(words, readings)).rows).toEqual([
      ' 500 3 3 3.00',
      's 500 1 1 1.00',
      's  s 500 2 2 2.00',
    ]);
  });
});

describe('a header of several lines', () => {
  it('is one, at the beginning as in the middle, and its lines are counted', async () => {
    const header = 'time,"sen\nsor",value\n';
    const words = ['--sensor', 'sen\nsor'];
    const input = `${header}${T},a,1\n"val\nue",value,"sen\nsor"\n1,2,b\n?,?,?\n`;
    const found = await stats(words, input);
    expect(found.rows).toEqual(['a 1 1 1 1.00', 'b 1 2 2 2.00']);
    expect(found.stderr).toContain('stdin:8: value is not a number: "?"\n');
    expect((await rows([], `${header}1,2,3\n`)).stdout).toBe(`${header}1,2,3\n`);
  });

  it('is none where a quote opens by mistake', async () => {
    const found = await stats([], `"time,sensor,value\n${T},a,1\n"${T},a,2\n`);
    expect(found.rows).toEqual(['a 1 1 1 1.00']);
    expect(found.stderr).toContain('stdin:1: quote is not closed');
  });
});

describe('a trailing comma', () => {
  it('in header and rows is no column', async () => {
    expect(await rows([], 'a,b,\n1,2,\n5,6,7\n"8","9",""\n')).toMatchObject({
      stdout: 'a,b\n1,2\n8,9\n',
      stderr: expect.stringContaining('stdin:3: row has a value in a column without a name'),
    });
    expect((await rows(['-d', '€'], 'a€b€\n1€2€\n5€6€7\n')).stdout).toBe('a,b\n1,2\n');
    expect((await stats([], `time,sensor,value,\n${T},a,1,\n`)).rows).toEqual(['a 1 1 1 1.00']);
  });
});
