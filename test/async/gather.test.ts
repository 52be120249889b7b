import { describe, expect, it } from 'vitest';
import { gather } from '../../src/async/gather.ts';

const PATIENT = { idleMs: 20_000, maxMs: 20_000, fullLength: 1 << 20 };
const AT_ONCE = { ...PATIENT, idleMs: 1 };

/** A source that yields when it is told to. */
function aSource() {
  const ready: ((result: () => string | undefined) => void)[] = [];
  const said: (() => string | undefined)[] = [];
  const say = (result: () => string | undefined) => {
    const waiting = ready.shift();
    if (waiting === undefined) said.push(result);
    else waiting(result);
  };
  const next = () =>
    new Promise<() => string | undefined>((resolve) => {
      const now = said.shift();
      if (now === undefined) ready.push(resolve);
      else resolve(now);
    });
  return {
    chunk: (text: string) => say(() => text),
    end: () => say(() => undefined),
    fail: (message: string) =>
      say(() => {
        throw new Error(message);
      }),
    async *chunks() {
      for (let text = (await next())(); text !== undefined; text = (await next())()) yield Buffer.from(text);
    },
  };
}

const text = (chunks: readonly Buffer[] | undefined) => chunks?.map(String);

describe('gather', () => {
  it('gives no batch for no input', async () => {
    const source = aSource();
    source.end();
    expect((await gather(source.chunks(), PATIENT).next()).done).toBe(true);
  });

  it('takes together what came until the end', async () => {
    const source = aSource();
    for (const chunk of ['a', 'b', 'c']) source.chunk(chunk);
    source.end();
    const batches = gather(source.chunks(), PATIENT);
    expect(text((await batches.next()).value ?? [])).toEqual(['a', 'b', 'c']);
    expect((await batches.next()).done).toBe(true);
  });

  it('gives a batch when the source pauses, and loses nothing then', async () => {
    const source = aSource();
    const batches = gather(source.chunks(), AT_ONCE);
    source.chunk('a');
    expect(text((await batches.next()).value ?? [])).toEqual(['a']);
    source.chunk('b');
    source.chunk('c');
    source.end();
    expect(text((await batches.next()).value ?? [])).toEqual(['b', 'c']);
    expect((await batches.next()).done).toBe(true);
  });

  it('gives a batch when it is full', async () => {
    const source = aSource();
    for (const chunk of ['abc', 'def', 'ghi']) source.chunk(chunk);
    const batches = gather(source.chunks(), { ...PATIENT, fullLength: 6 });
    expect(text((await batches.next()).value ?? [])).toEqual(['abc', 'def']);
    source.end();
    expect(text((await batches.next()).value ?? [])).toEqual(['ghi']);
  });

  it('gives a batch when it has waited long enough, though the source never pauses', async () => {
    const endless = async function* () {
      for (;;) {
        yield Buffer.from('x');
        await new Promise(setImmediate);
      }
    };
    const batches = gather(endless(), { ...PATIENT, maxMs: 20 });
    expect((await batches.next()).done).toBe(false);
    await batches.return(undefined);
  });

  it('gives what came before an error, then the error', async () => {
    const source = aSource();
    source.chunk('a');
    source.fail('broken');
    const batches = gather(source.chunks(), PATIENT);
    expect(text((await batches.next()).value ?? [])).toEqual(['a']);
    await expect(batches.next()).rejects.toThrow('broken');
  });

  it('leaves no error unhandled when nobody asks any more', async () => {
    const unhandled: unknown[] = [];
    const listener = (error: unknown) => unhandled.push(error);
    process.on('unhandledRejection', listener);
    const source = aSource();
    source.chunk('a');
    const batches = gather(source.chunks(), AT_ONCE);
    await batches.next();
    await batches.return(undefined);
    source.fail('broken');
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    process.off('unhandledRejection', listener);
    expect(unhandled).toEqual([]);
  });
});
