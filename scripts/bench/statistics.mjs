export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Each round's own ratio: what slowed the machine down in a round slowed both sides. */
export function pairedRatio(rounds, numerator, denominator) {
  const ratios = rounds.map((round) => numerator(round) / denominator(round));
  return { median: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios) };
}
