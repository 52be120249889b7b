/**
 * The distribution of requests over a day, in UTC: fewest at four in the morning, most in the evening, one per second
 * on average.
 *
 * Uses only integers and basic arithmetic, so it is the same on every machine.
 */

const HOUR = 3_600_000;

/** Requests per hour of the day, 86,400 in total. */
const REQUESTS = [
  3200, 2570, 2000, 1600, 1420, 1480, 1780, 2250, 2820, 3380, 3880, 4250, 4500, 4630, 4700, 4740, 4790, 4850,
  4920, 4950, 4880, 4680, 4320, 3810,
];

/** The number of requests from `from` to `to`, with fractions. @param from, to epoch milliseconds, not before 1970 */
export function requestsDuring(from: number, to: number): number {
  return requestsUntil(to) - requestsUntil(from);
}

/** The number of requests since the epoch. */
function requestsUntil(time: number): number {
  const hour = Math.floor(time / HOUR);
  const day = Math.floor(hour / 24);
  const before = REQUESTS.slice(0, hour - day * 24).reduce((sum, requests) => sum + requests, day * 86_400);
  return before + (time / HOUR - hour) * requestsInHour(hour);
}

/**
 * Inverts the curve.
 *
 * @param from epoch milliseconds, not before 1970
 * @returns a function from a number of requests since `from`, which must not decrease between calls, to epoch
 * milliseconds
 */
export function timesSince(from: number): (requests: number) => number {
  let hour = Math.floor(from / HOUR);
  let before = requestsDuring(from, hour * HOUR);
  return (requests) => {
    for (; requests >= before + requestsInHour(hour); hour++) before += requestsInHour(hour);
    return (hour + (requests - before) / requestsInHour(hour)) * HOUR;
  };
}

function requestsInHour(hour: number): number {
  return REQUESTS[hour % 24] ?? 0;
}
