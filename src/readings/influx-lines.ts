/**
 * Readings in InfluxDB's line protocol.
 *
 * A reading is `reading,sensor=attic value=21.35 TIMESTAMP`. Any other line is a reading per number (true and false are 1
 * and 0), whose sensor is `MEASUREMENT,TAG=TEXT,.../FIELD` with the tags sorted by key: `weather,station=roof temp=21.35`
 * is a reading of `weather,station=roof/temp`. Within the words of such a name a slash is `%2F`, a percent sign `%25`, and
 * before the slash a comma `%2C` and an equals sign `%3D`, so the name can be split back into words.
 */

import type { Rejection } from '../lines/line.ts';
import { quote } from '../lines/line.ts';
import {
  fieldNumber,
  formatProtocolLine,
  isString,
  millisecondsOf,
  type Precision,
  type ProtocolLine,
  parseProtocolLine,
  timestampOf,
  unescaped,
} from '../lines/line-protocol.ts';
import type { Meaning } from '../lines/record-reader.ts';
import { badName } from '../lines/text.ts';
import { formatDecimal } from '../stats/decimal.ts';
import { isReadingTime, READING_YEARS, type Reading } from './reading.ts';
import { type LineReadings, type ReadingLimits, together, valueIn } from './reading-fields.ts';
import { type ValueOptions, ValueReader } from './value-reader.ts';

const READING = 'reading';
/** Digits of a present-day timestamp. */
const USUAL_DIGITS: Readonly<Record<Precision, number>> = { ns: 19, us: 16, ms: 13, s: 10 };

/** How lines are to be read. */
export interface InfluxOptions extends ReadingLimits, ValueOptions {
  readonly precision: Precision;
}

/** Reads lines as readings. */
export class InfluxReader {
  readonly #options: InfluxOptions;
  readonly #values: ValueReader;

  constructor(options: InfluxOptions) {
    this.#options = options;
    this.#values = new ValueReader(options);
  }

  /** The readings of a line's numbers; strings are ignored. @param torn whether it lacks its newline */
  read(text: string, torn: boolean): Meaning<LineReadings> {
    const line = parseProtocolLine(text);
    if (line === 'nothing') return line;
    if ('problem' in line) return { kind: 'malformed', detail: line.problem };
    const { timestamp } = line;
    const { precision, longestWindowMs } = this.#options;
    // A truncated timestamp is another time.
    if (torn && timestamp?.length !== USUAL_DIGITS[precision])
      return { kind: 'torn', detail: `last line has no newline and is incomplete: ${quote(text)}` };
    const time = timestamp === undefined ? undefined : millisecondsOf(timestamp, precision);
    if (time !== undefined && !isReadingTime(time, longestWindowMs))
      return {
        kind: 'with a time out of range',
        detail: `time is not ${READING_YEARS}: ${quote(timestamp ?? '')}`,
      };
    return (
      this.#readings(line, time) ?? { kind: 'malformed', detail: `no field is a number: ${quote(text)}` }
    );
  }

  /** Undefined if there are only strings. */
  #readings(line: ProtocolLine, time: number | undefined): LineReadings | Rejection | undefined {
    const nameOf = namer(line);
    const fields = line.fields.filter(([, value]) => !isString(value));
    const readings: Reading[] = [];
    const rejections: Rejection[] = [];
    for (const [key, text] of fields) {
      const value = valueIn(fieldNumber(text) ?? text, this.#values, this.#options.range);
      if (value === 'missing') continue;
      const sensor = nameOf(key);
      const rejection = 'kind' in value ? value : badName('sensor', sensor);
      if (!('kind' in value) && rejection === undefined) readings.push({ time, sensor, value });
      else if (rejection !== undefined)
        rejections.push(
          fields.length === 1
            ? rejection
            : { ...rejection, detail: `field ${quote(key)}: ${rejection.detail}` },
        );
    }
    if (fields.length === 0) return undefined;
    const rejection = together(rejections, readings.length > 0);
    return rejection !== undefined && readings.length === 0 ? rejection : { readings, rejection };
  }
}

/** Makes the sensor names of a line's fields. */
function namer({ measurement, tags }: ProtocolLine): (field: string) => string {
  const [tag] = tags;
  const isOwn = measurement === READING && tags.length < 2 && (tag === undefined || tag[0] === 'sensor');
  const sorted = [...tags].sort(([one], [other]) => (one < other ? -1 : 1));
  const series = named(measurement) + sorted.map(([key, text]) => `,${named(key)}=${named(text)}`).join('');
  return (field) =>
    isOwn && field === 'value'
      ? unescaped(tag?.[1] ?? '')
      : `${series}/${unescaped(field).replace(/[%/]/g, encodeURIComponent)}`;
}

/** Encodes a word before the slash of a name. */
function named(word: string): string {
  return unescaped(word).replace(/[%/,=]/g, encodeURIComponent);
}

/** The reading's line, without its newline. */
export function formatReadingInflux({ time, sensor, value }: Reading, precision: Precision): string {
  const timestamp = time === undefined ? undefined : timestampOf(time, precision);
  const line = formatProtocolLine(
    READING,
    [['sensor', sensor]],
    [['value', formatDecimal(value)]],
    timestamp,
  );
  return line.slice(0, -1);
}
