/** The package as a stranger has it: packed, installed by npm under an empty home, and tried on each Node it is said to run on. */

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../harness.ts';

const NODES = [20, 22, 24, 26];
/** Of the tarball, with room for a tenth more. */
const MAX_BYTES = 4e6;

const folder = mkdtempSync(join(tmpdir(), 'etlutils-'));
const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder];
const tarball = join(folder, execFileSync('npm', pack, { cwd: root, encoding: 'utf8' }).trim());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('is no larger than it must be', () => {
  expect(statSync(tarball).size).toBeLessThan(MAX_BYTES);
});

describe.each(NODES)('the package on Node %i', (version) => {
  const home = join(folder, `home-${version}`);
  const prefix = join(folder, `prefix-${version}`);
  const npm = ['--no-fund', '--no-audit', '--no-update-notifier', '--loglevel=error'];

  /** With what has been installed, and nothing else of the caller's but the certificates that npm may need. */
  function shell(command: string, cwd = home) {
    const { NODE_EXTRA_CA_CERTS } = process.env;
    const path = [join(prefix, 'bin'), join(folder, `node-${version}`), process.env.PATH].join(':');
    const env = { PATH: path, HOME: home, LC_ALL: 'C.UTF-8', NODE_EXTRA_CA_CERTS };
    const ended = spawnSync('bash', ['-o', 'pipefail', '-c', command], { cwd, env, encoding: 'utf8' });
    return { status: ended.status, stdout: ended.stdout, stderr: ended.stderr };
  }

  beforeAll(() => {
    const installed = join(folder, `installed-${version}`);
    execFileSync('npm', ['install', '--silent', '--no-save', '--prefix', installed, `node@${version}`]);
    // Where it is depends on the version of the package.
    const [path = ''] = readdirSync(installed, { recursive: true, encoding: 'utf8' }).filter((each) =>
      each.endsWith('/bin/node'),
    );
    mkdirSync(home);
    execFileSync('ln', ['-s', join(installed, path, '..'), join(folder, `node-${version}`)]);
    expect(shell('node --version').stdout).toMatch(`v${version}.`);
    const { status, stderr } = shell(`npm install ${npm.join(' ')} --global --prefix ${prefix} ${tarball}`);
    expect([status, stderr]).toEqual([0, '']);
  });

  it('runs the pipeline, and warns of nothing', () => {
    const command = `export NODE_OPTIONS=--throw-deprecation
      get-temp sim: | buffer-tail -n 60 temperature.log | get-stats -w 1h | load-stats --to stats.db
      plot-stats --png chart.png stats.db && plot-stats stats.db
      log-gen -n 100 --seed 1 | parse-log | load-rows --to rows.db --table log
      echo hello | queue-put q.queue && queue-take --exit-when-empty q.queue -- lake-put lake/ && lake-get lake/* | wc -l
      echo '@every 1s echo hi' >crontab && schedule --test crontab >/dev/null && echo 'tasks: {a: {run: echo}}' >graph.yaml
      run-tasks --ledger runs.db graph.yaml && runs --ledger runs.db >/dev/null; check-stats --max 100 stats.db`;
    const { status, stdout, stderr } = shell(command);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/\n1\n/);
  });

  it('brings manual pages, completion, and every tool', () => {
    const tools = readdirSync(join(prefix, 'bin'));
    expect(tools.length).toBeGreaterThan(20);
    for (const tool of tools) expect(shell(`${tool} --version`)).toMatchObject({ status: 0, stderr: '' });
    const man = join(prefix, 'share', 'man');
    const pages = [...readdirSync(join(man, 'man1')), ...readdirSync(join(man, 'man7'))];
    expect(pages.toSorted()).toEqual([...tools.map((tool) => `${tool}.1`), 'etlutils.7'].toSorted());
    const { status, stdout, stderr } = shell(`MANWIDTH=60 man -M ${man} get-stats etlutils`);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('get-stats(1)');
    const installed = join(prefix, 'lib', 'node_modules', 'etlutils', 'dist');
    for (const name of ['bash', 'zsh', 'fish'])
      expect(existsSync(join(installed, `completion.${name}`))).toBe(true);
  });

  it('is run by npx without being installed', () => {
    const cwd = join(home, 'elsewhere');
    mkdirSync(cwd);
    const command = `npx --yes ${npm.join(' ')} --package ${tarball} get-temp sim: --at 2026-11-21T10:00:00Z`;
    expect(shell(command, cwd)).toMatchObject({
      ...{ status: 0, stderr: '', stdout: expect.stringMatching(/^2026-11-21T10:00:00Z,sim,/) },
    });
  });
});
