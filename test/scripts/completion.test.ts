import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { behindComma, completionEnv, completionFolder, completions } from '../completions.ts';
import { root, shell } from '../harness.ts';

const file = join(root, 'dist', 'completion.bash');
/** Files are left to readline. */
const WITHOUT_FILES = '[+o default +o bashdefault]';

/** What bash offers for a line, and what it tells readline. */
async function offered(line: string, folder?: string) {
  const cwd = folder ?? (await completionFolder());
  const command = `bash ${join(root, 'test', 'scripts', 'completion.bash')} ${file} '${line}'`;
  const { stdout, stderr, status } = await shell(command, { cwd, env: completionEnv });
  expect([stderr, status]).toEqual(['', 0]);
  const words = stdout.trimEnd().split('\n');
  return { settings: words.pop(), words };
}

describe('completion for bash', () => {
  it.each(completions)('offers for %j', async (line, expected) => {
    const { words, settings } = await offered(line);
    if (settings === '[]' && words.length === 0) expect(expected).toEqual(['read.csv']);
    else if (settings?.includes('dirnames')) expect(expected).toEqual(['spool/']);
    else expect(behindComma(words).toSorted()).toEqual(expected.toSorted());
  });

  it.each([
    ['parse-log --format=', 'auto', WITHOUT_FILES],
    ['parse-log --format=vh', 'vhost', WITHOUT_FILES],
    ['parse-log --form', '--format=', '[+o default +o bashdefault -o nospace]'],
    ['get-temp sim', 'sim:', '[+o default +o bashdefault -o nospace]'],
    ['get-temp http:', '//', '[+o default +o bashdefault -o nospace]'],
    ['get-temp w1:', '28-01', WITHOUT_FILES],
    ['get-temp attic=w1:2', '28-01', WITHOUT_FILES],
    ['get-temp attic=th', 'thermal:', WITHOUT_FILES],
    ['queue-take q --dead no', 'none', '[-o filenames]'],
    ['get-stats --stats sum,p50,st', 'sum,p50,stddev', '[-o nospace +o default +o bashdefault]'],
  ])('offers for %j %j', async (line, word, settings) => {
    const found = await offered(line);
    expect([found.words[0], found.settings]).toEqual([word, settings]);
  });

  it('offers options only behind a dash', async () => {
    const { words } = await offered('get-stats -');
    expect(words).toEqual(expect.arrayContaining(['-w', '--window=', '--live', '--threads=', '--version']));
    expect((await offered('get-stats ')).words).toEqual([]);
    expect((await offered('get-stats --no-such=')).words).toEqual([]);
  });

  it('takes what a header says for no command, and quotes it', async () => {
    const cwd = await completionFolder();
    writeFileSync(join(cwd, 'odd.csv'), 'time,$(touch did),a b,`touch did`\n');
    const { words } = await offered('get-stats odd.csv --value ', cwd);
    expect(words).toEqual(['time', '\\$\\(touch\\ did\\)', 'a\\ b', '\\`touch\\ did\\`']);
    expect(readdirSync(cwd)).not.toContain('did');
  });

  it('knows every tool', () => {
    const names = readFileSync(file, 'utf8').trimEnd().split('\n').at(-1);
    const { bin: tools } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(names?.split(' ').slice(7).toSorted()).toEqual(Object.keys(tools).toSorted());
  });
});
