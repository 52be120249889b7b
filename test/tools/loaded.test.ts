import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { privateFolder, root, run } from '../harness.ts';
import { answer } from '../http/server.ts';

/** Says at the end which files were loaded as modules. */
const HOOK = `process.on('exit', () => {
  require('node:fs').writeSync(2, JSON.stringify(Object.keys(require.cache)));
});`;

// What a tool loads is most of the time it takes for a few lines.
it.each([
  ['get-temp', ['sim:'], ''],
  ['buffer-tail', ['-n', '1'], '2026-11-21T10:04:00Z,1\n'],
  ['get-stats', [], '2026-11-21T10:04:00Z,1\n'],
  ['parse-log', [], '192.0.2.1 - - [21/Nov/2026:10:04:00 +0000] "GET / HTTP/1.1" 200 1\n'],
] as const)('%s loads nothing but itself', async (tool, words, stdin) => {
  const cwd = await privateFolder();
  const hook = join(cwd, 'hook.cjs');
  await writeFile(hook, HOOK);
  const { status, stderr } = await run(tool, words, {
    cwd,
    stdin,
    env: { NODE_OPTIONS: `--require=${hook}` },
  });
  expect(status).toBe(0);
  const files: string[] = JSON.parse(stderr);
  // Which of its own files are in this cache differs with the version of Node.
  const own = [
    hook,
    ...[`bin/${tool}`, 'dist/cli/load-tool.cjs', `dist/tools/${tool}.cjs`].map((file) => join(root, file)),
  ];
  expect(files).toContain(own[1]);
  expect(files.filter((file) => !own.includes(file))).toEqual([]);
});

// Cryptography takes 4 ms, a sixth of what Node itself takes; what starts commands, with the network, 5 ms.
describe('modules of Node', () => {
  const MODULES = HOOK.replace('Object.keys(require.cache)', 'process.moduleLoadList');

  async function loadedBy(tool: string, words: readonly string[], stdin = '') {
    const cwd = await privateFolder();
    await writeFile(join(cwd, 'graph.yaml'), 'tasks: {a: {run: "true"}}\n');
    await writeFile(join(cwd, 'crontab'), '* * * * * true\n');
    expect(await run('run-tasks', ['graph.yaml'], { cwd })).toMatchObject({ status: 0 });
    const hook = join(cwd, 'hook.cjs');
    await writeFile(hook, MODULES);
    const { status, stderr } = await run(tool, words, {
      cwd,
      stdin,
      env: { NODE_OPTIONS: `--require=${hook}` },
    });
    expect(status).toBe(0);
    const modules: string[] = JSON.parse(stderr);
    return modules.map((name) => name.replace('NativeModule ', ''));
  }

  it.each([
    ['runs', [], ''],
    ['load-rows', ['--to', 'rows.db', '--table', 't'], 'a\n1\n'],
    ['lake-put', ['lake/x'], 'a\n'],
    ['queue-put', ['q.queue'], 'a\n'],
    ['schedule', ['--test', '-n', '1', 'crontab'], ''],
  ] as const)('%s does without cryptography and commands', async (tool, words, stdin) => {
    const modules = await loadedBy(tool, words, stdin);
    expect(modules).toContain('fs');
    expect(modules.filter((name) => ['crypto', 'child_process'].includes(name))).toEqual([]);
  });

  // Fetch takes 100 ms.
  it('get-temp asks a server without fetch, TLS or compression', async () => {
    const address = await answer('21.5');
    const modules = await loadedBy('get-temp', [address]);
    expect(modules).toContain('_http_client');
    expect(modules.filter((name) => /undici|^https$|^zlib$/.test(name))).toEqual([]);
  });
});
