/** A stream of events through SQS to S3, while every process between them is killed. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, it, onTestFinished } from 'vitest';
import { privateFolder, root, run, shell } from '../harness.ts';
import { killAgainAndAgain, killAll } from '../processes.ts';
import { seeded } from '../random.ts';
import { hasServer } from '../servers.ts';
import { misbehavingServer, untilDone } from './event-source.ts';
import { type Bucket, hasS3, s3Server } from './s3-server.ts';
import { setAttributes, sqsServer } from './sqs-server.ts';

const EVENTS = 3000;
const KILLS = 30;

describe.skipIf(!hasServer('elasticmq') || !hasS3())('from SQS to S3', () => {
  const sqs = sqsServer();
  const s3 = s3Server();
  /** What leads to both: only the server of S3 looks at the key. */
  const env = () => ({ ...sqs.env(), ...s3.env(), AWS_ENDPOINT_URL_SQS: sqs.address() });

  function rowsOf({ folder, names }: Bucket): string[][] {
    return names()
      .filter((name) => name.endsWith('.csv'))
      .flatMap((name) => parse(readFileSync(join(folder, name), 'utf8'), { from: 2 }) as string[][]);
  }

  it('every event comes, and is there once when repeats are dropped by their id', async () => {
    const cwd = await privateFolder();
    const bucket = s3.newBucket();
    const queue = await sqs.newQueue();
    await setAttributes(sqs.sqs(), queue, { VisibilityTimeout: '2' });
    const random = seeded(17);
    const url = await misbehavingServer(EVENTS, random);
    const mark = `SQS_TO_LAKE=${process.pid}`;
    const options = { cwd, env: { ...env(), SQS_TO_LAKE: String(process.pid) } };
    onTestFinished(() => killAll(mark));
    const retries = ['--retries', '1000'];
    const put = [...['--batch', '97', '--linger', '20ms', ...retries], '--', 'queue-put', queue];
    const events = untilDone('get-events', [url, '--state', 'rc.state', ...put], options);
    const batches = ['--batch', '100', '--linger', '100ms', '--envelope', '--jobs', '2', ...retries];
    const into = ['--', 'lake-put', `s3://${bucket.name}/rc/`, '--csv', '--fields', 'id,body'];
    const take = [queue, ...batches, '--exit-when-empty', ...into];
    let isOver = false;
    const taking = (async () => {
      while (!isOver) await untilDone('queue-take', take, options);
    })();
    await killAgainAndAgain(mark, { kills: KILLS, pauseMs: 600, random });
    expect((await events).status).toBe(0);
    isOver = true;
    await taking;
    expect(await run('queue-take', take, options)).toMatchObject({ status: 0 });
    const { stdout } = await run('queue-stat', [queue, '--json'], options);
    expect(JSON.parse(stdout)).toMatchObject({ ready: 0, leased: 0, dead: 0 });
    const ids = rowsOf(bucket).map(([, body = '']) => JSON.parse(body).id);
    expect(new Set(ids).size).toBe(EVENTS);
    expect(await bucket.uploads()).toEqual([]);
  });

  it('recentchange_to_lake.sh runs with the very same lines', async () => {
    const bucket = s3.newBucket();
    const home = await privateFolder();
    const places = { ETL_HOME: home, QUEUE: await sqs.newQueue(), LAKE: `s3://${bucket.name}/rc/` };
    const end = await shell(join(root, 'scripts/recentchange_to_lake.sh'), { env: { ...env(), ...places } });
    expect(end).toEqual({ status: 0, signal: null, stdout: '', stderr: '' });
    expect(new Set(rowsOf(bucket).map(([id]) => id)).size).toBe(1000);
  });
});
