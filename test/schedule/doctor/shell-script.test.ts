import { describe, expect, it } from 'vitest';
import { readScript, type ShellScript } from '../../../src/schedule/doctor/shell-script.ts';
import type { Word } from '../../../src/schedule/doctor/shell-word.ts';

const show = ({ parts }: Word) =>
  parts
    .map((part) => (part.kind === 'text' ? part.text : part.kind === 'result' ? '?' : `$${part.name}`))
    .join('');

/** The commands in a script, each as its words; `{` and `}` are shells of their own. */
function commandsOf({ steps }: ShellScript): string[] {
  return steps.map((step) => {
    if (step.kind === 'for' || step.kind === 'case') return `: ${step.words.map(show).join(' ')}`;
    if (step.kind !== 'command') return step.kind === 'enter' ? '{' : '}';
    const words = step.words.map(show);
    const assigned = step.assignments.map(({ name, value }) => `${name}=${show(value)}`);
    const redirected = step.redirections.map(({ operator, target }) => `${operator}${show(target)}`);
    return [step.isPiped ? ['|'] : [], assigned, words, redirected].flat(2).join(' ');
  });
}

describe('readScript', () => {
  it.each<[string, string[]]>([
    ['a | b -x |& c || d && e; f & g', ['a', '| b -x', '| c', 'd', 'e', 'f', 'g']],
    [`a 'b c' "d $e \\" f" g\\ h # i`, ['a b c d $e " f g h']],
    ['a#b c', ['a#b c']],
    ['A=1 B="$C" cmd x=y', ['A=1 B=$C cmd x=y']],
    ['A=$(b | c)', ['{', 'b', '| c', '}', 'A=?']],
    ['a `b \\`c\\`` d', ['{', '{', 'c', '}', 'b ?', '}', 'a ? d']],
    ['a > b 2>&1 < c >>d &> e 3<>f', ['a >b >&1 <c >>d &>e <>f']],
    ['a <<< "b" >| c', ['a <<<b >|c']],
    ['(cd a && b) && c', ['{', 'cd a', 'b', '}', 'c']],
    ['{ a; b; } | c', ['a', 'b', '| c']],
    ['if [ -x a ]; then b; elif ! c; then d; else e; fi; f', ['[ -x a ]', 'b', 'c', 'd', 'e', 'f']],
    ['for x in a $b; do echo $x; done > c', [': a $b', 'echo $x', '>c']],
    ['a | while read -r x; do b "$x"; done', ['a', '| read -r x', 'b $x']],
    ['case $x in a|b) c;; *) d ;; esac; e', [': $x', 'c', 'd', 'e']],
    ['x=$(case a in a) b;; esac) c', ['{', ': a', 'b', '}', 'x=? c']],
    ['[[ $a == b && ( -f c || $d =~ ^(e|f)$ ) ]] && g', ['[[ $a == b -f c $d =~ ^ e f $ ]]', 'g']],
    ['f() { a; }; function g { b; }; f', ['a', 'b', 'f']],
    ['((i++)); echo $(( i + $j * (2) )) "$((1))"', ['echo ?$j ?']],
    ['diff <(a x) >(b) c', ['{', 'a x', '}', '{', 'b', '}', 'diff ? ? c']],
    ['a=(b c) d', ['a=? d']],
    [`echo $'a' $'\\n' "$@" $? \${#} \${#a} \${b[0]}`, ['echo a ? ? ? ? $a $b']],
    ['', []],
  ])('%s', (text, commands) => {
    const script = readScript(text);
    expect(commandsOf(script)).toEqual(commands);
    expect(script.isWhole).toBe(true);
  });

  it.each([
    'echo "a',
    "echo 'a",
    'echo $(date +',
    'echo `date',
    'echo ${a',
    '(a',
    'echo $((1 + ',
    'a=(b',
    'a \\',
  ])('is not whole: %s', (text) => {
    expect(readScript(text).isWhole).toBe(false);
  });

  it('knows what sets a variable, and what does without', () => {
    const script = readScript(`for x in 1; do :; done; f() { :; }; : \${a:-$b} \${c:=1} \${d%.*}`);
    expect([...script.loopVariables, ...script.functions]).toEqual(['x', 'f']);
    const last = script.steps.at(-1);
    const parts = last?.kind === 'command' ? last.words.flatMap((word) => word.parts) : [];
    expect(parts.filter(({ kind }) => kind === 'variable')).toEqual([
      { kind: 'variable', name: 'a', isPlain: false, hasDefault: true, sets: false },
      { kind: 'variable', name: 'c', isPlain: false, hasDefault: true, sets: true },
      { kind: 'variable', name: 'd', isPlain: false, hasDefault: false, sets: false },
    ]);
  });

  it('ends, whatever it reads', () => {
    const letters = [...'ab $\'"`\\(){}[]<>|&;#=\n\t\r'];
    let seed = 1;
    for (let round = 0; round < 3000; round += 1) {
      let text = '';
      for (let at = 0; at < round % 40; at += 1) {
        seed = (seed * 48_271) % 2_147_483_647;
        text += letters[seed % letters.length];
      }
      expect(typeof readScript(text).isWhole).toBe('boolean');
    }
  });
});
