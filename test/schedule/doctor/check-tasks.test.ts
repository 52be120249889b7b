import { expect, it } from 'vitest';
import { checkTasks } from '../../../src/schedule/doctor/check-tasks.ts';
import { privateFolder } from '../../harness.ts';
import { graphOf } from '../graph/graphs.ts';

/** What the doctor says of these tasks, in a folder of their own. */
async function warnings(tasks: string, top = '') {
  const folder = await privateFolder();
  const env = { PATH: '/usr/bin:/bin', HOME: '/root', STATION: 'attic' };
  const graph = graphOf(`${top}\ntasks:\n${tasks}`, `${folder}/some.yaml`);
  const found = checkTasks(graph, { cwd: '/', env });
  return found.map(({ line, message }) => `${line}: ${message.replaceAll(folder, '.')}`);
}

it('looks at the commands of tasks where a schedule runs them: by its PATH, in their folder, by bash', async () => {
  const tasks = `
  a: {run: 'nonesuch | sort'}
  b: {run: '[[ -e x ]] && ./missing.sh'}
  c: {run: 'sort < in.csv', cwd: /nonesuch}
  d: {run: 'sort < in.csv'}
  e: {needs: [d], run: 'sort < made.csv; nonesuch'}
`;
  expect(await warnings(tasks)).toEqual([
    '4: a: nonesuch is not found in PATH=/usr/bin:/bin',
    '5: b: ./missing.sh is not in ., where the task starts',
    '6: c: /nonesuch does not exist',
    '7: d: in.csv is not in ., where the task starts',
    '8: e: nonesuch is not found in PATH=/usr/bin:/bin',
  ]);
});

it('knows which variables a task has, and that % means nothing there', async () => {
  const tasks = `
  a: {run: 'echo "$STATION $ROOM $ETL_RUN_DIR $ETL_ITEM $ETL_DATA_START \${MAYBE:-}"', env: {ROOM: '1'}}
  b: {run: 'echo "$TABLE $FLOOR"'}
  c: {run: 'date "+\\%F"'}
`;
  expect(await warnings(tasks, 'env: {FLOOR: "2"}')).toEqual([
    '5: b: $TABLE is not set, which ends the task: write it under env',
    '6: c: % needs a \\ in a crontab only: write %',
  ]);
});
