/** Maps task names to Python variables. */

/** Python's keywords. */
const KEYWORDS =
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield';
/** Names that the file uses: a variable would shadow them. */
const USED =
  'os shlex dict super str enumerate ImportError timedelta pendulum command each utc Command Wait DAG BashOperator BashSensor CronDataIntervalTimetable AirflowFailException SubprocessHook Shell cached_property ENV FOLDER START';
const TAKEN = new Set(`${KEYWORDS} ${USED}`.split(' '));

/** A unique variable for each name. */
export function variablesOf(names: Iterable<string>): Map<string, string> {
  const taken = new Set(TAKEN);
  const variables = new Map<string, string>();
  for (const name of names) {
    const plain = name.replaceAll(/\W/g, '_').replace(/^(?=\d)/, '_');
    let variable = plain;
    for (let number = 2; taken.has(variable); number += 1) variable = `${plain}_${number}`;
    taken.add(variable);
    variables.set(name, variable);
  }
  return variables;
}
