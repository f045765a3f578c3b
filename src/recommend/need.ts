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
  /** Tokens per second at least. */
  minTg: number;
  /** Seconds until the first token of an answer to 300 tokens, at most. */
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

export const usualThresholds: Thresholds = { broken: 0.4, silent: 0.005, balanced: 0.02, balancedTimes: 1.5, speed: 0.15 };

/** Reading speed is the least that people bear with. */
export const usualNeed: Need = {
  context: 4096,
  kvType: 'F16',
  ubatch: 512,
  minTg: 5,
  maxTtft: 20,
  prefer: 'balanced',
  thresholds: usualThresholds,
};

/** Tokens of the prompt that an answer is waited for with. */
export const promptTokens = 300;
