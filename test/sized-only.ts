/** Before the long form of each file: skips tests whose size is fixed, because they ran with the quick tests. */

import { beforeEach, type RunnerTask } from 'vitest';

const isSized = ({ tags }: RunnerTask) => tags?.includes('sized') ?? false;

function hasSized(tasks: readonly RunnerTask[]): boolean {
  return tasks.some((task) => isSized(task) || ('tasks' in task && hasSized(task.tasks)));
}

beforeEach(({ task, skip }) => {
  skip(hasSized(task.file.tasks) && !isSized(task));
});
