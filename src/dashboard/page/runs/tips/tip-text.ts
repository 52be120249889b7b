/** What is told of something that is pointed at. */

export interface Tip {
  readonly title: string;
  /** Names and what is to be told; what is undefined is left out. */
  readonly facts: readonly (readonly [name: string, text: string | undefined])[];
}
