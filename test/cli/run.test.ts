import { expect, it } from 'vitest';
import { defineTool } from '../../src/cli/tool.ts';
import { runInProcess } from '../in-process.ts';

/** A tool that fails with this error. */
const failing = (error: Error) =>
  defineTool({
    name: 'try',
    summary: 'Try it.',
    notes: 'It promises nothing.',
    options: {},
    examples: [['$0', 'try']],
    // biome-ignore lint/correctness/useYield: it fails before
    async *run() {
      throw error;
    },
  });

it.each([
  ['EMFILE', 'too many open files'],
  ['ENOMEM', 'out of memory'],
])('fails for now when the process has run out of something: %s', async (code, text) => {
  const error = Object.assign(new Error('open index.js'), { code });
  expect(await runInProcess(failing(error), [], {})).toEqual({
    status: 75,
    stdout: '',
    stderr: `try: ${text}\n`,
  });
});

it('says that any other error is a bug', async () => {
  const { status, stderr } = await runInProcess(failing(new Error('what?')), [], {});
  expect([status, stderr]).toEqual([70, expect.stringContaining('try: this is a bug: Error: what?')]);
});
