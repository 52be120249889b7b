import { appendFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { followLog } from '../../src/ledger/follow-log.ts';
import { privateFolder } from '../harness.ts';

describe('followLog', () => {
  it('goes on after a log that has lost its middle', async () => {
    const path = join(await privateFolder(), '1.log');
    writeFileSync(path, 'one\ntwo\nthree\n');
    const steps = [
      () => {
        truncateSync(path, 4);
      },
      () => appendFileSync(path, 'four\n'),
    ];
    let text = '';
    const isComplete = async () => {
      if (text !== '') steps.shift()?.();
      return steps.length === 0;
    };
    for await (const bytes of followLog(path, { isComplete, signal: new AbortController().signal }))
      text += bytes;
    expect(text).toBe('one\ntwo\nthree\n... the log was shortened: lines may be missing here ...\nfour\n');
  });
});
