/** By how much work grows with its input, in CPU time: the ratio of two sizes says it on any machine. */

const TRIES = 5;
/** Work is repeated until it can be measured. */
const SHORTEST_US = 2000;

/** Inputs by their length, and work on one of them, which may promise to be done. */
export interface Growing<Input> {
  make(length: number): Input;
  work(input: Input): unknown;
  /** Of the smaller input. */
  readonly length: number;
}

/**
 * The time for an input four times as long, divided by that for the input: about 4 for work that grows with the length,
 * 16 for its square. The best of several tries, so that a busy machine does not matter.
 */
export async function growth<Input>({ make, work, length }: Growing<Input>): Promise<number> {
  const [small, large] = [make(length), make(4 * length)];
  // Not the first run, which compiles.
  await work(large);
  let times = 1;
  while ((await spent(() => work(small), times)) < SHORTEST_US) times *= 2;
  return (await best(() => work(large), times)) / (await best(() => work(small), times));
}

/**
 * Whether the growth is less than this bound. Mostly a few runs of each size tell that; if not, the growth from there on
 * decides, since what is slow to begin with may grow too much only there.
 */
export async function growsLess<Input>(growing: Growing<Input>, bound: number): Promise<boolean> {
  const { make, work, length } = growing;
  const [small, large] = [make(length), make(4 * length)];
  await work(small);
  // At least some hundred microseconds, or what else the process does would count.
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
