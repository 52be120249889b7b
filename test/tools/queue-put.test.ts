import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ended, shell, start, until } from '../harness.ts';
import { type Envelope, good, queueFolder } from './queue-tools.ts';

describe('queue-put', () => {
  it.each([
    [[], 'no QUEUE'],
    [['ftp://x/q'], 'unknown queue: "ftp://x/q"'],
    [['q', '--key', 'a', '--key-separator', ','], '--key-separator does not go with --key'],
    [['q', '--group-id', 'a', '--key', 'a'], '--group-id does not go with --key'],
    [['q', '--group-id', 'a', '--envelope'], '--envelope does not go with --group-id'],
    [['q', '--group-id', ''], '--group-id: it is empty'],
    [['q', '--whole', '-0'], '--whole does not go with --null'],
    [['q', '--key', 'a..b'], '--key: not the name of a member: "a..b"'],
    [['q', '--key', 'a', '-d', ','], '--key: not a whole number of at least 1: "a"'],
    [['q', '--key-separator', ''], '--key-separator: it is empty'],
    [['q', '--max-size', '1X'], '--max-size: not a size: "1X"'],
    [['q', '--batch', '0'], '--batch: not a whole number'],
    [['q', '--'], 'no command after --'],
  ])('refuses %j', async (words, message) => {
    const { tool, cwd } = await queueFolder();
    const end = await tool('queue-put', words, { stdin: 'a\n' });
    expect(end).toMatchObject({ status: 64, stdout: '' });
    expect(end.stderr).toContain(`queue-put: ${message}`);
    expect(readdirSync(cwd)).toEqual([]);
  });

  it.each(['--key', '--id'])('rejects a message in which a member stands twice, with %s', async (option) => {
    const { tool } = await queueFolder();
    const stdin = '{"k":"a","k":"b"}\n{"k":"c","l":{"m":1,"m":2}}\n{"k":"d","l":{"k":1}}\n';
    expect(await tool('queue-put', ['q', option, 'k'], { stdin })).toMatchObject({
      status: 0,
      stderr:
        'queue-put: stdin:1: a member is repeated: "{\\"k\\":\\"a\\",\\"k\\":\\"b\\"}"\n' +
        'queue-put: 2 of 3 lines rejected: 2 with a repeated member\n',
    });
  });

  it('is refused where its input is the queue itself', async () => {
    const { cwd, put } = await queueFolder();
    await put('a\n');
    expect(await shell('queue-put q < q', { cwd })).toMatchObject({ status: 64 });
  });

  it('puts lines byte for byte, without the CR before a newline, and a BOM', async () => {
    const { put, cwd } = await queueFolder();
    const lines = Buffer.from('\ufeffa\r\n\r\n\n\r\rb\r\n\0\x01\xff\xfe "x\ny', 'utf8');
    const bytes = Buffer.concat([lines, Buffer.from([10, 0xff, 0xc3, 10])]);
    expect(await put(bytes)).toEqual(good());
    const { stdout } = await shell('queue-take q --exit-when-empty | od -An -v -tx1 | tr -d " \\n"', { cwd });
    const expected = Buffer.concat([
      Buffer.from('a\n\n\n\r\rb\n\0\x01\xff\xfe "x\ny\n'),
      Buffer.from([0xff, 0xc3, 10]),
    ]);
    expect(stdout).toBe(expected.toString('hex'));
  });

  it('puts what stands between NULs as it is', async () => {
    const { put, take, bodies } = await queueFolder();
    expect(await put('\ufeffa\r\n\0\0b\nc\0d', '-0')).toEqual(good());
    expect(await bodies()).toEqual(['\ufeffa\r\n', '', 'b\nc', 'd']);
    expect(await take('-0')).toEqual(good('\ufeffa\r\n\0\0b\nc\0d\0'));
  });

  it('puts all input as one message', async () => {
    const { put, bodies } = await queueFolder();
    expect(await put('a\r\nb\n\0', '--whole')).toEqual(good());
    expect(await put('', '--whole')).toEqual(good());
    expect(await put('x'.repeat(11), '--whole', '--max-size', '10')).toMatchObject({
      status: 65,
      stderr: expect.stringContaining('message is longer than 10 bytes'),
    });
    expect(await bodies()).toEqual(['a\r\nb\n\0']);
  });

  it('puts all input as one message, though in its envelope it is longer', async () => {
    const { put, bodies } = await queueFolder();
    const body = Buffer.alloc(1 << 20).toString('base64');
    expect(await put(JSON.stringify({ body, encoding: 'base64' }), '--whole', '--envelope')).toEqual(good());
    expect((await bodies()).map(({ length }) => length)).toEqual([1 << 20]);
  });

  it('puts nothing, and makes no queue, for empty input', async () => {
    const { put, cwd } = await queueFolder();
    expect(await put('')).toEqual(good());
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('says with --verbose that the last line has no newline', async () => {
    const { put, bodies } = await queueFolder();
    expect(await put('a\nb', '-v')).toMatchObject({
      status: 0,
      stderr: 'queue-put: the last line has no newline: it is put as it is\n',
    });
    expect(await put('c')).toEqual(good());
    expect(await bodies()).toEqual(['a', 'b', 'c']);
  });

  it('rejects a message that is too long, and holds little of it', async () => {
    const { cwd, bodies } = await queueFolder();
    const long = `head -c 100000000 /dev/zero | tr '\\0' x; echo; echo b; head -c 1048576 /dev/zero | tr '\\0' y; echo`;
    const put = 'NODE_OPTIONS=--max-old-space-size=32 queue-put q --rejects bad';
    const { status, stderr } = await shell(`{ echo a; ${long}; } | ${put}`, { cwd });
    expect([status, stderr]).toEqual([
      0,
      'queue-put: stdin:2: message is longer than 1048576 bytes\nqueue-put: 1 of 4 lines rejected: 1 too long\n',
    ]);
    expect((await bodies()).map((body) => body.length)).toEqual([1, 1, 1 << 20]);
    expect(readFileSync(join(cwd, 'bad'), 'utf8')).toMatch(/^x+\n$/);
  });

  it('takes a key from JSON, from CSV, or from before the message', async () => {
    const { put, peek } = await queueFolder();
    const lines = '{"meta":{"k":"a"},"v":1}\n{"meta":{"k":12345678901234567890}}\n{"meta":{"k":"a"},"v":2}\n';
    expect(await put(lines, '--key', 'meta.k')).toEqual(good());
    expect(await put('1;"a;b"\n2;b\n', '--key', '2', '-d', ';')).toEqual(good());
    expect(await put('a\tx\ty\n', '--key-separator', '\\t')).toEqual(good());
    const found = (await peek()).map(({ key, body }) => [key, body.length > 9 ? '' : body]);
    expect(found.toSorted()).toEqual(
      [
        ['a', ''],
        ['12345678901234567890', ''],
        ['a', ''],
        ['a;b', '1;"a;b"'],
        ['b', '2;b'],
        ['a', 'x\ty'],
      ].toSorted(),
    );
    const partitions = (await peek()).filter(({ key }) => key === 'a').map(({ partition }) => partition);
    expect(new Set(partitions).size).toBe(1);
    expect(partitions[0]).toBeGreaterThan(0);
  });

  it('rejects a line without its key or id', async () => {
    const { put, cwd, bodies } = await queueFolder();
    const bad = ['{}', '{"k":null}', '{"k":""}', '[1]', 'x', '{"k":"\\u0000"}', '{"k":"\\ud800"}', '"k"'];
    const lines = Buffer.concat([
      Buffer.from(`${bad.join('\n')}\n{"k":1}\n{"k":"`),
      Buffer.from([0xff]),
      Buffer.from('"}\n'),
    ]);
    const end = await put(lines, '--key', 'k', '--rejects', 'bad', '-q');
    expect(end).toEqual(good());
    expect(await bodies()).toEqual(['{"k":1}']);
    expect(
      readFileSync(join(cwd, 'bad')).equals(
        Buffer.concat([Buffer.from(`${bad.join('\n')}\n{"k":"`), Buffer.from([0xff]), Buffer.from('"}\n')]),
      ),
    ).toBe(true);
    expect(await put('{"i":2}\n', '--id', 'i', '--key', 'k')).toMatchObject({
      status: 65,
      stderr: expect.stringMatching(/^queue-put: stdin:1: no key: no "k" in .*\n.*1 without a key\n$/),
    });
    expect((await put('1,2\n', '--key', '3', '-d,')).stderr).toContain('no key: no column 3 in "1,2"');
    expect((await put('abc\n', '--key-separator', ':')).stderr).toContain('stdin:1: no ":" after a key');
    expect(await put('{"k":1}\n\n', '--key', 'k', '--strict')).toMatchObject({ status: 65 });
  });

  it('puts all messages with one key, in the order in which they came', async () => {
    const { put, peek } = await queueFolder();
    expect(await put('b\na\n', '--group-id', 'all', '--id', 'hash')).toEqual(good());
    expect(await put('a\nc\n', '--group-id', 'all', '--id', 'hash')).toMatchObject({ status: 0 });
    const all = await peek();
    expect(all.map(({ key, body }) => [key, body])).toEqual(['b', 'a', 'c'].map((body) => ['all', body]));
    expect(new Set(all.map(({ partition }) => partition)).size).toBe(1);
  });

  it('puts dead letters back as they were, with their keys', async () => {
    const { tool, put, take, peek } = await queueFolder();
    const input = Buffer.from('k1,a\0k2,\xff\n\0,b\0', 'latin1');
    expect(await put(input, '--null', '--key-separator', ',', '--rejects', 'rejects')).toMatchObject({
      status: 0,
    });
    const before = await peek();
    expect(before.map(({ key }) => key).sort()).toEqual(['k1', 'k2']);
    await take('--', 'sh', '-c', 'exit 65');
    expect(await peek()).toEqual([]);
    const back = ['q#dead', '--exit-when-empty', '--envelope', '--', 'queue-put', 'q', '--envelope'];
    expect(await tool('queue-take', back)).toEqual(good());
    const same = ({ key, body, encoding, partition, headers }: Envelope) => ({
      key,
      body,
      encoding,
      partition,
      headers,
    });
    expect((await peek()).map(same)).toEqual(before.map(same));
    expect(await peek('q#dead')).toEqual([]);
  });

  it('rejects a line that is no envelope, and takes no other key', async () => {
    const { put, peek } = await queueFolder();
    expect(await put('{"body":"a"}\n{"a":1}\n', '--envelope')).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('stdin:2: not the envelope of a message'),
    });
    expect((await peek()).map(({ body }) => body)).toEqual(['a']);
    expect(await put('', '--envelope', '--key', 'a')).toMatchObject({ status: 64 });
  });

  it('does not put again what has the id of one of the last messages', async () => {
    const { put, bodies } = await queueFolder();
    expect(await put('{"i":1}\n{"i":2}\n{"i":1,"v":2}\n', '--id', 'i')).toEqual(good());
    expect(await put('{"i":2}\n{"i":3}\n', '--id', 'i', '-v')).toMatchObject({
      stderr: 'queue-put: 1 of 2 messages were put before\n',
    });
    expect(await bodies()).toEqual(['{"i":1}', '{"i":2}', '{"i":3}']);
    const digits = '{"i":9007199254740993}\n{"i":9007199254740992}\n{"i":1.50}\n{"i":1.5}\n';
    expect(await put(digits, '--id', 'i')).toEqual(good());
    expect((await bodies()).length).toBe(7);
  });

  it('knows messages by their hash, and forgets the oldest of more than --remember', async () => {
    const { put, bodies } = await queueFolder();
    await put('a\nb\na\n', '--id', 'hash');
    await put('c\na\n', '--id', 'hash', '--remember', '2');
    expect(await bodies()).toEqual(['a', 'b', 'c']);
    await put('a\nc\n', '--id', 'hash', '--remember', '2');
    expect(await bodies()).toEqual(['a', 'b', 'c', 'a']);
  });

  it('puts messages for later', async () => {
    const { put, take, stat } = await queueFolder();
    await put('a\n', '--delay', '1h');
    await put('b\n');
    expect(await stat()).toMatchObject([{ ready: 1, delayed: 1 }]);
    expect((await take('--count', '1')).stdout).toBe('b\n');
  });

  it('puts what has arrived when its input pauses, and the rest at a signal', async () => {
    const { cwd, bodies } = await queueFolder();
    const child = start('queue-put', ['q', '--linger', '10ms'], { cwd });
    const end = ended(child);
    child.stdin?.write('a\nb');
    await until(() => existsSync(join(cwd, 'q-wal')), 'it has a queue');
    await expect.poll(bodies).toEqual(['a']);
    child.kill('SIGTERM');
    expect(await end).toMatchObject({ signal: 'SIGTERM', stdout: '', stderr: '' });
    expect(await bodies()).toEqual(['a']);
  });

  it('puts the output of a command that succeeds', async () => {
    const { put, bodies } = await queueFolder();
    expect(await put('input\n', '--', 'sh', '-c', 'cat; printf end; echo said >&2')).toMatchObject({
      status: 0,
      stdout: '',
      stderr: 'said\n',
    });
    expect(await bodies()).toEqual(['input', 'end']);
  });

  it.each([
    ['exit 3', 3, 'sh: exit status 3'],
    ['kill -9 $$', 137, 'sh: killed by SIGKILL'],
    ['exit 75', 75, 'sh: exit status 75'],
  ])('puts nothing of a command that ends with %j, and ends as it did', async (last, status, said) => {
    const { put, cwd } = await queueFolder();
    expect(await put('', '--', 'sh', '-c', `seq 100000; ${last}`)).toEqual({
      ...good(),
      status,
      stderr: `queue-put: ${said}: nothing is put\n`,
    });
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('says that its command is missing', async () => {
    const { put } = await queueFolder();
    expect(await put('', '--', './missing')).toMatchObject({
      status: 127,
      stderr: 'queue-put: ./missing: no such file or directory: nothing is put\n',
    });
  });

  it('ends its command when a signal comes, and puts nothing', async () => {
    const { cwd } = await queueFolder();
    const child = start('queue-put', ['q', '--', 'sh', '-c', 'echo a; echo >begun; exec sleep 60'], { cwd });
    const end = ended(child);
    await until(() => existsSync(join(cwd, 'begun')), 'the command runs');
    child.kill('SIGTERM');
    expect(await end).toMatchObject({ signal: 'SIGTERM', stderr: '' });
    expect(readdirSync(cwd)).toEqual(['begun']);
  });

  it('puts nothing of a batch one line of which is rejected', async () => {
    const { tool, cwd, bodies } = await queueFolder();
    const env = { ETL_BATCH: 'q-0-1' };
    const words = ['q', '--key', 'k', '--batch', '1'];
    expect(await tool('queue-put', words, { stdin: '{"k":1}\n{}\n', env })).toMatchObject({
      status: 65,
      stderr: expect.stringContaining('a line of the batch was rejected: none of it is stored'),
    });
    expect(readdirSync(cwd)).toEqual([]);
    expect(await tool('queue-put', words, { stdin: '{"k":1}\n', env })).toEqual(good());
    const command = ['--', 'sh', '-c', 'echo x'];
    expect(await tool('queue-put', [...words, ...command], { env })).toMatchObject({ status: 65 });
    expect((await bodies()).length).toBe(1);
  });

  it('says how many messages are stored when it has to give up (75)', async () => {
    const { tool, put, bodies } = await queueFolder();
    await tool('queue-make', ['q', '--max-bytes', '10']);
    expect(await put('1234\n5678\n9999\nabcd\n', '--wait', '10ms', '--batch', '3')).toMatchObject({
      status: 75,
      stderr: 'queue-put: q: full (--max-bytes): 2 of 3 messages are stored\n',
    });
    expect(await bodies()).toEqual(['1234', '5678']);
  });

  it('says that the file is not a queue (78), or cannot be written', async () => {
    const { put, cwd } = await queueFolder();
    await shell('echo text > q; mkdir folder', { cwd });
    expect(await put('a\n')).toMatchObject({ status: 78 });
    expect(readFileSync(join(cwd, 'q'), 'utf8')).toBe('text\n');
    const missing = await shell('echo a | queue-put no/q', { cwd });
    expect(missing).toMatchObject({
      status: 69,
      stderr: expect.stringContaining('0 of 1 messages are stored'),
    });
  });

  it('says why the system cannot look at the file (69), as queue-take and queue-stat do (66)', async () => {
    const { tool } = await queueFolder();
    expect(await tool('queue-put', ['x'.repeat(300)], { stdin: 'a\n' })).toMatchObject({
      status: 69,
      stderr: expect.stringMatching(/^queue-put: x+: .*file name too long: 0 of 1 messages are stored\n$/),
    });
    for (const words of [['queue-take', '--exit-when-empty'], ['queue-take', '--peek'], ['queue-stat']]) {
      const [name = '', ...options] = words;
      const end = await tool(name, ['x'.repeat(300), ...options]);
      expect(end).toMatchObject({ status: 66, stderr: expect.stringMatching(/: file name too long\n$/) });
    }
  });
});
