/** A sensor that returns text with one number, or JSON with several. */

import type { MemberPath } from '../lines/member-path.ts';
import type { ReadContext, Sensor } from './sensor.ts';
import type { WrittenNumber } from './written-number.ts';

/** A text that was just read. */
export interface FreshText {
  readonly text: string;
  /** Epoch milliseconds, if the sensor knows the time of the measurement. */
  readonly time?: number;
}

interface TextSource {
  /** The sensor's name. */
  readonly name: string;
  /** The address for messages. */
  readonly shown: string;
  /** Pointer to the JSON value with the members; undefined for the whole document. */
  readonly pointer?: readonly string[] | undefined;
  /** @throws Failure; the signal's reason as soon as it is aborted */
  readText(context: ReadContext): Promise<FreshText>;
  /** The number in the text. @throws Failure when there is none */
  numberIn(text: string): WrittenNumber;
}

export function textSensor({ name, shown, pointer, readText, numberIn }: TextSource): Sensor {
  return {
    name,
    async read(context) {
      const { text, ...when } = await readText(context);
      return { ...numberIn(text), ...when };
    },
    async readMembers(members: readonly MemberPath[], context) {
      const { text, ...when } = await readText(context);
      const { numbersIn } = await import('./number-in-text.ts');
      const numbers = numbersIn(text.replace(/^\ufeff/, ''), members, { pointer, shown });
      return numbers.map((number) => (number instanceof Error ? number : { ...number, ...when }));
    },
  };
}
