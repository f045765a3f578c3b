import type { Device } from '../devices/device.ts';
import type { Choice } from './candidate.ts';
import type { Judged, Rejection } from './judge.ts';
import type { Need } from './need.ts';
import { gib, significant, tokensPerSecond } from './words.ts';

const order: Rejection['limit'][] = ['memory', 'type', 'generation', 'prompt', 'quality'];

/** Which limit fails first, and by how much: told of the file that comes nearest to it, of one that keeps all others if there is one. */
export function nothingFits(judged: Judged[], { title }: Device, need: Need, unjudged: Choice['unjudged']): string {
  const misses = order.flatMap((limit) => nearestMiss(judged, limit) ?? []);
  if (misses.length === 0) return `Nothing can be recommended for ${title}: ${nothingKnown(unjudged, need)}.`;
  return `Nothing fits ${title}: ${misses.join('; ')}.`;
}

/** A file of unknown quality may be broken: that limit is the first that none keeps. */
function nothingKnown([first, ...others]: Choice['unjudged'], { thresholds }: Need): string {
  if (!first) return 'there is no file';
  const more = others.length > 0 ? `, and ${others.length} more` : '';
  return `the limit on quality comes first, a KLD of at most ${thresholds.broken}, and no file is known to keep it (${first.row}: ${first.reason}${more})`;
}

function nearestMiss(judged: Judged[], limit: Rejection['limit']): string | null {
  const broken = judged.flatMap(({ candidate, rejected }) => (rejected?.limit === limit ? [{ name: candidate.name, ...rejected }] : []));
  const nearest = broken.toSorted((a, b) => Number(a.alsoOtherwise ?? false) - Number(b.alsoOtherwise ?? false) || a.by - b.by)[0];
  if (!nearest) return null;
  const others = broken.length > 1 ? ` (the nearest of ${broken.length})` : '';
  return `${nearest.name}${others} ${inWords(nearest)}`;
}

function inWords({ limit, by, reason }: Rejection): string {
  switch (limit) {
    case 'memory':
      return `is ${gib(by)} GiB too large (${reason})`;
    case 'type':
      return `is refused (${reason})`;
    case 'generation':
      return `is ${tokensPerSecond(by)} t/s too slow (${reason})`;
    case 'prompt':
      return `answers ${Math.ceil(by)} s too late (${reason})`;
    case 'quality':
      return `is too far from the base by ${significant(by)} KLD (${reason})`;
  }
}
