/**
 * The commands of docs/recipes.md, on lines of the shape that the files of others have. `test/data/recipes.out` says what
 * each of them prints, under its first comment: rows, and messages, which begin with the name of their tool.
 */

import { readFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { privateFolder, root, shell } from './harness.ts';

const text = readFileSync(join(root, 'docs', 'recipes.md'), 'utf8');
const blocks = [...text.matchAll(/^ {4}# (.*)\n((?: {4}.*\n)+)/gm)];
const recipes = blocks.map(([, title = '', commands = '']) => ({
  title,
  commands: commands.replaceAll(/^ {4}/gm, ''),
}));

const outputs = new Map(
  readFileSync(join(root, 'test', 'data', 'recipes.out'), 'utf8')
    .split(/^# /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf('\n')), section.slice(section.indexOf('\n') + 1)]),
);

/** The lines of a text, with their newlines, that are messages, or that are none. */
function linesOf(output: string, areMessages: boolean): string {
  const lines = output.split(/(?<=\n)/);
  return lines.filter((line) => /^[a-z]+-[a-z]+: /.test(line) === areMessages).join('');
}

describe('a recipe', () => {
  it('has its output, and each output its recipe', () => {
    expect(recipes.map(({ title }) => title)).toEqual([...outputs.keys()]);
  });

  it.each(recipes)('$title', async ({ title, commands }) => {
    const cwd = await privateFolder();
    await cp(join(root, 'test', 'data', 'recipes'), cwd, { recursive: true });
    const { status, stdout, stderr } = await shell(commands, { cwd });
    const expected = outputs.get(title) ?? '';
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: linesOf(expected, false),
      stderr: linesOf(expected, true),
    });
  });
});
