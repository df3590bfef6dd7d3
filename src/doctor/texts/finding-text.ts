/** The words of a finding, in one language. */
export interface FindingText {
  subject: string;
  problem: string;
  /**
   * What to do about it. Commands in it can be pasted: each begins with `v-` and goes up to a comma, a parenthesis or
   * the end, with nothing left to be filled in.
   */
  advice: string;
}
