// Runs the tests and prints how much of src the programs that they started ran, by the source maps of dist.
// What tests call in process is not counted, so the true figures are higher.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CoverageReport } from 'monocart-coverage-reports';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'etlutils-coverage-'));
const npm = (...words) =>
  spawnSync('npm', words, { cwd: root, stdio: 'inherit', env: { ...process.env, NODE_V8_COVERAGE: folder } });

const { status } = npm('test', '--', '--reporter=dot', '--silent');
const report = new CoverageReport({
  name: 'etlutils',
  baseDir: root,
  outputDir: join(root, 'coverage'),
  reports: ['console-details'],
  entryFilter: ({ url }) => url.startsWith(`file://${root}dist/`),
  sourceFilter: (path) => path.startsWith('src/'),
  logging: 'error',
});
await report.addFromDir(folder);
await report.generate();
rmSync(folder, { recursive: true, force: true });
process.exitCode = status ?? 1;
