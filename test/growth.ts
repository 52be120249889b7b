/** Measures how CPU time grows with the input size: the ratio of two sizes is independent of the machine. */

const TRIES = 5;
/** Work is repeated until it takes long enough to be measured. */
const SHORTEST_US = 2000;

/** Makes inputs of a given length; works on one of them, perhaps asynchronously. */
export interface Growing<Input> {
  make(length: number): Input;
  work(input: Input): unknown;
  /** The length of the smaller input. */
  readonly length: number;
}

/**
 * The time for an input of four times the length, divided by the time for the input: about 4 for linear work, 16 for
 * quadratic. The best of several tries, so that a busy machine does not matter.
 */
export async function growth<Input>({ make, work, length }: Growing<Input>): Promise<number> {
  const [small, large] = [make(length), make(4 * length)];
  // Not the first run, which includes compilation.
  await work(large);
  let times = 1;
  while ((await spent(() => work(small), times)) < SHORTEST_US) times *= 2;
  return (await best(() => work(large), times)) / (await best(() => work(small), times));
}

/**
 * Whether the growth is below this bound. Usually a few runs of each size are enough to tell; if not, larger inputs decide,
 * because work with a high fixed cost may grow too much only there.
 */
export async function growsLess<Input>(growing: Growing<Input>, bound: number): Promise<boolean> {
  const { make, work, length } = growing;
  const [small, large] = [make(length), make(4 * length)];
  await work(small);
  // At least some hundred microseconds, so that other work of the process does not matter.
  let times = 1;
  let least = await spent(() => work(small), times);
  for (; least < SHORTEST_US / 16; least = await spent(() => work(small), times)) times *= 4;
  for (let attempt = 0; attempt < 3; attempt++)
    if ((await spent(() => work(large), times)) < bound * least) return true;
  return (await growth(growing)) < bound || (await growth({ ...growing, length: 2 * length })) < bound;
}

async function best(work: () => unknown, times: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < TRIES; attempt++) least = Math.min(least, await spent(work, times));
  return least;
}

/** CPU time in microseconds. */
async function spent(work: () => unknown, times: number): Promise<number> {
  const before = process.cpuUsage();
  for (let at = 0; at < times; at++) await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
