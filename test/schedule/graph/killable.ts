/** A graph for tests that kill its runner: a diamond whose tasks detect overlapping tries. */

/** @param head keys of the graph */
export function killableGraph(head = ''): string {
  // All processes of the try hold the lock.
  const guarded = (work: string) =>
    `exec 9>"lock-$ETL_JOB-$ETL_TASK"; flock -n 9 || echo "$ETL_RUN $ETL_TASK $ETL_TRY" >>overlaps; ${work}`;
  const flaky = guarded('sleep 0.05; mkdir "$ETL_RUN_DIR/tried" 2>/dev/null && exit 75 || true');
  const task = (name: string, words: string, work: string) =>
    `  ${name}:\n    {${words}, run: '${work.replaceAll("'", "''")}'}\n`;
  return [
    `dag: diamond\n${head}defaults: {retries: 1, retry-delay: 0s}\ntasks:\n`,
    task('first', 'needs: []', guarded('sleep 0.1')),
    task('left', 'needs: [first]', guarded('((ETL_TRY > 1)) || sleep 0.7; sleep 0.1')),
    task('right', 'needs: [first], retries: 1000', flaky),
    task('count', 'needs: [first], each: [a, b, c], max-parallel: 2', guarded('sleep 0.05')),
    task('last', 'needs: [left, right, count]', guarded('sleep 0.1')),
  ].join('');
}
