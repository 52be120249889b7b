import { describe, expect, it } from 'vitest';
import { Output, StdoutError } from '../../src/cli/output.ts';

/** Where output goes: each write waits until it is let go. */
function aSink() {
  const written: string[] = [];
  const waiting: { done: () => void; fail: (error: Error) => void }[] = [];
  const write = (bytes: Buffer) =>
    new Promise<void>((done, fail) => {
      written.push(bytes.toString());
      waiting.push({ done, fail });
    });
  return {
    written,
    write,
    letGo: () => waiting.shift()?.done(),
    fail: (message: string) => waiting.shift()?.fail(new Error(message)),
  };
}

const idle = () => new Promise(setImmediate);
const unheard = (error: unknown) => {
  throw error;
};

describe('Output', () => {
  it('takes together what comes before the event loop is idle', async () => {
    const sink = aSink();
    const output = new Output(sink.write, unheard, false);
    await output.add('a\n');
    await output.add(Buffer.from('b\n'));
    await output.add('');
    expect(sink.written).toEqual([]);
    await idle();
    expect(sink.written).toEqual(['a\nb\n']);
  });

  it('writes each line at once on a terminal', async () => {
    const sink = aSink();
    const output = new Output(sink.write, unheard, true);
    for (const line of ['a\n', 'b\n']) {
      const added = output.add(line);
      await Promise.resolve();
      sink.letGo();
      await added;
    }
    expect(sink.written).toEqual(['a\n', 'b\n']);
  });

  it('makes the one who adds wait once a block is full', async () => {
    const sink = aSink();
    const output = new Output(sink.write, unheard, false);
    let added = false;
    const adding = output.add('x'.repeat(1 << 16)).then(() => {
      added = true;
    });
    await idle();
    expect([sink.written.length, added]).toEqual([1, false]);
    sink.letGo();
    await adding;
    expect(added).toBe(true);
  });

  it('writes one block after the other, in order', async () => {
    const sink = aSink();
    const output = new Output(sink.write, unheard, false);
    await output.add('a');
    const first = output.flush();
    await output.add('b');
    const second = output.flush();
    await idle();
    expect(sink.written).toEqual(['a']);
    sink.letGo();
    await first;
    await idle();
    expect(sink.written).toEqual(['a', 'b']);
    sink.letGo();
    await second;
  });

  it('is written when flush is done', async () => {
    const written: string[] = [];
    const output = new Output(
      async (bytes) => {
        await idle();
        written.push(bytes.toString());
      },
      unheard,
      false,
    );
    await output.add('a');
    await output.flush();
    await output.flush();
    expect(written).toEqual(['a']);
  });

  it('tells of a failed write where nobody waits for it, and writes nothing more', async () => {
    const sink = aSink();
    const heard: unknown[] = [];
    const output = new Output(sink.write, (error) => heard.push(error), false);
    await output.add('a');
    await idle();
    sink.fail('broken');
    await idle();
    expect(heard).toEqual([new Error('broken')]);
    await output.add('b');
    await expect(output.flush()).rejects.toThrow('broken');
    expect(sink.written).toEqual(['a']);
  });

  it('throws a failed write at who waits', async () => {
    const sink = aSink();
    const output = new Output(sink.write, unheard, false);
    const adding = output.add('x'.repeat(1 << 16));
    await idle();
    sink.fail('broken');
    await expect(adding).rejects.toThrow('broken');
  });

  it('says how many bytes were written, and of a block that failed the part that was', async () => {
    const sizes: number[] = [];
    const output = new Output(
      async (bytes) => {
        sizes.push(bytes.length);
        if (sizes.length === 2) throw new StdoutError(3, { cause: new Error('no more') });
      },
      () => {},
      false,
    );
    expect(await output.written()).toBe(0);
    await output.add('ab\n');
    expect(await output.written()).toBe(3);
    await output.add('cd\nef\n');
    expect(await output.written()).toBe(6);
    await expect(output.add('x'.repeat(1 << 16))).rejects.toThrow(StdoutError);
    expect([await output.written(), sizes]).toEqual([6, [3, 6]]);
  });
});
