import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { status } from '../../../../src/failure.ts';
import { loadGraph } from '../../../../src/schedule/graph/file/load-graph.ts';

const folder = mkdtempSync(join(tmpdir(), 'load-graph-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(name: string, contents: string | Buffer): string {
  const file = join(folder, name);
  writeFileSync(file, contents);
  return file;
}

describe('loadGraph', () => {
  it('knows a graph by its file, and by its text', () => {
    const text = 'tasks: {a: {run: x}}\n';
    const file = fileOf('daily.yaml', text);
    const { graph } = loadGraph(file);
    expect(graph).toMatchObject({ name: 'daily', folder, text, place: { file, line: 1 } });
    expect(graph?.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('refuses what is not text, and what is too large to be written by hand', () => {
    const wrong = (file: string) => loadGraph(file).problems.map(({ message }) => message);
    expect(wrong(fileOf('latin1.yaml', Buffer.from('owner: J\xfcrgen\n', 'latin1')))).toEqual([
      'not a file of tasks: not UTF-8',
    ]);
    const large = fileOf('large.yaml', '');
    truncateSync(large, 5 << 20);
    expect(() => loadGraph(large)).toThrow(`${large}: larger than 4 MiB`);
  });

  it('fails when there is no such file, or a folder', () => {
    const noInput = expect.objectContaining({ status: status.noInput });
    expect(() => loadGraph(join(folder, 'none.yaml'))).toThrow(noInput);
    expect(() => loadGraph(folder)).toThrow(noInput);
  });
});

it('reads no device, which has no end', () => {
  expect(() => loadGraph('/dev/null')).toThrow('/dev/null: not a regular file');
});
