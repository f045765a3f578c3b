import type { Results } from '../results/schema.ts';
import { type Change, changeOf } from './excess.ts';
import { belowFloor, doubt, excess, type Finding, outcomeOf, shareOfNothing, tooFew, unjudged } from './finding.ts';
import { floorOf } from './floor.ts';
import { alsoDiffers, unlikeness } from './likeness.ts';
import { measuredOf } from './measured.ts';
import { type Metric, metrics, type NamedMetric } from './metric.ts';
import type { BesideQuestion } from './question.ts';
import { called, type Reference } from './references.ts';
import { allowanceInWords, amountInWords, changeInWords } from './words.ts';

interface Question extends BesideQuestion {
  reference: Reference;
  newReference: boolean;
}

/** A row's number beside that of another run: paired where it can be, refused with the reason where it does not compare. */
export function besideRun(question: Question): Finding {
  const { named, measured, side, confidence, most, relative, reference } = question;
  const { results, isPinned } = reference;
  const why = called(reference);
  if (!results) return unjudged(why);
  const { words, unit, bad }: Metric = metrics[named.name];
  const { value } = measured.interval;
  const vs = { run: results.run.id };
  const row = results.rows.find(({ name }) => name === side.row.name);
  if (!row) {
    const missing = `${why} has no ${side.row.name}`;
    return isPinned ? { ...unjudged(missing), value, vs } : { outcome: 'pass', evidence: `${missing}: this is the first one`, value, vs };
  }
  const before = measuredOf(named, row, results);
  if (!before) return besideUnmeasured(question);
  const problems = unlikeness(named, { row, results }, side);
  if (problems.length > 0) return besideUnlike(problems.join('; '), question);
  if (relative && before.interval.value <= 0) return { ...shareOfNothing(named, before.interval.value, value, why), vs };
  const limit = limitBeside(before.interval.value, most, relative, bad);
  const change = changeOf(named, before, measured, { most, relative }, confidence);
  if (!change) return { ...unjudged(`${words} has no interval: ${tooFew(named)}`), value, limit, vs };
  const notes = alsoDiffers(named, results, side.results);
  const evidence = [
    `${words} ${changeInWords(change, relative, unit)} against ${why}: ${amountInWords(value, unit)} after ${amountInWords(before.interval.value, unit)}`,
    `at most ${bad === 'high' ? '+' : '−'}${allowanceInWords(most, relative, unit)}`,
    ...(change.how === 'exact' ? [] : [change.how]),
    ...notes,
  ].join(', ');
  const outcome = outcomeOf(excess(change, bad === 'high' ? most : -most, bad));
  const isBelow = outcome === 'fail' && isBelowFloor(change, relative, before.interval.value, named, [results, side.results]);
  if (isBelow) return { ...unjudged(`${evidence}; ${metrics[named.name].error === 'rounds' ? belowDays : belowFloor}`), value, limit, vs };
  return { outcome, evidence: evidence + doubt(outcome, change), value, limit, vs };
}

/** A run that was measured otherwise: as it was measured again, where somebody has done that. */
function besideUnlike(problems: string, question: Question): Finding {
  const { measured, reference, newReference } = question;
  const { isPinned, again } = reference;
  const about = { value: measured.interval.value, ...vsOf(reference) };
  const unlike = `it does not compare with ${called(reference)}: ${problems}`;
  if (newReference && !isPinned) return { outcome: 'pass', evidence: `taken as the new reference, as ${unlike}`, ...about };
  if (again && 'results' in again) return besideRun(asMeasuredAgain(question, again.results));
  const tried = again ? `; it could not be measured again: ${again.why}` : '';
  return { ...unjudged(`${unlike}${tried}${isPinned ? '' : '; --new-reference begins anew from this run'}`), ...about };
}

/** A run without this number: what was not asked for then is measured again or, where that cannot be, simply new. */
function besideUnmeasured(question: Question): Finding {
  const { named, measured, reference } = question;
  const { isPinned, isAgain, again } = reference;
  const about = { value: measured.interval.value, ...vsOf(reference) };
  const missing = `${called(reference)} has no ${metrics[named.name].words}${named.text === null ? '' : ` on ${named.text}`}`;
  if (again && 'results' in again) return besideRun(asMeasuredAgain(question, again.results));
  if (isPinned || isAgain) return { ...unjudged(missing), ...about };
  const tried = again ? `, and could not be measured again: ${again.why}` : '';
  return { outcome: 'pass', evidence: `${missing}${tried}: this is the first one`, ...about };
}

function asMeasuredAgain(question: Question, results: Results): Question {
  return { ...question, reference: { ...question.reference, results, again: null, isAgain: true } };
}

function vsOf({ results }: Reference): Pick<Finding, 'vs'> {
  return results ? { vs: { run: results.run.id } } : {};
}

const belowDays = 'no more than two days of one machine differ by, so nothing can be told';

function isBelowFloor(change: Change, relative: boolean, before: number, named: NamedMetric, both: Results[]): boolean {
  const difference = Math.abs(change.value) * (relative ? before : 1);
  return difference <= Math.max(...both.map((results) => floorOf(named, before, results)));
}

/** The worst value that passes. */
function limitBeside(before: number, most: number, relative: boolean, bad: Metric['bad']): number {
  const allowed = relative ? before * most : most;
  return bad === 'high' ? before + allowed : before - allowed;
}
