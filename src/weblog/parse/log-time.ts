/** Converts times of a log, `30/Apr/2019:21:11:42 +0000`, to RFC 3339: the same wall-clock time, with its offset. */

import { readEpoch } from '../../readings/epoch.ts';
import { formatTime, parseTime } from '../../readings/time.ts';
import { LocalTimes } from '../../stats/local-times.ts';
import { timeZone } from '../../stats/time-zone.ts';

/** Month names as in logs. */
export const MONTH_NAMES = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const LOG_TIME = /^(\d\d)\/([A-Z][a-z][a-z])\/(\d{4}):(\d\d:\d\d:\d\d(?:\.\d+)?)(?: ([+-]\d\d)(\d\d))?$/;
const RFC_3339 =
  /^(\d{4}-\d\d-\d\d)[Tt \t](\d\d:\d\d:\d\d)(?:[.,](\d+))?(?: ?(?:([Zz])|([+-]\d\d):?(\d\d)))?$/;
/** A time without brackets within a line. */
const BARE_TIME =
  /\d\d\/[A-Z][a-z][a-z]\/\d{4}:[\d:.]+(?: [+-]\d{4}(?!\d))?|\d{4}-\d\d-\d\d[Tt \t][\d:.,]+(?: ?(?:[Zz]|[+-]\d\d:?\d\d(?!\d)))?/y;
/** The latest time that RFC 3339 can represent. */
const LAST = Date.parse('9999-12-31T23:59:59.999Z');
const MINUTE_LENGTH = '30/Apr/2019:21:11'.length;

/**
 * A zone's offset, `+02:00`, when its clock shows this time (milliseconds, as if in UTC); undefined for a skipped time.
 */
type Zone = (wallClock: number) => string | undefined;

/** A minute as in logs, `30/Apr/2019:21:11`, with the zone's offset. */
export interface KnownMinute {
  readonly minute: string;
  readonly offset: string;
}

/** Parses the times of a log; those without an offset belong to one zone. */
export class LogTimes {
  /** The zone of times without an offset; undefined for UTC. */
  readonly #zone: Zone | undefined;
  #known: KnownMinute | undefined;

  /** @throws Error with a message for the user when the zone is unknown */
  constructor(zone: string) {
    this.#zone = /^(etc\/)?(utc|gmt|z)$/i.test(zone) ? undefined : localOffset(zone);
  }

  /** Whether times without an offset are UTC. */
  get isUtc(): boolean {
    return this.#zone === undefined;
  }

  /** The minute of the last time without an offset; undefined for UTC, and before the first such time. */
  get known(): KnownMinute | undefined {
    return this.#known;
  }

  /** Parses a log time, `30/Apr/2019:21:11:42 +0000`, or RFC 3339; undefined when it is invalid. */
  read(text: string): string | undefined {
    return this.fromLog(text) ?? this.fromRfc3339(text);
  }

  /** Parses any time accepted by `read` or `fromEpoch`. */
  readAny(text: string): string | undefined {
    return this.read(text) ?? this.fromEpoch(text);
  }

  /** Parses the time in the brackets of a log line; undefined when it is invalid, such as the 31st of February. */
  fromLog(text: string): string | undefined {
    const [, day = '', name = '', year = '', clock = '', hours, minutes] = LOG_TIME.exec(text) ?? [];
    const month = MONTH_NAMES.indexOf(name) + 1;
    if (month === 0) return undefined;
    const wallClock = `${year}-${String(month).padStart(2, '0')}-${day}T${clock}`;
    const time = this.#complete(wallClock, hours === undefined ? undefined : `${hours}:${minutes}`);
    if (time !== undefined && hours === undefined && !this.isUtc)
      this.#known = { minute: text.slice(0, MINUTE_LENGTH), offset: time.slice(wallClock.length) };
    return time;
  }

  /** Parses RFC 3339, where the offset or its colon may be missing; undefined when it is invalid. */
  fromRfc3339(text: string): string | undefined {
    const [, date, clock, fraction, utc, hours, minutes] = RFC_3339.exec(text) ?? [];
    if (date === undefined) return undefined;
    const wallClock = `${date}T${clock}${fraction === undefined ? '' : `.${fraction}`}`;
    return this.#complete(wallClock, hours === undefined ? utc : `${hours}:${minutes}`);
  }

  /** Converts an epoch number to UTC, with all digits; undefined for any other text, and before 1970. */
  fromEpoch(text: string): string | undefined {
    const time = readEpoch(text);
    if (time === undefined || time > LAST || text.startsWith('-')) return undefined;
    const seconds = Math.floor(time / 1000);
    const [whole = '', fraction = ''] = text.replace(/^0+(?=\d)/, '').split('.');
    const finer = (whole.slice(String(seconds).length) + fraction).replace(/^0+$/, '');
    return `${formatTime(seconds * 1000).slice(0, -1)}${finer === '' ? '' : `.${finer}`}Z`;
  }

  #complete(wallClock: string, offset: string | undefined): string | undefined {
    const time = parseTime(`${wallClock}${offset ?? 'Z'}`);
    if (time === undefined) return undefined;
    const known = offset ?? (this.#zone === undefined ? 'Z' : this.#zone(time));
    if (known === undefined) return undefined;
    return `${wallClock}${/^(z|[+-]00:00)$/i.test(known) ? 'Z' : known}`;
  }
}

/** The end of a time without brackets at this offset of a line; undefined when there is none. */
export function endOfTime(line: string, at: number): number | undefined {
  BARE_TIME.lastIndex = at;
  return BARE_TIME.test(line) ? BARE_TIME.lastIndex : undefined;
}

/** The first of two offsets for a repeated time; none for a skipped one. */
function localOffset(name: string): Zone {
  const times = new LocalTimes(timeZone(name));
  let knownMinute = Number.NaN;
  let known: string | undefined;
  return (wallClock) => {
    const minute = Math.floor(wallClock / 60_000);
    if (minute !== knownMinute) {
      const [first] = times.instantsOf(wallClock);
      known = first === undefined ? undefined : formatOffset(wallClock - first);
      knownMinute = minute;
    }
    return known;
  };
}

function formatOffset(milliseconds: number): string {
  const minutes = Math.abs(Math.round(milliseconds / 60_000));
  const two = (number: number) => String(number).padStart(2, '0');
  return `${milliseconds < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
