/** By how much work grows with its input, in CPU time: the ratio of two sizes says it on any machine. */

const TRIES = 5;
/** Work is repeated until it can be measured. */
const SHORTEST_US = 2000;

/**
 * The time for an input four times as long, divided by that for the input: about 4 for work that grows with the length,
 * 16 for its square. The best of several tries, so that a busy machine does not matter.
 */
export function growth<Input>(
  make: (length: number) => Input,
  work: (input: Input) => void,
  length: number,
): number {
  const [small, large] = [make(length), make(4 * length)];
  // Not the first run, which compiles.
  work(large);
  let times = 1;
  while (spent(work, small, times) < SHORTEST_US) times *= 2;
  const best = (input: Input) => Math.min(...Array.from({ length: TRIES }, () => spent(work, input, times)));
  return best(large) / best(small);
}

function spent<Input>(work: (input: Input) => void, input: Input, times: number): number {
  const before = process.cpuUsage();
  for (let at = 0; at < times; at++) work(input);
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
