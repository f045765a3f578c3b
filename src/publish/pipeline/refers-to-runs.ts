/** Whether gates, as they are written, stand beside a run or a table of this machine: nobody else has them. */
export function refersToRuns(gates: unknown): boolean {
  if (Array.isArray(gates)) return gates.some(refersToRuns);
  if (typeof gates !== 'object' || gates === null) return false;
  return Object.entries(gates).some(([key, part]) => {
    if (typeof part !== 'string') return refersToRuns(part);
    if (key === 'vs' || key === 'baseline') return part !== 'lastGood' && part !== 'firstGood';
    return key === 'table' && /[/.]/.test(part);
  });
}
