/** What is run beside a pipeline's history: the swaps of `blame`, and good builds that are measured again. */
type Purpose = 'blame' | 'measured again';

/** The name under which such a run is known: neither what `explain` compares with nor what a run may drop is changed by it. */
export function trialName(pipeline: string, purpose: Purpose): string {
  return `${pipeline} (${purpose})`;
}

export function isTrialName(pipeline: string): boolean {
  return / \((blame|measured again)\)$/.test(pipeline);
}
