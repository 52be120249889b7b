import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { describe, expect, it } from 'vitest';
import { privateFolder, root, shell } from '../harness.ts';

const page = readFileSync(join(root, 'docs/tasks.md'), 'utf8');
const [, chapter = ''] = page.split('## Three ways to do one job');
const [batch = '', minute = '', stream = ''] = [...chapter.matchAll(/(?:^ {4}.*\n)+/gm)].map(([block]) =>
  block.replaceAll(/^ {4}/gm, ''),
);

/** Readings of one day, which a simulated sensor gives again at any time. */
const FROM = '2026-11-21T00:00:00Z';
const TO = '2026-11-22T00:00:00Z';
/** An hour before the time that is asked for; two readings an hour do as well as sixty. */
const EVERY = '--every 30m';

/** Does one of them in a folder. @returns the rows of the store there */
async function rowsOf(work: string, cwd: string): Promise<object[]> {
  const { status, stderr } = await shell(work, { cwd });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const database = new DatabaseSync(join(cwd, 'hours.db'), { readOnly: true });
  try {
    return database
      .prepare('SELECT sensor, "end", count, min, max, avg FROM stats ORDER BY sensor, "end"')
      .all();
  } finally {
    database.close();
  }
}

async function batchIn(cwd: string): Promise<object[]> {
  await writeFile(join(cwd, 'hours.yaml'), batch.replace('get-temp ', `get-temp ${EVERY} `));
  return rowsOf(`run-tasks --at ${TO} hours.yaml`, cwd);
}

/** @param loss a filter for what does not arrive */
function streamIn(cwd: string, loss = ''): Promise<object[]> {
  const replayed = stream.replace('--every 1m', `--from ${FROM} --to ${TO} ${EVERY}`);
  expect(replayed).not.toBe(stream);
  return rowsOf(replayed.replace('sim:attic', `sim:attic ${loss}`), cwd);
}

describe('docs/tasks.md: one job as batch, micro-batch and stream', () => {
  it('ends with the same rows', async () => {
    const command = minute.replace('* * * * *  ', '').replace('get-temp ', 'get-temp --at "$at" ');
    const each = `from=$(date -d ${FROM} +%s); for ((half = 0; half < 12; half++)); do at=$((from + half * 1800)); ${command.trim()} || exit; done`;
    const [byBatch, byMinute, byStream] = [
      await batchIn(await privateFolder()),
      await rowsOf(each, await privateFolder()),
      await streamIn(await privateFolder()),
    ];
    expect(byBatch).toHaveLength(24);
    // Of the first hours, as each half hour is four processes.
    expect(byMinute).toEqual(byBatch.slice(0, 6));
    expect(byStream).toEqual(byBatch);
  });

  it('in one store the batch makes good what the stream has lost, whichever comes last', async () => {
    const whole = await batchIn(await privateFolder());
    const lossy = "| sed '/T0[3-5]:30/d'";
    const cwd = await privateFolder();
    const some = await streamIn(cwd, lossy);
    expect(some).toHaveLength(24);
    expect(some).not.toEqual(whole);
    expect(await batchIn(cwd)).toEqual(whole);
    expect(await streamIn(cwd, lossy)).toEqual(whole);
  });
});
