import fc from 'fast-check';

export interface Needing {
  readonly name: string;
  readonly needs: readonly string[];
}

export function tasksOf(needs: Readonly<Record<string, readonly string[]>>): Map<string, Needing> {
  return new Map(Object.entries(needs).map(([name, own]) => [name, { name, needs: own }]));
}

/** Up to twelve tasks, each with arbitrary needs: cycles included. */
export const anyTasks = fc
  .integer({ min: 1, max: 12 })
  .chain((count) =>
    fc.array(fc.uniqueArray(fc.integer({ min: 0, max: count - 1 })), { minLength: count, maxLength: count }),
  )
  .map((needs) =>
    tasksOf(Object.fromEntries(needs.map((own, index) => [`t${index}`, own.map((other) => `t${other}`)]))),
  );
