/** What the report says of its method. */

export const METHOD = `## How it was measured

- The inputs come from a seeded generator: the same bytes everywhere. Each is read once before, so all find it in memory.
- Peers run in turn, A B C A B C, so that a slow minute of the machine hits all of them; the column "runs" says how often.
  Slow ones run once. From start to end: 15 times.
- Every peer has the fastest form that we found. DuckDB, Polars and ClickHouse are given the types of all columns, so that
  nothing is guessed, and use all cores; Polars reads by a lazy scan with its streaming engine; DuckDB and ClickHouse write
  their rows themselves. awk looks at each line once; Miller has its plainest reader; all have \`LC_ALL=C\`.
- DuckDB, Polars and ClickHouse are those of Python's packages. Python's start and the import are part of the run: 0.15 to
  0.25 s of CPU time.
- All answers of all runs are compared: count, minimum, maximum and median must be equal, averages within 1e-9 of their size
  (or of 0.001 where they are smaller). \`get-stats\` prints 12 decimals for that. Of \`groups\` the rows must ascend and count
  all lines. The results of a work with a wrong answer are not kept.
- Memory is the peak of the largest process of a peer.
- Through a pipe, \`cat\` or \`zcat\` runs beside the peer on the same cores. Its CPU time and memory are not counted.
- The bare reader is Node reading blocks of 64 KiB and counting bytes. \`wc -l\` and \`cat\` look at bytes, not at numbers.

## What is not compared, and why

- **The work is not quite the same.** \`get-stats\` also checks every time and value, explains what it rejects, keeps the first
  and last time, and adds decimals exactly, as DuckDB does. awk takes \`ERR\` for 0, and awk, Miller, datamash, Polars and
  ClickHouse add in binary floating point. All but \`get-stats\` look at times only where hours or minutes are asked for; awk
  and Miller then just cut them.
- **awk and datamash** do not read NDJSON, and datamash has no hours. **jq** is left out: in
  a trial it took about ten seconds for each million lines.
- **Medians**: awk has none, and Miller's is the upper of two middle values, others' here the lower.
- **Programs written for the One Billion Row Challenge** trust their input's form, and most are for that one file.
- **pandas and other databases**: not tried; DuckDB, Polars and ClickHouse stand for them.
- **A cold disk.** Then all wait for the same bytes.
`;
