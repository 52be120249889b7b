import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import queuePut from '../../src/tools/queue-put.ts';
import { ended, shell, start, until } from '../harness.ts';
import { runHere } from '../in-process.ts';
import { otherUser } from '../other-user.ts';
import { killAll } from '../processes.ts';
import { good, queueFolder } from './queue-tools.ts';

const numbers = (count: number) => Array.from({ length: count }, (_, at) => `${at}\n`).join('');

/** Numbers in a queue `q`, and a way to run bash on them. */
async function numbered(count: number) {
  const folder = await queueFolder();
  const words = [join(folder.cwd, 'q'), '--batch', '20000'];
  expect(await runHere(queuePut, words, { stdin: numbers(count) })).toEqual(good());
  const command = (script: string, ...words: string[]) => folder.take(...words, '--', 'bash', '-c', script);
  const read = (name: string) => readFileSync(join(folder.cwd, name), 'utf8');
  const has = (name: string) => existsSync(join(folder.cwd, name));
  return { ...folder, command, read, has };
}

/** Starts queue-take with a bash script; all of its processes are killed after the test. */
async function started(count: number, script: string, ...words: string[]) {
  const folder = await numbered(count);
  const mark = `QUEUE_TAKE_TEST=${folder.cwd}`;
  onTestFinished(() => killAll(mark));
  const child = start('queue-take', ['q', ...words, '--', 'bash', '-c', script], {
    cwd: folder.cwd,
    env: { QUEUE_TAKE_TEST: folder.cwd },
  });
  return { ...folder, child, mark, end: ended(child) };
}

describe('queue-take', () => {
  it.each([
    [[], 'no QUEUE'],
    [['ftp://x/q'], 'unknown queue: "ftp://x/q"; known schemes: '],
    [['q', '--peek', '--seek', 'end'], '--seek does not go with --peek'],
    [['q', '--peek', '--', 'cat'], '--peek runs no CMD'],
    [['q', '--seek', 'end', '--', 'cat'], '--seek runs no CMD'],
    [['q', '-j', '2'], '--jobs needs CMD'],
    [['q', '--from', 'yesterday'], '--from: not a time: "yesterday"'],
    [['q', '--batch-bytes', '-1'], '--batch-bytes: not a size'],
    [['q', '--'], 'no command after --'],
    [['q', '--group', ''], '--group: it is empty'],
  ])('refuses %j', async (words, message) => {
    const { tool, cwd } = await queueFolder();
    const end = await tool('queue-take', words);
    expect(end).toMatchObject({ status: 64, stdout: '' });
    expect(end.stderr).toContain(`queue-take: ${message}`);
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('prints messages, and acknowledges them', async () => {
    const { take, bodies } = await numbered(3);
    expect(await take('--count', '2')).toEqual(good('0\n1\n'));
    expect(await bodies()).toEqual(['2']);
    expect(await take()).toEqual(good('2\n'));
    expect(await take()).toEqual(good());
  });

  it('acknowledges nothing that could not be written', async () => {
    const { cwd, bodies } = await numbered(3);
    expect((await shell('queue-take q --exit-when-empty > /dev/full', { cwd })).status).toBe(74);
    expect((await bodies()).length).toBe(3);
  });

  it.each([
    ['killed', 'kill -9 $!; wait $! 2>/dev/null'],
    ['left by its reader', 'kill -9 $(cat reader); wait $!'],
  ])('leaves no batch behind when it is %s: a command gets what it asks for', async (_, script) => {
    const { cwd, take, bodies } = await numbered(20_000);
    // The reader takes a line, and lets the rest wait.
    const begun = 'queue-take q > >(echo $BASHPID > reader; read -r line; echo > read; exec sleep 60) &';
    const stopped = `until [ -e read ]; do sleep 0.01; done; ${script}; kill -9 $(cat reader) 2>/dev/null; true`;
    await shell(`${begun} ${stopped}`, { cwd });
    const left = await bodies();
    const counts = await take(
      '--batch',
      '7',
      '--count',
      '21',
      '--',
      'bash',
      '-c',
      'echo $ETL_FIRST $ETL_COUNT',
    );
    const first = Number(left[0]);
    expect(counts).toEqual(good([0, 7, 14].map((at) => `${first + at} 7\n`).join('')));
  });

  it('shows with --peek how often a run for a message has failed', async () => {
    const { child, end, has, peek } = await started(2, 'touch "try $ETL_TRY"; exit 1');
    await until(() => has('try 2'), 'the first message is tried again');
    child.kill('SIGTERM');
    await end;
    expect((await peek()).find(({ seq }) => seq === 0)?.tries).toBeGreaterThan(0);
    expect((await peek()).length).toBe(2);
  });

  it.runIf(otherUser?.uid)(
    'is not held up by what another user whose files are private has left',
    async () => {
      const { cwd, put, take, tool } = await queueFolder();
      await put(numbers(2));
      chmodSync(cwd, 0o777);
      chmodSync(join(cwd, 'q'), 0o666);
      await shell("umask 077; queue-take q -- bash -c 'kill -9 $PPID'; true", { cwd });
      const { stdout } = await tool('queue-take', ['q', '--count', '2'], otherUser);
      expect(stdout.split('\n').toSorted()).toEqual(['', '0', '1']);
      expect(await take()).toEqual(good());
    },
  );

  it('waits for a queue that is not there yet, and for messages', async () => {
    const { cwd, put } = await queueFolder();
    const child = start('queue-take', ['q', '--count', '2'], { cwd });
    const end = ended(child);
    let seen = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      seen += chunk;
    });
    await put('a\n');
    await until(() => seen === 'a\n', 'the first message is printed');
    await put('b\nc\n');
    expect(await end).toEqual(good('a\nb\n'));
  });

  it('ends while it waits when nobody reads its output any more', async () => {
    const { cwd } = await queueFolder();
    expect(await shell('seq 3 | queue-put q; queue-take q | head -n 2; echo $?', { cwd })).toMatchObject({
      stdout: '1\n2\n0\n',
      stderr: '',
    });
  });

  it('ends by a signal while it waits, and while its reader does not read', async () => {
    const { cwd } = await numbered(200_000);
    const waiting = start('queue-take', ['none'], { cwd });
    const end = ended(waiting);
    const stuck = start('queue-take', ['q'], { cwd });
    const gone = new Promise((resolve) => stuck.once('exit', (_, signal) => resolve(signal)));
    await new Promise((resolve) => stuck.stdout?.once('readable', resolve));
    for (const child of [waiting, stuck]) child.kill('SIGTERM');
    expect(await gone).toBe('SIGTERM');
    expect(await end).toMatchObject({ signal: 'SIGTERM', stderr: '' });
  });

  it('gives a command its batch on stdin, what it is told in variables, and prints what it prints', async () => {
    const { command, bodies } = await numbered(5);
    const script =
      'echo $(cat) $ETL_QUEUE $ETL_PARTITION $ETL_FIRST $ETL_LAST $ETL_COUNT $ETL_TRY $ETL_BATCH';
    const { stdout, ...others } = await command(script, '--batch', '3', '--linger', '1ms');
    expect({ ...others, stdout: stdout.replaceAll(/q-[0-9a-f]{8}/g, 'q-ID') }).toEqual(
      good('0 1 2 q 0 0 2 3 1 q-ID-0-00000000000000000000\n3 4 q 0 3 4 2 1 q-ID-0-00000000000000000003\n'),
    );
    expect(await bodies()).toEqual([]);
  });

  it('gives one message at a time by default, and several runs at once with --jobs', async () => {
    const { command } = await numbered(4);
    const script = 'read n; touch $n; while [ ! -e 0 -o ! -e 3 ]; do sleep 0.01; done; echo $n';
    const { stdout, status } = await command(script, '-j', '4');
    expect([status, stdout.split('\n').toSorted().join('')]).toEqual([0, '0123']);
  });

  it('names a batch so that it may be a part of a path', async () => {
    const { tool } = await queueFolder();
    await tool('queue-put', ['ü #=.queue'], { stdin: 'a\n' });
    const words = ['./ü #=.queue', '--exit-when-empty', '--', 'sh', '-c', 'echo $ETL_BATCH'];
    const { stdout } = await tool('queue-take', words);
    expect(stdout).toMatch(/^=C3=BC=20=23=3D\.queue-[0-9a-f]{8}-0-00000000000000000000\n$/);
  });

  it('names a batch otherwise when the queue was made anew, so that no object takes the place of another', async () => {
    const { tool } = await queueFolder();
    const name = async (text: string) => {
      await tool('queue-put', ['q'], { stdin: `${text}\n` });
      return (await tool('queue-take', ['q', '--exit-when-empty', '--', 'sh', '-c', 'echo $ETL_BATCH']))
        .stdout;
    };
    const first = await name('a');
    await tool('queue-make', ['q', '--drop', '--yes']);
    expect(await name('b')).not.toBe(first);
  });

  it('puts dead letters where --dead says, or nowhere', async () => {
    const { command, tool, bodies } = await numbered(2);
    const told = await command('exit 65', '--dead', 'other');
    expect([told.status, told.stderr.split('\n').length]).toEqual([0, 3]);
    expect(await bodies('q#dead')).toEqual([]);
    expect(await bodies('other')).toEqual(['0', '1']);
    await tool('queue-put', ['q'], { stdin: '2\n' });
    expect((await command('exit 65', '--dead', 'none')).stderr).toContain('dead');
    expect([await bodies(), await bodies('q#dead'), await bodies('other')]).toEqual([[], [], ['0', '1']]);
    expect((await command('exit 65', '--dead', 'x://y')).status).toBe(64);
  });

  it('shows messages with all that is known of them', async () => {
    const { tool, take, peek } = await queueFolder();
    await tool('queue-put', ['q', '--key-separator', ':'], {
      stdin: Buffer.from('k:a"ü\nk:\xff\n', 'latin1'),
    });
    const [first, second] = await peek();
    expect(first).toMatchObject({ queue: 'q', seq: 0, key: 'k', tries: 0, headers: {} });
    expect(Date.parse(first?.time ?? '')).toBeGreaterThan(Date.now() - 60_000);
    expect(second).toMatchObject({ seq: 1, body: '/w==', encoding: 'base64' });
    expect(first).toMatchObject({ body: 'YSL8', encoding: 'base64' });
    const lines = (await take('--envelope')).stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const id = expect.stringMatching(/^[0-9a-f]+-\d+-\d+$/);
    expect(lines).toEqual([first, second].map((each) => ({ ...each, id })));
    expect(lines[0].id).not.toBe(lines[1].id);
  });

  it('gives each group every message, a new one from where it says', async () => {
    const { take, put, tool } = await numbered(2);
    expect(await take('--count', '1')).toEqual(good('0\n'));
    expect(await take('--group', 'a')).toEqual(good('0\n1\n'));
    expect(await take('--group', 'late', '--from', 'end')).toEqual(good());
    await put('2\n');
    expect(await take('--group', 'a')).toEqual(good('2\n'));
    expect(await take('--group', 'late', '--from', 'beginning')).toEqual(good('2\n'));
    expect(await take()).toEqual(good('1\n2\n'));
    expect(await tool('queue-stat', ['q', '--group', 'a'])).toMatchObject({ status: 0 });
  });

  it('moves a group that nobody uses', async () => {
    const { tool, take, has, cwd } = await numbered(2);
    await tool('queue-make', ['kept', '--keep', '1h']);
    await tool('queue-put', ['kept'], { stdin: 'a\nb\n' });
    const seek = (position: string) => tool('queue-take', ['kept', '--seek', position]);
    expect((await tool('queue-take', ['kept', '--exit-when-empty'])).stdout).toBe('a\nb\n');
    expect(await seek('beginning')).toEqual(good());
    expect((await tool('queue-take', ['kept', '--count', '1'])).stdout).toBe('a\n');
    expect(await seek('end')).toEqual(good());
    expect(await tool('queue-take', ['kept', '--exit-when-empty'])).toEqual(good());
    expect(await seek('2020-01-01T00:00:00Z')).toEqual(good());
    expect((await tool('queue-take', ['kept', '--exit-when-empty'])).stdout).toBe('a\nb\n');
    const busy = start(
      'queue-take',
      ['q', '--', 'sh', '-c', 'echo >begun; while [ ! -e go ]; do sleep 0.01; done'],
      { cwd },
    );
    const end = ended(busy);
    await until(() => has('begun'), 'a message is out');
    expect(await tool('queue-take', ['q', '--seek', 'end'])).toMatchObject({ status: 75 });
    writeFileSync(join(cwd, 'go'), '');
    await until(() => has('go'), 'it may end');
    busy.kill('SIGTERM');
    await end;
    expect((await take()).status).toBe(0);
  });

  it('makes nothing where it only looks (66)', async () => {
    const { tool, cwd } = await queueFolder();
    for (const words of [
      ['q', '--peek'],
      ['q', '--seek', 'end'],
    ])
      expect(await tool('queue-take', words)).toMatchObject({ status: 66, stdout: '' });
    expect(await tool('queue-take', ['q', '--exit-when-empty'])).toEqual(good());
    expect(readdirSync(cwd)).toEqual([]);
  });
});

describe('what the end of a command means', () => {
  it('0: done', async () => {
    const { command, stat } = await numbered(3);
    expect(await command('exit 0')).toEqual(good());
    expect(await stat()).toMatchObject([{ ready: 0, leased: 0, delayed: 0, dead: 0, next: 3, end: 3 }]);
  });

  it('75: not now, and no try is counted', async () => {
    const { command, stat, read } = await numbered(1);
    const script = `echo $ETL_TRY >>runs; [ $(wc -l <runs) -ge 3 ] || exit 75`;
    const { status, stderr } = await command(script, '--retries', '0');
    expect([status, stderr]).toEqual([
      0,
      expect.stringMatching(/^queue-take: q: message 0: bash: exit status 75: trying again in [01]\.\d s\n$/),
    ]);
    expect(read('runs')).toBe('1\n'.repeat(3));
    expect(await stat()).toMatchObject([{ ready: 0, delayed: 0, dead: 0 }]);
  });

  it('65: the bad message is found in at most 15 runs, and is dead with its reason', async () => {
    const { command, peek, bodies, read, tool } = await numbered(100);
    const script =
      'echo >>runs; cat >batch; if grep -qx 42 batch; then echo poison >&2; exit 65; fi; cat batch >>done';
    const { status, stderr } = await command(script, '--batch', '100');
    expect([status, stderr.replace(/^(poison\n)+/, '')]).toEqual([
      0,
      'queue-take: q: message 42: bash: exit status 65: dead: poison\n',
    ]);
    expect(read('runs').length).toBeLessThanOrEqual(15);
    expect(read('done').split('\n').length).toBe(100);
    expect(await bodies()).toEqual([]);
    const [dead, ...others] = await peek('q#dead');
    expect(others).toEqual([]);
    expect(dead?.body).toBe('42');
    expect(Object.values(dead?.headers ?? {})).toEqual(expect.arrayContaining(['65', 'poison\n']));
    const back = await tool('queue-take', ['q#dead', '--exit-when-empty', '--', 'queue-put', 'q']);
    expect(back).toEqual(good());
    expect([await bodies(), await bodies('q#dead')]).toEqual([['42'], []]);
  });

  it('65 with --strict, when all is done', async () => {
    const { command } = await numbered(3);
    const { status, stderr } = await command('! grep -q 1 || exit 65', '--strict');
    expect([status, stderr]).toEqual([
      65,
      'queue-take: q: message 1: bash: exit status 65: dead\nqueue-take: 1 message died (--strict)\n',
    ]);
  });

  it('64, 69, 78, 126, 127: the command is wrong, and the queue as it was', async () => {
    const check = async (code: number) => {
      const { command, bodies, stat, read } = await numbered(3);
      const { status, stderr } = await command(`echo >>runs; exit ${code}`, '--batch', '2');
      expect([code, status]).toEqual([code, 69]);
      expect(stderr).toMatch(/^queue-take: bash: .*the command is wrong\n$/);
      expect(read('runs')).toBe('\n');
      expect((await bodies()).length).toBe(3);
      expect(await stat()).toMatchObject([{ ready: 3, leased: 0, delayed: 0, dead: 0 }]);
    };
    await Promise.all([64, 69, 78, 126, 127].map(check));
  });

  it('a command that is missing or no program is wrong', async () => {
    const { take, bodies } = await numbered(2);
    expect(await take('--', './missing')).toMatchObject({
      status: 69,
      stderr: 'queue-take: ./missing: no such file or directory: the command is wrong\n',
    });
    expect(await take('--', '/dev/null')).toMatchObject({ status: 69 });
    expect((await bodies()).length).toBe(2);
  });

  it('anything else, a signal: failed, tried again, then dead', async () => {
    const check = async (last: string) => {
      const { command, bodies, read } = await numbered(2);
      const script = `read n; if [ $n = 0 ]; then echo $ETL_TRY >>runs; ${last}; fi`;
      const { status, stderr } = await command(script, '--retries', '1');
      expect([last, status]).toEqual([last, 0]);
      expect(stderr).toMatch(
        /^queue-take: q: message 0: bash: .*: trying again in [01]\.\d s\n.*message 0: .*: dead\n$/,
      );
      expect(read('runs')).toBe('1\n2\n');
      expect([await bodies(), await bodies('q#dead')]).toEqual([[], ['0']]);
    };
    await Promise.all(['exit 1', 'exit 70', 'exit 141', 'kill -9 $$'].map(check));
  });

  it('ends (75) when too many messages die in a row', async () => {
    const { command, bodies } = await numbered(20);
    const { status, stderr } = await command('exit 65', '--max-dead', '3');
    expect(status).toBe(75);
    expect(stderr).toMatch(/3 messages died in a row \(--max-dead\)\n$/);
    expect([(await bodies()).length, (await bodies('q#dead')).length]).toEqual([17, 3]);
  });
});

describe('a command', () => {
  it('that leaves a process behind, which prints on, is not waited for and holds nothing', async () => {
    const { end, mark, stat } = await started(1, 'echo a; yes b & sleep 60 & exit 0', '--exit-when-empty');
    const { status, stdout } = await end;
    expect([status, stdout.startsWith('a\n') || stdout.startsWith('b\n')]).toEqual([0, true]);
    expect(await stat()).toMatchObject([{ ready: 0, leased: 0 }]);
    await killAll(mark);
  });

  it('may close its stdin, or not read it', async () => {
    const { command } = await numbered(3);
    expect(await command('exec <&-; echo $ETL_FIRST')).toEqual(good('0\n1\n2\n'));
  });

  it('may print more than memory holds', async () => {
    const { cwd } = await numbered(1);
    const take = 'NODE_OPTIONS=--max-old-space-size=32 queue-take q --exit-when-empty';
    const { stdout } = await shell(`${take} -- head -c 300000000 /dev/zero | wc -c; echo \${PIPESTATUS[*]}`, {
      cwd,
    });
    expect(stdout).toBe('300000000\n0 0\n');
  });

  it('is not acknowledged when what it prints cannot be written', async () => {
    const { cwd, bodies } = await numbered(2);
    const { status } = await shell('queue-take q --exit-when-empty -- cat > /dev/full', { cwd });
    expect([status, (await bodies()).length]).toEqual([74, 2]);
  });

  it('finishes after SIGTERM, and is acknowledged', async () => {
    const script = 'echo >begun; while [ ! -e go ]; do sleep 0.01; done; cat >done';
    const { child, end, has, read, bodies, cwd } = await started(2, script);
    await until(() => has('begun'), 'the command runs');
    child.kill('SIGTERM');
    writeFileSync(join(cwd, 'go'), '');
    expect(await end).toMatchObject({ signal: 'SIGTERM', stderr: '' });
    expect([read('done'), await bodies()]).toEqual(['0\n', ['1']]);
  });

  it.each([['--grace', '10ms'], []])(
    'is ended after its time, or at a second signal, and its batch is as it was: %j',
    async (...words) => {
      const { child, end, has, stat, command } = await started(2, 'echo >begun; sleep 60; exit 1', ...words);
      await until(() => has('begun'), 'the command runs');
      child.kill('SIGTERM');
      // Two signals at once are one on a machine that is busy.
      if (words.length === 0) await until(() => !child.kill('SIGTERM'), 'it has ended');
      expect(await end).toMatchObject({ signal: 'SIGTERM', stderr: '' });
      expect(await stat()).toMatchObject([{ ready: 2, leased: 0, delayed: 0 }]);
      expect((await command('echo $ETL_TRY')).stdout).toBe('1\n1\n');
    },
  );

  it('is ended in its time also while nobody reads what it prints', async () => {
    const { cwd, bodies } = await numbered(1);
    const child = start('queue-take', ['q', '--grace', '10ms', '--', 'yes'], { cwd });
    const gone = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)));
    // The pipe to here is full soon after its first bytes, since nobody takes them out.
    await new Promise((resolve) => child.stdout?.once('readable', resolve));
    child.kill('SIGTERM');
    expect(await gone).toBe('SIGTERM');
    expect((await bodies()).length).toBe(1);
  });

  it('that ignores SIGTERM is killed', async () => {
    const { child, end, has, bodies } = await started(
      1,
      "trap '' TERM; echo >begun; while :; do sleep 1; done",
      '--grace',
      '1ms',
    );
    await until(() => has('begun'), 'the command runs');
    child.kill('SIGTERM');
    expect(await end).toMatchObject({ signal: 'SIGTERM' });
    expect((await bodies()).length).toBe(1);
  });

  it('keeps its batch when queue-take alone is killed, until it ends', async () => {
    const script = 'echo >begun; while [ ! -e go ]; do sleep 0.01; done; touch gone';
    const { child, end, has, stat, take, cwd } = await started(3, script, '--batch', '2', '--linger', '1ms');
    await until(() => has('begun'), 'the command runs');
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    expect(await stat()).toMatchObject([{ leased: 2 }]);
    expect((await take('--count', '1')).stdout).toBe('2\n');
    writeFileSync(join(cwd, 'go'), '');
    expect(await take()).toEqual(good('0\n1\n'));
    expect(has('gone')).toBe(true);
    await end;
  });

  it('loses its batch at once when it is killed with queue-take', async () => {
    const { child, end, has, take, mark, cwd } = await started(1, 'echo >begun; sleep 60');
    await until(() => has('begun'), 'the command runs');
    child.kill('SIGKILL');
    await killAll(mark);
    expect(await take()).toEqual(good('0\n'));
    await end;
    expect(readdirSync(cwd).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});
