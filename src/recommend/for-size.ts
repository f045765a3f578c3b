import { describedDevice } from '../devices/custom.ts';
import { UserError } from '../errors.ts';
import type { Recommendation } from '../results/schema.ts';
import { needOf, type Preference, preferences, usualWish } from './need.ts';
import { recommend } from './recommend.ts';
import { typicalChoice } from './typical-choice.ts';

export interface SizeQuestion {
  /** Weights of the model: 7e9. */
  parameters: number;
  /** `8GiB`: main memory, or that of a graphics card. */
  memory: string;
  /** The memory is a card's. Default: false. */
  gpu?: boolean;
  /** Default: balanced. */
  prefer?: Preference;
  /** Tokens. Default: 4096. */
  context?: number;
}

/**
 * Which quant type of a model of some size to use in some memory, without any measurement: sizes by a model of about that size, quality as others
 * published it. Throws UserError for a memory that is none, and for sizes of which nothing is known.
 */
export function recommendForSize({ parameters, memory, gpu = false, prefer = 'balanced', context }: SizeQuestion): Recommendation {
  const described = describedDevice(gpu ? { vram: memory } : { memory });
  if (!described.ok) throw new UserError(`${described.message}; ${described.fix}`);
  if (context !== undefined && !(Number.isInteger(context) && context >= 256))
    throw new UserError(`a context of ${context} tokens: write a whole number of at least 256`);
  if (!preferences.includes(prefer)) throw new UserError(`there is no preference ${prefer}: write ${preferences.join(', ')}`);
  const choice = typicalChoice(parameters);
  const wish = { ...usualWish, prefer, context: context ?? null };
  return recommend(choice, described.device, needOf(wish, choice.shape.trainedContext));
}
