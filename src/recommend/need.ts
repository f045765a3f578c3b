export type Preference = 'quality' | 'balanced' | 'speed';

export const preferences: readonly Preference[] = ['quality', 'balanced', 'speed'];

/** What a model is needed for. */
export interface Need {
  /** Tokens of context. */
  context: number;
  /** ggml type of keys and values. */
  kvType: string;
  /** Tokens of a prompt computed at once. */
  ubatch: number;
  /** Tokens per second at least; 0 for no limit. */
  minTg: number;
  /** Seconds until the first token of an answer to 300 tokens, at most; 0 for no limit. */
  maxTtft: number;
  prefer: Preference;
  thresholds: Thresholds;
}

/** Mean KLD, nats per token. */
export interface Thresholds {
  /** Above it a file is broken, and refused. */
  broken: number;
  /** Two files below it are equally good. */
  silent: number;
  /** `balanced` takes the smallest file up to this ... */
  balanced: number;
  /** ... or up to so many times the best one's. */
  balancedTimes: number;
  /** `speed` takes the fastest file up to this. */
  speed: number;
}

const usualThresholds: Thresholds = { broken: 0.4, silent: 0.005, balanced: 0.02, balancedTimes: 1.5, speed: 0.15 };

/** A need as somebody says it. */
export interface Wish extends Omit<Need, 'context'> {
  /** Null: as much as is usual, or as the model was trained for where that is less. */
  context: number | null;
}

/** Reading speed is the least that people bear with. */
export const usualWish: Wish = {
  context: null,
  kvType: 'F16',
  ubatch: 512,
  minTg: 5,
  maxTtft: 20,
  prefer: 'balanced',
  thresholds: usualThresholds,
};

/** A file may run in part on the processor though a smaller one fits onto the card: quality comes before all, and no speed is too low. */
export function acceptsPart({ prefer, minTg }: Need): boolean {
  return prefer === 'quality' && minTg === 0;
}

/** Tokens of the prompt that an answer is waited for with. */
export const promptTokens = 300;

const usualContext = 4096;

/** @param trainedContext tokens that the model was trained for; 0 where nobody knows */
export function needOf(wish: Wish, trainedContext: number): Need {
  const usual = trainedContext > 0 ? Math.min(usualContext, trainedContext) : usualContext;
  return { ...wish, context: wish.context ?? usual };
}

/** Why no model of that kind can serve such a need, and what to do; null when it can. */
export function needProblem({ context }: Wish, trainedContext: number): { message: string; fix: string } | null {
  if (context === null || trainedContext === 0 || context <= trainedContext) return null;
  return {
    message: `a context of ${context} tokens is beyond the model, which was trained for ${trainedContext}`,
    fix: `ask for at most ${trainedContext}`,
  };
}
