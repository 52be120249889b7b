/** The reports that scripts generate say what these scripts say now; a text is changed in both, or here it shows. */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from './harness.ts';

/** What a module prints that is run in the folder of the project. */
function printed(module: string): string {
  return execFileSync(process.execPath, ['--input-type=module', '-e', module], {
    cwd: root,
    encoding: 'utf8',
  });
}

it('BENCHMARKS.md is what the kept results give', () => {
  const report = printed(`
    import { reportText } from './scripts/bench/report.js';
    import { readResults } from './scripts/bench/results.js';
    process.stdout.write(reportText(readResults()));`);
  expect(readFileSync(join(root, 'BENCHMARKS.md'), 'utf8')).toBe(report);
});

it('RELIABILITY.md has the fixed texts of its generator', () => {
  const texts: Record<string, string> = JSON.parse(
    printed(`
      import * as prose from './scripts/chaos/prose.js';
      process.stdout.write(JSON.stringify(prose));`),
  );
  const report = readFileSync(join(root, 'RELIABILITY.md'), 'utf8');
  expect(Object.keys(texts).length).toBeGreaterThan(2);
  expect(Object.entries(texts).filter(([, text]) => !report.includes(text))).toEqual([]);
});
