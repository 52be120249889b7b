import { expect, it } from 'vitest';
import { intervalAt, intervalOfDue } from '../../../src/schedule/due/data-interval.ts';
import type { When } from '../../../src/schedule/due/when.ts';
import { jobsOf } from '../scheduling.ts';

const at = (text: string) => Date.parse(`2026-11-${text}Z`);
const shown = ({ dataStart, dataEnd }: { dataStart: number; dataEnd: number }) =>
  [dataStart, dataEnd].map((time) => new Date(time).toISOString().slice(8, 16));

function when(text: string): When {
  const [job] = jobsOf(`${text} true`);
  if (job === undefined) throw new Error(text);
  return job.when;
}

it('is that since the due time before', () => {
  expect(shown(intervalOfDue(when('0 4 * * *'), at('21T04:00')))).toEqual(['20T04:00', '21T04:00']);
  expect(shown(intervalOfDue(when('@every 1h'), at('21T04:00')))).toEqual(['21T03:00', '21T04:00']);
});

it('is whole for the first run of a graph that has a start', () => {
  const daily = { ...when('0 4 * * *'), from: at('21T00:00') };
  expect(shown(intervalOfDue(daily, at('21T04:00')))).toEqual(['20T04:00', '21T04:00']);
  const hourly = { ...when('@every 1h'), from: at('21T04:00') };
  expect(shown(intervalOfDue(hourly, at('21T04:00')))).toEqual(['21T03:00', '21T04:00']);
});

it('is the last whole one by any other time, and empty where nothing is ever due', () => {
  expect(shown(intervalAt(when('0 4 * * *'), at('21T03:59')))).toEqual(['19T04:00', '20T04:00']);
  expect(shown(intervalAt(when('0 4 * * *'), at('21T04:00')))).toEqual(['20T04:00', '21T04:00']);
  expect(shown(intervalAt({ kind: 'never' }, at('21T04:00')))).toEqual(['21T04:00', '21T04:00']);
  expect(shown(intervalAt(when('@reboot'), at('21T04:00')))).toEqual(['21T04:00', '21T04:00']);
});
