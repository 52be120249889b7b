/**
 * Runs the quick tests, and prints the coverage of src by the programs that they start, using the source maps of dist. Code
 * called in process is not counted, so the true figures are higher.
 */

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CoverageReport } from 'monocart-coverage-reports';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'etlutils-coverage-'));
// Some tests run a tool as another user.
chmodSync(folder, 0o777);
/** @param {string[]} words */
const npm = (...words) =>
  spawnSync('npm', words, { cwd: root, stdio: 'inherit', env: { ...process.env, NODE_V8_COVERAGE: folder } });

const { status } = npm('test', '--', '--reporter=dot', '--silent');
// No report after a failure, so that the output ends with the failed tests.
if (status === 0) await report();
rmSync(folder, { recursive: true, force: true });
process.exitCode = status ?? 1;

async function report() {
  const coverage = new CoverageReport({
    name: 'etlutils',
    baseDir: root,
    outputDir: join(root, 'coverage'),
    reports: ['console-details'],
    entryFilter: ({ url }) => url.startsWith(`file://${root}dist/`),
    sourceFilter: (path) => path.startsWith('src/'),
    logging: 'error',
  });
  for (const name of readdirSync(folder)) {
    if (!isWhole(join(folder, name))) rmSync(join(folder, name));
  }
  await coverage.addFromDir(folder);
  await coverage.generate();
}

/** Whether a coverage file is complete: a killed process may leave a partial one. @param {string} path */
function isWhole(path) {
  try {
    JSON.parse(readFileSync(path, 'utf8'));
    return true;
  } catch {
    return false;
  }
}
