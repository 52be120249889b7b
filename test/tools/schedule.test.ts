import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseSync } from '@photostructure/sqlite';
import { describe, expect, it } from 'vitest';
import { ended, run, until } from '../harness.ts';
import { processesWith } from '../processes.ts';
import { scheduled, states, stop } from '../scheduled.ts';

const byTerm = { status: null, signal: 'SIGTERM', stdout: '', stderr: '' };

describe('schedule', () => {
  it('runs jobs, tells them what for, and remembers', async () => {
    const { begin, rows, lines, logs } = await scheduled(
      '#: name=count\n' +
        '@every 1s echo "$ETL_JOB $ETL_RUN $ETL_TRY $ETL_DATA_START $ETL_DATA_END $(printenv ETL_AT || echo none) $ETL_SINCE" >> said; echo out; echo err >&2\n' +
        '@reboot cat > input % a % b\\%c\n',
    );
    const schedule = begin();
    await until(() => rows().filter(({ state }) => state === 'success').length >= 4, 'three runs');
    expect(await stop(schedule)).toEqual(byTerm);
    const said = lines('said').map((line) => line.split(' '));
    const [first = [], second = []] = said;
    expect(first.slice(0, 1).concat(first.slice(2, 3), first.slice(5))).toEqual(['count', '1', 'none', '']);
    expect(Date.parse(first[4] ?? '') - Date.parse(first[3] ?? '')).toBe(1000);
    // The first was a success. A machine that is busy may miss the second after it.
    expect(second[6]).toBe(first[4]);
    expect(Date.parse(second[3] ?? '')).toBeGreaterThanOrEqual(Date.parse(first[4] ?? ''));
    expect(lines('input')).toEqual([' a ', ' b%c']);
    expect(logs()).toMatch(/^\S+Z O out$/m);
    expect(logs()).toMatch(/^\S+Z E err$/m);
    // A machine that is busy may also take longer than a second for a run.
    const done = rows().filter(({ state, reason }) => state !== 'queued' && reason !== 'overlap');
    expect(new Set(states(done, 'count'))).toEqual(new Set(['success']));
  });

  it('runs many jobs at once', async () => {
    const { begin, rows } = await scheduled(`@every 1s sleep 0.5; exit 75\n`.repeat(30));
    const schedule = begin(['--retries', '1', '--retry-delay', '1m']);
    await until(() => rows().filter(({ state }) => state === 'up_for_retry').length >= 30, 'thirty runs');
    expect(await stop(schedule)).toEqual(byTerm);
  });

  it('says all that is wrong with a crontab, and starts nothing', async () => {
    const { begin, file } = await scheduled(
      '@reboot touch ran\n61 * * * * a\n* * * L * b\n#: retris=1\n* * * * * c\n',
    );
    const { status, stdout, stderr } = await ended(begin());
    expect([status, stdout]).toEqual([78, '']);
    expect(stderr.split('\n').map((line) => line.replace(/(:\d+:\d+:).*/, '$1'))).toEqual([
      'schedule: crontab:2:1:',
      'schedule: crontab:3:7:',
      'schedule: crontab:4:4:',
      '',
    ]);
    expect(stderr).toContain('did you mean "retries"?');
    expect([existsSync(file('ran')), existsSync(file('runs.db'))]).toEqual([false, false]);
  });

  it('writes its metrics over no ledger, and leaves nothing beside what is none', async () => {
    const { begin, cwd, file } = await scheduled('@reboot true\n');
    const same = await ended(begin(['--ledger', 'new.db', '--textfile', 'new.db']));
    expect([same.status, existsSync(file('new.db'))]).toEqual([64, false]);
    expect((await ended(begin(['--ledger', 'crontab']))).status).toBe(64);
    await writeFile(file('text'), 'text\n');
    const other = await ended(begin(['--ledger', 'text']));
    expect([other.status, readFileSync(file('text'), 'utf8')]).toEqual([78, 'text\n']);
    expect(readdirSync(cwd).sort()).toEqual(['crontab', 'text']);
  });

  it('is alone with its ledger', async () => {
    const { begin, cwd, file, rows } = await scheduled('@reboot true\n');
    const first = begin();
    await until(() => rows().length > 0, 'the first one runs');
    const second = await run('schedule', [], { cwd });
    expect(second.status).toBe(75);
    expect(second.stderr).toMatch(
      new RegExp(`^schedule: runs.db: in use by another schedule: pid ${first.pid} on \\S+ since \\S+Z\n$`),
    );
    symlinkSync('runs.db', file('link.db'));
    expect(await run('schedule', ['--ledger', 'link.db'], { cwd })).toMatchObject({
      status: 75,
      stderr: expect.stringContaining('link.db: in use by another schedule: '),
    });
    await stop(first);
  });

  it('reads the file of --env-file itself: node would take the option for its own', async () => {
    const { begin } = await scheduled('@reboot true\n');
    expect(await ended(begin(['--env-file', 'none']))).toMatchObject({
      ...{ status: 66, stderr: 'schedule: none: no such file or directory\n' },
    });
  });

  it('runs nothing when an option is given that is for --test', async () => {
    const { begin, file } = await scheduled('@reboot touch ran\n');
    for (const words of [
      ['--strict'],
      ['--json'],
      ['-n', '3'],
      ['--from', '2026-11-21T12:00:00Z'],
      ['--to', '2026-11-21T12:00:00Z'],
      ['--explain', '--strict'],
    ]) {
      const { status, stderr } = await ended(begin(words));
      expect([status, stderr]).toEqual([64, expect.stringMatching(/^schedule: --\w+ is for --test/)]);
    }
    expect([existsSync(file('ran')), existsSync(file('runs.db'))]).toEqual([false, false]);
  });

  it('says that a ledger cannot be where it is to be, or that there is no job', async () => {
    const { begin, file, rows } = await scheduled('# nothing yet\n');
    expect(await ended(begin(['--ledger', '.']))).toMatchObject({
      ...{ status: 66, stderr: 'schedule: .: is a directory\n' },
    });
    expect(await ended(begin(['--ledger', 'none/runs.db']))).toMatchObject({
      ...{ status: 66, stderr: 'schedule: none/runs.db: no such file or directory\n' },
    });
    const schedule = begin();
    const said = ended(schedule);
    let stderr = '';
    schedule.stderr?.on('data', (chunk) => {
      stderr += chunk;
    });
    const line = 'schedule: crontab: no job in it\n';
    await until(() => stderr === line && existsSync(file('runs.db')), 'it has begun');
    expect(rows()).toEqual([]);
    await until(() => schedule.kill('SIGHUP') && stderr !== line, 'it says so once more');
    schedule.kill('SIGTERM');
    expect(new Set((await said).stderr.split('\n'))).toEqual(new Set([line.trim(), '']));
  });

  it('tries again what may succeed later, and nothing else', async () => {
    const { begin, rows, lines } = await scheduled(
      [75, 3, 65, 99]
        .map(
          (code) =>
            `#: name=s${code} retries=1 retry-delay=0\n@reboot echo $ETL_TRY >> s${code}; exit ${code}`,
        )
        .concat('#: name=at-last retries=5 retry-delay=10ms', '@reboot [ $ETL_TRY = 3 ]', '')
        .join('\n'),
    );
    const schedule = begin();
    await until(
      () => rows().filter(({ state }) => /^(?:success|failed|skipped)$/.test(state)).length === 5,
      'all ends',
    );
    await stop(schedule);
    expect([75, 3, 65, 99].map((code) => lines(`s${code}`).join())).toEqual(['1,2', '1,2', '1', '1']);
    expect(
      rows().map(({ job, state, reason, status, tries }) => [job, state, reason, status, tries]),
    ).toEqual([
      ['s75', 'failed', null, 75, 2],
      ['s3', 'failed', null, 3, 2],
      ['s65', 'failed', null, 65, 1],
      ['s99', 'skipped', 'skip-on', 99, 1],
      ['at-last', 'success', null, 0, 3],
    ]);
  });

  it.each([
    ['skip', 'success,skipped: overlap'],
    ['wait', 'success,success'],
    ['kill', 'failed: killed'],
  ])('overlap=%s', async (overlap, expected) => {
    const { begin, rows } = await scheduled(`#: name=slow overlap=${overlap}\n@every 1s sleep 1.5\n`);
    const schedule = begin();
    const isThere = () => expected.split(',').every((state) => states(rows(), 'slow').includes(state));
    await until(isThere, expected);
    await stop(schedule);
  });

  it('ends a try that takes too long, with all that it has started', async () => {
    const { begin, rows, mark } = await scheduled(
      '#: name=long timeout=500ms grace=300ms\n@reboot trap "" TERM; setsid sleep 600 & sleep 601 & wait; wait; sleep 602\n',
    );
    const schedule = begin();
    await until(() => states(rows(), 'long')[0] === 'failed: timeout', 'its end');
    expect(processesWith(mark).filter(({ command }) => command.startsWith('sleep'))).toEqual([]);
    await stop(schedule);
  });

  it('after kill -9: ends what was running, tries it again, and leaves strangers alone', async () => {
    const { begin, rows, lines, mark } = await scheduled(
      '#: name=long retries=1 retry-delay=0\n@every 1d true\n#: name=boot retries=1 retry-delay=0\n@reboot echo $$ $ETL_TRY >> boot; exec sleep 600\n',
    );
    const first = begin();
    const killed = ended(first);
    await until(() => lines('boot').length === 1, 'the job runs');
    await until(() => states(rows(), 'boot')[0] === 'running', 'the ledger knows');
    first.kill('SIGKILL');
    await killed;
    const second = begin(['--grace', '0s']);
    await until(() => lines('boot').length === 2, 'its second try');
    const [[one], [two]] = lines('boot').map((line) => line.split(' ')) as [string[], string[]];
    expect(processesWith(mark).filter(({ pid }) => pid === Number(one))).toEqual([]);
    expect(two).not.toBe(one);
    await stop(second);
    expect(processesWith(mark)).toEqual([]);
  });

  it('after kill -9: believes the log of a try that had ended', async () => {
    const { begin, rows, lines, file } = await scheduled(
      '#: name=quick\n@reboot echo ran >> said\n#: name=other\n@every 1d true\n',
    );
    const first = begin();
    const killed = ended(first);
    await until(() => states(rows(), 'quick')[0] === 'success', 'its end');
    first.kill('SIGKILL');
    await killed;
    // As if the ledger had not learnt of it.
    const database = new DatabaseSync(file('runs.db'), { timeout: 5000 });
    database.exec(`UPDATE try SET state = 'running', "end" = NULL, status = NULL`);
    database.exec(`UPDATE run SET state = 'running', "end" = NULL, status = NULL`);
    database.close();
    await writeFile(file('crontab'), '#: name=quick\n@every 1d echo again >> said\n');
    const second = begin();
    await until(() => states(rows(), 'quick')[0] === 'success', 'its end is known');
    await stop(second);
    expect(lines('said')).toEqual(['ran']);
    expect(rows()[0]).toMatchObject({ state: 'success', status: 0, tries: 1 });
  });

  it('after kill -9: knows a try that runs though it has removed its log', async () => {
    const { begin, rows, lines, mark } = await scheduled(
      '#: name=never\n0 0 31 4 * true\n#: name=boot retries=1 retry-delay=0\n@reboot rm -r logs; echo $ETL_RUN $ETL_TRY >> boot; exec sleep 600\n',
    );
    const first = begin();
    const killed = ended(first);
    await until(() => lines('boot').length === 1 && rows()[0]?.state === 'running', 'the job runs');
    first.kill('SIGKILL');
    await killed;
    const second = begin(['--grace', '0s']);
    await until(() => lines('boot').length === 2, 'its second try');
    await stop(second);
    expect(lines('boot')).toEqual(['1 1', '1 2']);
    expect(processesWith(mark)).toEqual([]);
  });

  it('orphans=wait: what a killed schedule has left counts for overlap, and ends with the next one', async () => {
    const { begin, rows, lines, mark } = await scheduled(
      '#: name=long orphans=wait\n@every 1s echo $ETL_RUN >> begun; exec sleep 600\n',
    );
    const first = begin();
    const killed = ended(first);
    await until(() => lines('begun').length === 1, 'the job runs');
    first.kill('SIGKILL');
    await killed;
    const second = begin(['--grace', '500ms']);
    const before = rows().length;
    await until(() => states(rows(), 'long').slice(before).includes('skipped: overlap'), 'it overlaps');
    expect(lines('begun')).toHaveLength(1);
    expect(await stop(second)).toEqual(byTerm);
    expect(processesWith(mark)).toEqual([]);
    expect(states(rows(), 'long')[0]).toBe('failed: lost');
  });

  it('lets jobs end after a signal, for as long as --grace says', async () => {
    const { begin, rows, lines } = await scheduled(
      '#: name=quick\n@reboot echo begun >> quick; sleep 1; echo ended >> quick\n#: name=slow\n@reboot echo begun >> slow; sleep 600\n',
    );
    const schedule = begin(['--grace', '6s']);
    await until(() => lines('quick').length + lines('slow').length === 2, 'both run');
    expect(await stop(schedule)).toEqual(byTerm);
    expect(lines('quick')).toEqual(['begun', 'ended']);
    expect(rows().map(({ job, state, reason }) => [job, state, reason])).toEqual([
      ['quick', 'success', null],
      ['slow', 'failed', 'stopped'],
    ]);
  });

  it('a second signal ends the wait', async () => {
    const { begin, lines } = await scheduled('@reboot echo begun >> slow; exec sleep 600\n');
    const schedule = begin(['--grace', '1h']);
    await until(() => lines('slow').length === 1, 'it runs');
    const end = ended(schedule);
    schedule.kill('SIGTERM');
    await sleep(300);
    expect(schedule.exitCode).toBeNull();
    // Two signals at once are one on a machine that is busy.
    await until(() => !schedule.kill('SIGTERM'), 'it has ended');
    expect((await end).signal).toBe('SIGTERM');
  });

  it('after kill -9: ends what tries have left that had ended', async () => {
    const { begin, rows, mark } = await scheduled(
      '#: name=a\n@reboot sleep 600 & exit 0\n#: name=b\n@every 1d true\n',
    );
    const first = begin();
    const killed = ended(first);
    await until(() => states(rows(), 'a')[0] === 'success', 'its end');
    await sleep(300);
    first.kill('SIGKILL');
    await killed;
    const commands = () => processesWith(mark).filter(({ command }) => command.startsWith('sleep'));
    const [before] = commands();
    const second = begin();
    await until(() => states(rows(), 'a').length === 2, 'the second one runs');
    await until(() => !commands().some(({ pid }) => pid === before?.pid), 'what was left has ended');
    await stop(second);
  });

  it('SIGHUP: a crontab from stdin stays as it is', async () => {
    const { begin, rows } = await scheduled('');
    const schedule = begin(['-']);
    schedule.stdin?.end('#: name=a\n@every 1s true\n');
    await until(() => rows().length > 0, 'it runs');
    const said: string[] = [];
    schedule.stderr?.on('data', (text) => said.push(String(text)));
    schedule.kill('SIGHUP');
    await until(() => said.length > 0, 'it says so');
    const before = rows().length;
    await until(() => rows().length > before + 1, 'it runs on');
    await stop(schedule);
    expect(said.join('')).toBe('schedule: stdin: cannot be read again: the jobs stay as they were\n');
  });

  it('reads its crontab again after SIGHUP; a bad one changes nothing', async () => {
    const { begin, write, lines } = await scheduled('#: name=a\n@every 1s echo a >> said\n');
    const schedule = begin();
    let stderr = '';
    schedule.stderr?.on('data', (chunk) => {
      stderr += chunk;
    });
    await until(() => lines('said').includes('a'), 'the first crontab');
    await write('x y\n');
    schedule.kill('SIGHUP');
    await until(() => stderr.includes('the jobs stay as they were'), 'the message');
    const before = lines('said').length;
    await until(() => lines('said').length > before, 'a goes on');
    await write('#: name=b\n@every 1s echo b >> said\n');
    schedule.kill('SIGHUP');
    await until(() => lines('said').includes('b'), 'the second crontab');
    const from = lines('said').indexOf('b');
    await until(() => lines('said').length > from + 2, 'b goes on');
    expect(new Set(lines('said').slice(from))).toEqual(new Set(['b']));
    await stop(schedule);
  });

  it('--watch sees that the crontab has changed', async () => {
    const { begin, write, lines } = await scheduled('@every 1s echo a >> said\n');
    const schedule = begin(['--watch']);
    await until(() => lines('said').includes('a'), 'the first crontab');
    await write('@every 1s echo b >> said\n');
    await until(() => lines('said').includes('b'), 'the second crontab');
    await stop(schedule);
  });

  it('hands on what jobs print', async () => {
    const { begin } = await scheduled('@reboot echo out; echo err >&2\n');
    const schedule = begin(['--output', 'passthrough']);
    let [stdout, stderr] = ['', ''];
    schedule.stdout?.on('data', (chunk) => {
      stdout += chunk;
    });
    schedule.stderr?.on('data', (chunk) => {
      stderr += chunk;
    });
    await until(() => stdout !== '' && stderr !== '', 'both lines');
    await stop(schedule);
    expect([stdout, stderr]).toEqual(['out\n', 'err\n']);
  });

  it('keeps the values of --env-file out of all that it writes', async () => {
    const { begin, rows, file, cwd } = await scheduled(
      '#: on-failure=\'echo "$TOKEN" "$ETL_STATE" > told\'\n@reboot echo "token $TOKEN"; exit 65\n',
    );
    await writeFile(file('secrets.env'), 'TOKEN=top-secret-17\n');
    const refused = await ended(begin(['--env-file', 'secrets.env']));
    expect([refused.status, refused.stderr.includes('chmod 600')]).toEqual([78, true]);
    await chmod(file('secrets.env'), 0o600);
    const schedule = begin(['--env-file', 'secrets.env']);
    await until(() => rows()[0]?.state === 'failed' && existsSync(file('told')), 'its end');
    await stop(schedule);
    expect(readFileSync(file('told'), 'utf8')).toBe('top-secret-17 failed\n');
    const found = spawnSync('grep', ['-rl', 'top-secret-17', cwd], { encoding: 'utf8' }).stdout;
    expect(found.trim().split('\n').sort()).toEqual([file('secrets.env'), file('told')].sort());
  });

  it('knows what the tools of a job have read and written', async () => {
    const { begin, rows, file } = await scheduled(
      '#: name=etl\n@reboot cat readings | get-stats >/dev/null\n',
    );
    await writeFile(file('readings'), '2026-11-21T10:04:00Z,a,1\nbad\n');
    const schedule = begin();
    await until(() => rows()[0]?.state === 'success', 'its end');
    await stop(schedule);
    expect(rows()[0]).toMatchObject({ rows_in: 2, rows_out: 1, rejected: 1 });
  });

  it('reads the crontab from stdin', async () => {
    const { begin, lines } = await scheduled('');
    const schedule = begin(['-']);
    schedule.stdin?.end('@reboot echo here > said\n');
    await until(() => lines('said').length === 1, 'it runs');
    await stop(schedule);
  });
});
