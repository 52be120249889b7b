/** The times of a log, `30/Apr/2019:21:11:42 +0000`, as RFC 3339: the same wall clock, with its offset. */

import { readEpoch } from '../../readings/epoch.ts';
import { formatTime, parseTime } from '../../readings/time.ts';
import { LocalTimes } from '../../stats/local-times.ts';
import { timeZone } from '../../stats/time-zone.ts';

/** The months as logs have them, January first. */
export const MONTH_NAMES = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const LOG_TIME = /^(\d\d)\/([A-Z][a-z][a-z])\/(\d{4}):(\d\d:\d\d:\d\d(?:\.\d+)?)(?: ([+-]\d\d)(\d\d))?$/;
const RFC_3339 =
  /^(\d{4}-\d\d-\d\d)[Tt \t](\d\d:\d\d:\d\d)(?:[.,](\d+))?(?: ?(?:([Zz])|([+-]\d\d):?(\d\d)))?$/;
/** A time without brackets, somewhere in a line. */
const BARE_TIME =
  /\d\d\/[A-Z][a-z][a-z]\/\d{4}:[\d:.]+(?: [+-]\d{4}(?!\d))?|\d{4}-\d\d-\d\d[Tt \t][\d:.,]+(?: ?(?:[Zz]|[+-]\d\d:?\d\d(?!\d)))?/y;
/** The last moment that RFC 3339 can write. */
const LAST = Date.parse('9999-12-31T23:59:59.999Z');
const MINUTE_LENGTH = '30/Apr/2019:21:11'.length;

/**
 * The offset of a zone from UTC, `+02:00`, when its clock shows this time (milliseconds, as if it were UTC); undefined when it
 * never does.
 */
type Zone = (wallClock: number) => string | undefined;

/** A minute as logs have it, `30/Apr/2019:21:11`, and the zone's offset in it. */
export interface KnownMinute {
  readonly minute: string;
  readonly offset: string;
}

/** Reads the times of a log; those without an offset are of one zone. */
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

  /** The minute of the last log time without an offset; undefined for UTC, and before the first one. */
  get known(): KnownMinute | undefined {
    return this.#known;
  }

  /** A time as logs have it, `30/Apr/2019:21:11:42 +0000` or RFC 3339; undefined when it is not a valid time. */
  read(text: string): string | undefined {
    return this.fromLog(text) ?? this.fromRfc3339(text);
  }

  /** A time as `read` and `fromEpoch` take it. */
  readAny(text: string): string | undefined {
    return this.read(text) ?? this.fromEpoch(text);
  }

  /** A time as between the brackets of a log line; undefined when it is not a valid time, such as the 31st of February. */
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

  /** A time in RFC 3339, with or without an offset and its colon; undefined when it is not a valid time. */
  fromRfc3339(text: string): string | undefined {
    const [, date, clock, fraction, utc, hours, minutes] = RFC_3339.exec(text) ?? [];
    if (date === undefined) return undefined;
    const wallClock = `${date}T${clock}${fraction === undefined ? '' : `.${fraction}`}`;
    return this.#complete(wallClock, hours === undefined ? utc : `${hours}:${minutes}`);
  }

  /** An epoch number as a time in UTC, with all its digits; undefined for any other text, and before 1970. */
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

/** The end of the time without brackets at an offset of a line; undefined when there is none. */
export function endOfTime(line: string, at: number): number | undefined {
  BARE_TIME.lastIndex = at;
  return BARE_TIME.test(line) ? BARE_TIME.lastIndex : undefined;
}

/** The first of two offsets for a time that the clock shows twice; none for a time that it skips. */
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
