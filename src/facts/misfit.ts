import type { PlanProblem } from '../plan/problems.ts';
import type { AdapterLook } from './adapter-look.ts';

/** What does not fit between an adapter, its config and its model. */
export type Misfit = Omit<PlanProblem, 'at'>;
export type Check = (look: AdapterLook) => Misfit[];

/** Tells of the first of many with the same fault, and how many there are. */
export function firstOf<T>(found: T[], tell: (first: T) => Misfit): Misfit[] {
  const [first] = found;
  if (first === undefined) return [];
  const { message, ...rest } = tell(first);
  return [{ message: found.length === 1 ? message : `${message} (and ${found.length - 1} more like it)`, ...rest }];
}

export const saveAgain = 'save the adapter again with save_pretrained, or take another revision of it';
