import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordMaker, type RecordPlan } from '../../src/lakes/record.ts';
import { parseMemberPath } from '../../src/lines/member-path.ts';
import { sized } from '../thorough.ts';

const field = (name: string) => ({ name, path: parseMemberPath(name) });
const csv: RecordPlan = { fields: ['a', 'b.c', 'd.1', 'a'].map(field), by: { field: field('b.e') } };
const plans: RecordPlan[] = [
  csv,
  { fields: undefined, by: undefined },
  { fields: [field('a')], by: { time: field('t') } },
];

/** The record of a line from a maker that knows how these lines are built. */
function made(plan: RecordPlan, line: string, known: readonly string[]) {
  const maker = new RecordMaker(plan);
  for (const other of known) maker.make(other);
  return maker.make(line);
}

const text = fc.oneof(
  fc.string(),
  fc.constantFrom('', ',', '"', '{', 'a,b', 'ü', '🌡', '\n', '\0', 'null', '1'),
);
const bare = fc.constantFrom(
  '0',
  '-0',
  '1',
  '12',
  '1.50',
  '-3e5',
  '1E+2',
  '12345678901234567890',
  'true',
  'false',
  'null',
);
const scalar = fc.oneof(
  text.map((value) => JSON.stringify(value)),
  bare,
);
const blank = fc.constantFrom('', ' ', '\t');

/** Objects of one shape, with other values and the same blanks. */
const alike = fc
  .tuple(fc.array(scalar, { minLength: 7, maxLength: 7 }), blank)
  .map(
    ([[a, c, e, d, t, x, y], gap]) =>
      `{"a":${gap}${a},"b":{"c":${c}${gap},"e":${e}},"d":[${x},${d}],"t":${t}${gap},"x.y":{},"z":[],"ü":${y}}`,
  );

describe('records', () => {
  it('are the same whether or not other lines were built alike', () => {
    fc.assert(
      fc.property(
        alike,
        fc.array(alike, { minLength: 1, maxLength: 3 }),
        fc.constantFrom(...plans),
        (line, known, plan) => {
          expect(made(plan, line, known)).toEqual(made(plan, line, []));
        },
      ),
      { numRuns: sized(500, 20_000) },
    );
  });

  it('are the same, or rejected for the same reason, when a line is spoiled', () => {
    const piece = fc.constantFrom(
      '',
      '"',
      ',',
      '{',
      '}',
      '[',
      ']',
      ':',
      '0',
      '-',
      '.',
      'e',
      ' ',
      '\\',
      'x',
      '\ud800',
      'true',
      '"a":1,',
    );
    fc.assert(
      fc.property(
        alike,
        fc.nat(),
        fc.nat(3),
        piece,
        fc.constantFrom(...plans),
        (known, seed, length, added, plan) => {
          const at = seed % known.length;
          const line = known.slice(0, at) + added + known.slice(at + length);
          expect(made(plan, line, [known])).toEqual(made(plan, line, []));
        },
      ),
      { numRuns: sized(2000, 100_000) },
    );
  });

  it.each(['01', '00', '-', '-01', '1.', '.5', '1e', '1e+', '+1', 'tru', 'nul', 'truex', '', '1 2', "'x'"])(
    'are rejected with the value %j, also in a line like others',
    (value) => {
      const plan = { fields: [field('a')], by: undefined };
      const rejection = { kind: 'not JSON' };
      expect(made(plan, `{"a":${value}}`, ['{"a":1}'])).toMatchObject(rejection);
      expect(made(plan, `{"b":1,"a":${value},"c":2}`, ['{"b":1,"a":2,"c":3}'])).toMatchObject(rejection);
    },
  );

  it('have the columns in their order, and the folder', () => {
    const line = '{"a":"x,y","b":{"c":1.50,"e":"k/1"},"d":[0,"1"]}';
    const record = { text: '"x,y",1.50,1,"x,y"\n', folder: 'b.e=k%2F1/', line };
    expect(made(csv, line, [])).toEqual(record);
    expect(made(csv, line, [line])).toEqual(record);
  });

  it('have what is nested as JSON, also from a line like others', () => {
    const plan = { fields: [field('b'), field('b.c')], by: undefined };
    const line = '{"b":{"c":1.50}}';
    for (const known of [[], [line]])
      expect(made(plan, line, known)).toMatchObject({ text: '"{""c"":1.50}",1.50\n' });
  });
});
