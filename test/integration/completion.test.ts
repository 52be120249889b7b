/** Completion in the other shells, by their own engines. That of bash is tested with the tools, which every machine has. */

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { behindComma, completionEnv, completionFolder, completions } from '../completions.ts';
import { root, shell } from '../harness.ts';

/** Whether it is installed; in CI it must be. */
function hasProgram(name: string): boolean {
  if (spawnSync(name, ['--version']).status === 0) return true;
  if (process.env.CI) throw new Error(`${name} is not installed`);
  process.stderr.write(`not tested: ${name} is not installed\n`);
  return false;
}

/** Of what is only listed a shell shows no slash behind a folder. */
const sorted = (words: readonly string[]) =>
  [...new Set(behindComma(words).map((word) => word.replace(/\/$/, '')))].sort();

async function offered(command: string): Promise<string[]> {
  const { stdout, stderr, status } = await shell(command, {
    cwd: await completionFolder(),
    env: completionEnv,
  });
  expect([stderr, status]).toEqual(['', 0]);
  return stdout.split('\n').filter((line) => line !== '');
}

describe.skipIf(!hasProgram('zsh'))('completion for zsh', () => {
  const script = join(root, 'test', 'integration', 'completion.zsh');
  const file = join(root, 'dist', 'completion.zsh');

  it.each(completions)('offers for %j', async (line, expected) => {
    expect(sorted(await offered(`zsh -f ${script} ${file} '${line}'`))).toEqual(sorted(expected));
  });

  it('offers sensors behind a name', async () => {
    expect(sorted(await offered(`zsh -f ${script} ${file} 'get-temp attic=th'`))).toEqual([
      ...['thermal:', 'thermal:acpitz'],
    ]);
  });

  it('is loaded by compinit from a folder of $fpath, too', async () => {
    const compinit = 'fpath=($PWD $fpath); autoload -Uz compinit; compinit -u -D; print $_comps[get-stats]';
    expect(await offered(`cp ${file} _etlutils; zsh -f -c '${compinit}'`)).toEqual(['_etlutils']);
  });
});

describe.skipIf(!hasProgram('fish'))('completion for fish', () => {
  const file = join(root, 'dist', 'completion.fish');
  const complete = async (line: string) => {
    const lines = await offered(`HOME=$PWD fish --no-config -c 'source ${file}; complete -C "${line}"'`);
    return lines.map((each) => each.replace(/\t.*/, ''));
  };

  it.each(completions)('offers for %j', async (line, expected) => {
    expect(sorted(await complete(line))).toEqual(sorted(expected));
  });

  it('offers sensors behind a name', async () => {
    expect(await complete('get-temp attic=thermal:a')).toEqual(['attic=thermal:acpitz']);
  });

  it('offers options with what they are for', async () => {
    expect(await complete('get-stats --li')).toEqual(['--live']);
    expect(await complete('get-stats --json --tab')).toEqual(['--table']);
    expect(await complete('parse-log --format=vh')).toEqual(['--format=vhost']);
  });
});
