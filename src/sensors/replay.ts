/**
 * `replay:FILE`: recorded reading lines, one per read, each with its own time and sensor.
 *
 * Unusable lines are rejected and skipped. Memory: one batch of lines.
 */

import { stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { type Address, malformed } from '../addresses/parse.ts';
import { errorText, Failure, status } from '../failure.ts';
import { type Line, quote, type Reject } from '../lines/line.ts';
import { RecordReader } from '../lines/record-reader.ts';
import type { Reading } from '../readings/reading.ts';
import { noNames } from '../readings/reading-columns.ts';
import { ReadingInterpreter } from '../readings/reading-interpreter.ts';
import type { Measurement, Sensor, SensorIo } from './sensor.ts';

export default function openReplay(address: Address, io: SensorIo): Sensor {
  const { rest: file, shown } = address;
  if (file === '') throw malformed(address, 'replay:FILE');
  let rest: AsyncGenerator<Measurement> | undefined;
  return {
    name: basename(file, extname(file)),
    unit: 'C',
    async read({ signal }) {
      signal.throwIfAborted();
      rest ??= oneByOne(file, shown, io);
      const { done, value } = await rest.next();
      return done ? undefined : value;
    },
    recorded: () => inBatches(file, shown, io),
  };
}

/** Parses lines on demand, so that no line after the last one used is rejected. */
async function* oneByOne(file: string, shown: string, io: SensorIo): AsyncGenerator<Measurement> {
  const { take, end } = taker(io.reject);
  for await (const lines of linesOf(file, shown, io)) {
    for (const line of lines) yield* take([line]);
  }
  yield* end();
}

async function* inBatches(file: string, shown: string, io: SensorIo): AsyncGenerator<Measurement[]> {
  const { take, end } = taker(io.reject);
  for await (const lines of linesOf(file, shown, io)) yield take(lines);
  yield end();
}

/** Converts lines to measurements. Rejects a line without a time: its old value would look new. */
function taker(reject: Reject): { take(lines: readonly Line[]): Measurement[]; end(): Measurement[] } {
  let taken: Measurement[] = [];
  const take = ({ time, sensor, value }: Reading, line: Line) => {
    if (time === undefined) reject(line, { kind: 'without a time', detail: 'line has no time' });
    // A reading is one line, so the name could not be printed as it is.
    else if (/\p{Cc}/u.test(sensor))
      reject(line, { kind: 'not a name', detail: `sensor has a control character: ${quote(sensor)}` });
    else taken.push({ time, value, line, ...(sensor !== '' && { sensor }) });
  };
  const reader = new RecordReader(
    new ReadingInterpreter({ names: noNames, delimiter: ',', range: undefined }),
    ({ readings }, line) => {
      for (const reading of readings) take(reading, line);
    },
    reject,
  );
  const collect = (work: () => void) => {
    taken = [];
    work();
    return taken;
  };
  return {
    take: (lines) =>
      collect(() => {
        for (const line of lines) reader.take(line);
      }),
    end: () => collect(() => reader.end()),
  };
}

async function* linesOf(file: string, shown: string, { lines }: SensorIo): AsyncGenerator<Line[]> {
  try {
    // Opening a FIFO would block until it has a writer, and could not be cancelled.
    if (!(await stat(file)).isFile())
      throw new Failure(status.unavailable, `${shown}: is not a regular file`);
    yield* lines([file]);
  } catch (error) {
    if (error instanceof Failure && error.status === status.noInput) {
      throw new Failure(status.unavailable, error.message, { cause: error });
    }
    if (error instanceof Failure) throw error;
    throw new Failure(status.unavailable, `${shown}: ${errorText(error)}`, { cause: error });
  }
}
