/** The unit of a series, and when its newest reading was, as serve-stats tells it to programs and the page. */

import { expect, it } from 'vitest';
import { serving } from '../dashboard/serving.ts';
import { run } from '../harness.ts';
import { csv, HEADER, hourly } from '../stores/rows.ts';

interface Listed {
  readonly series: readonly { readonly [member: string]: unknown }[];
}

const FURTHER = `${HEADER},unit,last_time`;

it('comes from the newest row, or else by the name of the sensor, and may be unknown', async () => {
  const served = await serving(['--units', 'bytes*=B', '--units', 'odd=V']);
  await served.post(
    csv(
      FURTHER,
      `${hourly('attic', 0)},°F,`,
      `${hourly('attic', 1)},°C,2026-01-01T01:59:30Z`,
      `${hourly('bytes', 0)},,2027-01-01T00:00:00Z`,
      `${hourly('odd', 0)},${'x'.repeat(1000)},soon`,
      `${hourly('one', 0)},1,`,
      `${hourly('plain', 0)},,`,
    ),
  );
  const { series } = (await served.json('/api/sensors')) as Listed;
  expect(series).toMatchObject([
    {
      sensor: 'attic',
      unit: '°C',
      last_time: '2026-01-01T01:59:30Z',
      latest: { unit: '°C', last_time: '2026-01-01T01:59:30Z' },
    },
    // A reading that is later than its window is none.
    { sensor: 'bytes', unit: 'B', last_time: null, latest: { unit: null } },
    { sensor: 'odd', unit: 'V', last_time: null, latest: { last_time: 'soon' } },
    { sensor: 'one', unit: '1', latest: { unit: '1' } },
    { sensor: 'plain', unit: null, last_time: null },
  ]);

  const rows = (await served.json('/api/stats?sensor=attic&window=1h')) as Listed;
  expect(rows.series).toMatchObject([{ unit: '°C', rows: [{ unit: '°F' }, { unit: '°C' }] }]);
  const thinned = (await served.json('/api/stats?sensor=bytes&window=1h&points=2')) as Listed;
  expect(thinned.series).toMatchObject([{ unit: 'B' }]);
  expect(await (await served.ask('/api/stats.csv?sensor=attic')).text()).toContain(
    `${FURTHER}\n${hourly('attic', 0)},°F,\n`,
  );

  const metrics = await (await served.ask('/metrics')).text();
  expect(metrics.match(/^etl_series_info\{.*$/gm)).toEqual([
    'etl_series_info{sensor="attic",window="1h",unit="°C"} 1',
    'etl_series_info{sensor="bytes",window="1h",unit="B"} 1',
    'etl_series_info{sensor="odd",window="1h",unit="V"} 1',
    'etl_series_info{sensor="one",window="1h",unit="1"} 1',
  ]);
});

it('is part of the events, and goes with a row that replaces another one without it', async () => {
  const served = await serving();
  await served.post(csv(FURTHER, `${hourly('attic', 0)},°C,2026-01-01T00:59:00Z`));
  const events = new TextDecoderStream();
  const { body } = await served.ask('/api/events');
  void body?.pipeTo(events.writable as WritableStream<Uint8Array>).catch(() => {});
  const reader = events.readable.getReader();
  let text = '';
  const readUntil = async (words: string) => {
    while (!text.includes(words)) text += (await reader.read()).value ?? '';
  };
  await readUntil('"unit":"°C","last_time":"2026-01-01T00:59:00Z"');
  // As old programs post it: a row is replaced as a whole, since the rest may be of other readings.
  await served.post(csv(HEADER, hourly('attic', 0, 61)));
  await readUntil('"unit":null,"last_time":null');
  await reader.cancel();
});

it.each([
  ['B,a=W', '"B" is for all sensors: nothing may follow it'],
  ['a=', 'unit is empty: ""'],
])('--units %s is no list', async (list, problem) => {
  const { status, stdout, stderr } = await run('serve-stats', ['--units', list, 'stats.db']);
  expect({ status, stdout }).toEqual({ status: 64, stdout: '' });
  expect(stderr).toContain(problem);
});

it('has the limits of its sensor, with the digits that were given', async () => {
  const served = await serving(['--max', 'attic*=30.50', '--max', '90', '--min', 'attic=-5']);
  await served.post(csv(FURTHER, `${hourly('attic', 0)},,`, `${hourly('bytes', 0)},,`));
  expect(await (await served.ask('/api/sensors')).text()).toMatch(
    /"limits":\{"min":-5,"max":30\.50\}.*"limits":\{"max":90\}/,
  );
});

it.each([
  [['--max', 'attic'], '--max: not a number: "attic"'],
  [['--max', '1', '--min', '2'], '--min is above --max'],
])('a server with the limits %j does not start', async (words, message) => {
  expect(await run('serve-stats', ['--port', '0', ...words])).toMatchObject({
    ...{ status: 64, stdout: '', stderr: expect.stringContaining(message) },
  });
});
