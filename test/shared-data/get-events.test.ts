import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import tool from '../../src/tools/get-events.ts';
import { sseServer, stream } from '../events/sse-server.ts';
import { runInProcess } from '../in-process.ts';
import { isMissing, sharedData } from '../shared-data.ts';

const EXAMPLE = sharedData('sse/example.events');

describe.skipIf(isMissing)('get-events', () => {
  it.each(['\n', '\r\n', '\r'])('prints recent changes of Wikimedia as they came, with %j', async (end) => {
    const text = readFileSync(EXAMPLE, 'utf8').trimEnd();
    const events = text.split('\n\n').map((block) => block.split('\n'));
    const field = (name: string, lines: readonly string[]) =>
      lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
    const { url, visits } = await sseServer((visit) => {
      if (visit.number > 0) visit.response.writeHead(204).end();
      else stream(visit, `retry: 10\n\n${text}\n\n`.replaceAll('\n', end)).end();
    });
    const { status, stdout, stderr } = await runInProcess(tool, [url], {});
    expect([status, stderr]).toEqual([0, '']);
    // They share an id, and differ in their data.
    expect(events.length).toBe(3);
    expect(stdout).toBe(events.map((lines) => `${field('data', lines)}\n`).join(''));
    expect(visits[1]?.lastId).toBe(field('id', events.at(-1) ?? []));
  });
});
