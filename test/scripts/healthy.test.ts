import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { privateFolder, root, shell } from '../harness.ts';

/** The status of the check in a container that runs this command. */
async function checked(...command: string[]): Promise<number | null> {
  const file = join(await privateFolder(), 'cmdline');
  await writeFile(file, command.map((word) => `${word}\0`).join(''));
  return (await shell(`'${join(root, 'scripts', 'healthy.sh')}' '${file}' 2>/dev/null`)).status;
}

/** A server that answers only where serve-stats tells of its health. @returns its port */
async function serving(code: number): Promise<string> {
  const server = createServer(({ url }, response) => {
    response.writeHead(url === '/healthz' ? code : 404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return String((server.address() as AddressInfo).port);
}

describe('healthy.sh', () => {
  it.each([
    ['a word of its own', (port: string) => ['serve-stats', '--host', '0.0.0.0', '--port', port]],
    ['one with its option', (port: string) => ['node', '/x/bin/serve-stats', `--port=${port}`, 'stats.db']],
    ['part of a command', (port: string) => ['sh', '-c', `serve-stats --port ${port} stats.db`]],
  ])('asks the port that is given as %s', async (_, commandFor) => {
    expect(await checked(...commandFor(await serving(200)))).toBe(0);
    expect(await checked(...commandFor(await serving(503)))).toBe(1);
  });

  it('is not well where nothing answers', async () => {
    // Nothing can listen there without rights.
    expect(await checked('serve-stats', '--port', '1')).toBe(1);
  });

  it('takes another program for well', async () => {
    expect(await checked('schedule', '--port', '1')).toBe(0);
  });
});
