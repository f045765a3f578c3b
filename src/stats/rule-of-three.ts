/**
 * The largest share that is still likely, 95 %, where none of so many was counted: about 3 by their number. With none and with all a sample
 * does not scatter, which says nothing of how sure it is.
 */
export function ruleOfThree(of: number): number {
  return 1 - 0.05 ** (1 / of);
}
