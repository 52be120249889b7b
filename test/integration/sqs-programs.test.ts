/** Other people's programs on the other end of a queue of SQS, and our pipelines over it. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { describe, expect, it } from 'vitest';
import { privateFolder, root, shell } from '../harness.ts';
import { hasServer, printed } from '../servers.ts';
import { nameOf, sqsServer } from './sqs-server.ts';

const clean = { status: 0, stderr: '' };
const texts = Array.from({ length: 25 }, (_, at) => `${at} grüße, ${at}`);

describe.skipIf(!hasServer('moto'))('a program of boto3 that takes ten messages at a time', () => {
  const server = sqsServer('moto');

  async function prepared() {
    const address = await server.newQueue();
    const python = `${printed('clients')}/python3`;
    const env = { ...server.env(), AWS_DEFAULT_REGION: 'us-east-1', Q: address, B: `b-${nameOf(address)}` };
    const program = (word: string) =>
      shell(`${python} ${join(root, 'test/integration/sqs-to-s3.py')} ${word} ${nameOf(address)} $B`, {
        env,
      });
    expect(await program('make')).toMatchObject(clean);
    return { env, program };
  }

  it('reads what queue-put wrote, and lake-get what it wrote', async () => {
    const { env, program } = await prepared();
    const put = `for ((i = 0; i < 25; i++)); do echo "{\\"id\\":$i,\\"text\\":\\"grüße, $i\\"}"; done | queue-put $Q`;
    expect(await shell(put, { env })).toMatchObject(clean);
    const taken = await program('take');
    expect(taken).toMatchObject(clean);
    const keys = taken.stdout.trim().split('\n');
    expect(keys.length).toBeGreaterThan(2);
    const got = `for key in ${keys.join(' ')}; do lake-get s3://$B/$key | load-rows --to rows.db --table rows --key id; done`;
    const cwd = await privateFolder();
    expect(await shell(got, { cwd, env })).toMatchObject(clean);
    const database = new DatabaseSync(join(cwd, 'rows.db'), { readOnly: true });
    const rows = database.prepare("SELECT id || ' ' || text AS row FROM rows ORDER BY id").all();
    database.close();
    expect(rows.map(({ row }) => row)).toEqual(texts);
  });

  it('wrote what queue-take reads, and reads what lake-put wrote', async () => {
    const { env, program } = await prepared();
    expect(await program('fill')).toMatchObject(clean);
    const take = 'queue-take $Q --exit-when-empty --batch 10 -- lake-put s3://$B/ --csv --fields id,text';
    const headers = 'queue-take $Q --count 1 --envelope | jq -c "[.headers,.key]"';
    expect(await shell(headers, { env })).toMatchObject({
      stdout: '[{"origin":"boto3"},null]\n',
    });
    expect((await shell(take, { env })).status).toBe(0);
    const { stdout } = await program('rows');
    expect(stdout.trim().split('\n').length).toBe(24);
    expect(stdout).toContain('grüße, 24');
  });
});

describe.skipIf(!hasServer('elasticmq'))('pipelines over SQS', () => {
  const server = sqsServer();

  it('posts_to_database.sh loads what was noticed, in the order in which the notices were sent', async () => {
    const home = await privateFolder();
    const queue = await server.newQueue('.fifo');
    const env = { ...server.env(), ETL_HOME: home, QUEUE: queue, POSTS: `file://${home}/posts.json` };
    const write = (likes: number) =>
      writeFileSync(join(home, 'posts.json'), JSON.stringify([{ id: 1, likes }]));
    const importer = 'queue-put $QUEUE --group-id posts -- lake-put raw/posts/ -- cat posts.json';
    for (let likes = 1; likes < 6; likes++) {
      write(likes);
      expect(await shell(importer, { cwd: home, env })).toMatchObject(clean);
    }
    write(6);
    expect(await shell(join(root, 'scripts/posts_to_database.sh'), { env })).toMatchObject({
      ...clean,
      stdout: '',
    });
    const database = new DatabaseSync(join(home, 'blog.db'), { readOnly: true });
    expect(database.prepare('SELECT * FROM posts').all()).toEqual([{ id: 1, likes: 6 }]);
    database.close();
  });
});
