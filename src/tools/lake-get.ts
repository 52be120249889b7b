/**
 * lake-get: print objects of a lake, one after the other.
 *
 * ADDRESS   of an object, as lake-put prints it; - reads addresses from stdin      stdout  the bytes of the objects
 * Memory: two blocks, whatever the size of an object.
 */

import { isAddress } from '../addresses/parse.ts';
import { defineTool, type Io, rejectOptions } from '../cli/tool.ts';
import { waitValue } from '../cli/value-kinds.ts';
import { Failure, status } from '../failure.ts';
import { unpacked } from '../files/unpack.ts';
import { openLake, parseObjectAddress } from '../lakes/open.ts';
import { quote } from '../lines/line.ts';

export default defineTool({
  name: 'lake-get',
  summary: 'Print objects from a lake, one after the other.',
  operands: 'ADDRESS...',
  options: {
    wait: { ...waitValue, default: '1m', describe: 'how long to retry a server' },
    gunzip: { type: 'flag', describe: 'decompress the objects that are gzip' },
    ...rejectOptions,
  },
  examples: [
    ['lake-put raw/ <posts.json | $0 -', 'what was stored'],
    [
      "queue-take posts.queue -- bash -o pipefail -c '$0 - | load-rows --table posts'",
      'by notices in a queue',
    ],
    ['$0 --gunzip lake/date=2026-11-21/*.gz', 'a day'],
  ],
  notes:
    'ADDRESS is a file or s3://BUCKET/NAME, as lake-put prints it; - stands for the addresses on stdin, one per line. Objects are printed as ' +
    'they are: nothing is put between them. The first one that is missing or cannot be read ends the run (66, 69, 74, 75).',
  files: (_, operands) => ({ inputs: operands.filter((operand) => !isAddress(operand)), outputs: [] }),
  async *run({ gunzip, wait: waitMs }, io, operands) {
    if (operands.length === 0) throw new Failure(status.usage, 'no ADDRESS (see lake-get --help)');
    const { env, signal, explain } = io;
    const settings = { clobber: false, waitMs, env, signal, explain };
    for await (const address of addresses(operands, io)) {
      const { lake, name } = parseObjectAddress(address);
      const chunks = (await openLake(lake, settings)).get(name);
      for await (const chunk of gunzip ? unpacked(chunks, address) : chunks) {
        io.progress(chunk.length);
        yield chunk;
      }
    }
  },
});

async function* addresses(operands: readonly string[], io: Io): AsyncGenerator<string> {
  for (const operand of operands) {
    if (operand !== '-') {
      yield operand;
      io.count({ in: 1 });
    } else
      for await (const lines of io.lines(['-']))
        for (const line of lines) {
          if (line.text === '') continue;
          const problem = addressProblem(line.text);
          if (problem === undefined) {
            io.accept(1);
            yield line.text;
          } else io.reject(line, { kind: 'not an address', detail: problem });
        }
  }
}

/** Why a text from stdin is not the address of an object; undefined if it is one. */
function addressProblem(text: string): string | undefined {
  try {
    return parseObjectAddress(text).name === '' ? `not the address of an object: ${quote(text)}` : undefined;
  } catch (error) {
    if (error instanceof Failure) return error.message;
    throw error;
  }
}
