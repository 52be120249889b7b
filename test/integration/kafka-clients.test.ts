/** Other people's clients on the other end of a topic: kcat, Kafka's own commands, kafka-python. */

import { expect } from 'vitest';
import { privateFolder, run, shell } from '../harness.ts';
import { printed } from '../servers.ts';
import { it, kafkaCommand, kafkaServer, topicOf } from './kafka-topics.ts';

const kafka = kafkaServer();
const clean = { status: 0, signal: null, stderr: '' };

/** Keys that the library's own partitioner would put elsewhere than Java, and others. */
const keys = [
  'user1',
  'user2',
  'attic',
  'cellar',
  'foobar',
  '21',
  'ключ',
  'a-little-bit-longer-string',
  'abc',
];

async function kcat(words: string, stdin = ''): Promise<string> {
  const { status, stdout, stderr } = await shell(`kcat -b ${kafka.brokers()} -q ${words}`, { stdin });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

function sorted(text: string): string[] {
  return text.split('\n').filter(Boolean).toSorted();
}

it('kcat reads what queue-put wrote, on the partitions that Java would choose', async () => {
  const [ours, theirs] = [await kafka.newTopic(3), await kafka.newTopic(3)];
  const stdin = keys.map((key) => `${key}\tbody of ${key}\n`).join('');
  expect(await run('queue-put', [ours, '--key-separator', '\\t'], { stdin })).toMatchObject(clean);
  await kcat(`-P -t ${topicOf(theirs)} -X partitioner=murmur2_random -K '\t'`, stdin);
  const read = (address: string) => kcat(`-C -e -t ${topicOf(address)} -f '%p %k %s\\n'`);
  const found = sorted(await read(ours));
  expect(found.length).toBe(keys.length);
  expect(found).toEqual(sorted(await read(theirs)));
});

it('kcat reads headers and null keys that queue-put wrote', async () => {
  const topic = await kafka.newTopic();
  const envelope = { key: null, headers: { type: 'a/b', ä: '' }, body: 'with headers' };
  await run('queue-put', [topic, '--envelope'], { stdin: `${JSON.stringify(envelope)}\n` });
  await run('queue-put', [topic], { stdin: 'plain\n' });
  expect(await kcat(`-C -e -t ${topicOf(topic)} -f '%K %S %h %s\\n'`)).toBe(
    '-1 12 type=a/b,ä= with headers\n-1 5  plain\n',
  );
});

it('a tombstone is a null body in an envelope, both ways', async () => {
  const topic = await kafka.newTopic();
  const tombstone = `${JSON.stringify({ key: 'k', body: null })}\n`;
  expect(await run('queue-put', [topic, '--envelope'], { stdin: tombstone })).toMatchObject(clean);
  await kcat(`-P -t ${topicOf(topic)} -k other -Z`);
  expect(await kcat(`-C -e -t ${topicOf(topic)} -f '%k %S\\n'`)).toBe('k -1\n');
  const { stdout } = await run('queue-take', [topic, '--exit-when-empty', '--envelope']);
  expect(JSON.parse(stdout)).toMatchObject({ key: 'k', body: null });
});

it('keys and headers that are not UTF-8 are shown as they are, kept in dead letters, and not put elsewhere', async () => {
  const topic = await kafka.newTopic();
  const put = (key: string, header: string) =>
    shell(
      `printf '${key}:v\\n' | kcat -b ${kafka.brokers()} -P -K: -H "h=$(printf '${header}')" -t ${topicOf(topic)}`,
    );
  await put('k\\377', 'x');
  await put('k', 'x\\376');
  const { stdout } = await run('queue-take', [topic, '--exit-when-empty', '--envelope']);
  const shown = stdout.trim().split('\n');
  expect(shown.map((line) => JSON.parse(line))).toMatchObject([
    { key: 'k\udcff', headers: { h: 'x' }, body: 'v' },
    { key: 'k', headers: { h: 'x\udcfe' }, body: 'v' },
  ]);
  const refuse = ['--exit-when-empty', '--retries', '0', '--', 'sh', '-c', 'cat >/dev/null; exit 65'];
  expect(await run('queue-take', [topic, '--group', 'g', ...refuse])).toMatchObject({ status: 0 });
  const dead = `-C -e -t ${topicOf(topic)}.dead -f '%k %h\\n'`;
  const found = await shell(`kcat -b ${kafka.brokers()} -q ${dead} | xxd -p -c 300`);
  expect(found.stdout).toMatch(/^6bff20683d782c.*\n?.*0a6b20683d78fe2c/);
  const cwd = await privateFolder();
  const file = await run('queue-put', ['q', '--envelope', '-v'], { stdin: stdout, cwd });
  expect(file.stderr).toMatch(/stdin:1: key is not UTF-8.*\n.*stdin:2: a header is not UTF-8/);
  const elsewhere = await run('queue-take', [topic, '--group', 'h', '--dead', 'q', ...refuse], { cwd });
  expect(elsewhere.stderr).toMatch(/messages? 0(?: to 1)?: its key or a header is not UTF-8, and is changed/);
});

it('queue-stat lists the topics of a cluster, with groups, lag and replicas', async () => {
  const topic = await kafka.newTopic(2);
  await run('queue-put', [topic], { stdin: 'a\nb\n' });
  await run('queue-take', [topic, '--group', 'lagging', '--count', '1', '--batch', '1']);
  const { stdout, ...end } = await run('queue-stat', [`kafka://${kafka.brokers()}/`, '--json']);
  expect(end).toEqual(clean);
  const rows = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  expect(rows.find(({ queue }) => queue === topic)).toMatchObject({
    ...{ group: 'lagging', ready: 1, next: 1, end: 2, replicas: 1, insync: 1 },
  });
  expect(rows.filter(({ queue }) => queue.endsWith('.dead'))).toEqual([]);
});

it('queue-take reads what kcat wrote: keys, headers, each compression, in order', async () => {
  const topic = await kafka.newTopic();
  await kcat(`-P -t ${topicOf(topic)} -k key1 -H a=b -H c=d`, 'one');
  for (const codec of ['gzip', 'snappy', 'lz4'])
    await kcat(`-P -t ${topicOf(topic)} -z ${codec}`, `${codec} 1\n${codec} 2\n`);
  const { stdout, ...end } = await run('queue-take', [topic, '--exit-when-empty', '--envelope']);
  expect(end).toEqual(clean);
  const found = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  expect(found[0]).toMatchObject({ seq: 0, key: 'key1', headers: { a: 'b', c: 'd' }, body: 'one' });
  expect(found.slice(1).map(({ body }) => body)).toEqual(
    ['gzip', 'snappy', 'lz4'].flatMap((codec) => [`${codec} 1`, `${codec} 2`]),
  );
});

it.each(['gzip', 'snappy', 'lz4'])('kcat and queue-take read what queue-put wrote with %s', async (codec) => {
  const topic = await kafka.newTopic(1, `?compression=${codec}`);
  const stdin = Array.from({ length: 3000 }, (_, at) => `message ${at}\n`).join('');
  expect(await run('queue-put', [topic], { stdin })).toMatchObject(clean);
  expect(await kcat(`-C -e -t ${topicOf(topic)}`)).toBe(stdin);
  expect(await run('queue-take', [topic, '--exit-when-empty'])).toEqual({ ...clean, stdout: stdin });
});

it('leaves out messages of transactions that were given up', async () => {
  const topic = await kafka.newTopic();
  const script = `
from kafka import KafkaProducer
p = KafkaProducer(bootstrap_servers='${kafka.brokers()}', transactional_id='t', enable_idempotence=True)
p.init_transactions()
for number, end in [(1, p.commit_transaction), (2, p.abort_transaction), (3, p.commit_transaction)]:
    p.begin_transaction()
    for part in 'abc': p.send('${topicOf(topic)}', f'{number}{part}'.encode())
    p.flush()
    end()
p.close()`;
  await python(script);
  const { stdout } = await run('queue-take', [topic, '--exit-when-empty']);
  expect(stdout.split('\n').filter(Boolean)).toEqual(['1a', '1b', '1c', '3a', '3b', '3c']);
});

async function python(script: string): Promise<string> {
  const { status, stdout, stderr } = await shell(`${printed('clients')}/python3 -`, { stdin: script });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

it('kafka-python consumes with a group what queue-put wrote, and the other way round', async () => {
  const topic = await kafka.newTopic(2);
  const values = Array.from({ length: 100 }, (_, at) => ({ id: at, name: `ä${at}` }));
  const stdin = values.map((value) => `${JSON.stringify(value)}\n`).join('');
  await run('queue-put', [topic, '--key', 'id'], { stdin });
  const consumed = await python(`
import json
from kafka import KafkaConsumer
c = KafkaConsumer('${topicOf(topic)}', bootstrap_servers='${kafka.brokers()}', group_id='python',
  auto_offset_reset='earliest', consumer_timeout_ms=5000)
found = 0
for m in c:
    print(json.dumps(json.loads(m.value), sort_keys=True))
    found += 1
    if found == 100: break
c.commit()
c.close()`);
  expect(
    sorted(consumed)
      .map((line) => JSON.parse(line).id)
      .toSorted((a, b) => a - b),
  ).toEqual(values.map(({ id }) => id));
  await python(`
import json
from kafka import KafkaProducer
p = KafkaProducer(bootstrap_servers='${kafka.brokers()}', value_serializer=lambda v: json.dumps(v).encode())
for i in range(100, 200): p.send('${topicOf(topic)}', {'id': i}, key=str(i).encode(), headers=[('from', b'python')])
p.flush()`);
  // Goes on where the other client of its group was.
  const words = [topic, '--group', 'python', '--exit-when-empty', '--envelope'];
  const { stdout } = await run('queue-take', words);
  const found = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  expect(found.map(({ key }) => Number(key)).toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: 100 }, (_, at) => at + 100),
  );
  expect(found[0]).toMatchObject({ headers: { from: 'python' } });
});

it("positions of groups are seen by Kafka's own command, and its own by queue-take", async () => {
  const topic = await kafka.newTopic();
  await run('queue-put', [topic], { stdin: 'a\nb\nc\nd\ne\n' });
  await run('queue-take', [topic, '--group', 'g', '--batch', '2', '--count', '2', '--', 'cat']);
  const groups = `--bootstrap-server ${kafka.brokers()} --group g`;
  const described = await kafkaCommand('consumer.group.ConsumerGroupCommand', `${groups} --describe`);
  expect(described).toMatch(new RegExp(`^g +${topicOf(topic)} +0 +2 +5 +3 `, 'm'));
  const move = `--reset-offsets --to-offset 4 --topic ${topicOf(topic)} --execute`;
  await kafkaCommand('consumer.group.ConsumerGroupCommand', `${groups} ${move}`);
  const { stdout: stat } = await run('queue-stat', [topic, '--json']);
  expect(JSON.parse(stat)).toMatchObject({ group: 'g', ready: 1, next: 4, end: 5 });
  const { stdout } = await run('queue-take', [topic, '--group', 'g', '--exit-when-empty']);
  expect(stdout).toBe('e\n');
});
