/**
 * Declarative cases: a folder `cases/<tool>/<nn-name>/` with `cmd` (a bash command line), and where they matter `in`
 * (stdin), `out` and `err` (all of stdout and stderr; empty without the file) and `status` (0 without the file). The command
 * runs in a private copy of the folder.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { privateFolder, root, shell } from './harness.ts';

const cases = join(root, 'test', 'cases');

for (const tool of readdirSync(cases)) {
  describe(tool, () => {
    for (const name of readdirSync(join(cases, tool)).sort()) {
      const folder = join(cases, tool, name);
      const read = (file: string) =>
        existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : '';

      it(name, async () => {
        const cwd = await privateFolder();
        await cp(folder, cwd, { recursive: true });
        const { status, stdout, stderr } = await shell(read('cmd'), { cwd, stdin: read('in') });
        expect({ stdout, stderr, status }).toEqual({
          stdout: read('out'),
          stderr: read('err'),
          status: Number(read('status')),
        });
      });
    }
  });
}
