import { withoutPrefix } from './tool.ts';

export interface LoadArguments {
  model: string;
  /** Tokens that the context holds. */
  context: number;
  /** ggml type of the KV cache. */
  kvType: string;
  ubatch: number;
  mmap: boolean;
  /** File with the prompt. */
  prompt: string;
  generate: number;
  threads: number;
  gpuLayers: number | null;
  extra: string[];
}

/** llama-completion, greedily and to the last token asked for, with the times of its log counted from its start. */
export function loadArgs({ model, context, kvType, ubatch, mmap, prompt, generate, threads, gpuLayers, extra }: LoadArguments): string[] {
  const gpu = gpuLayers === null ? [] : ['-ngl', String(gpuLayers)];
  return [
    ...['-m', model, '-f', prompt, '-n', String(generate), '-c', String(context), '-b', '2048', '-ub', String(ubatch)],
    ...['-ctk', kvType, '-ctv', kvType, '-fa', 'auto', '-fit', 'off', '-lm', mmap ? 'mmap' : 'none'],
    ...['-t', String(threads), '-tb', String(threads), ...gpu],
    ...['-no-cnv', '--no-display-prompt', '--simple-io', '--ignore-eos', '--temp', '0', '--seed', '1'],
    ...['--perf', '--log-prefix', '--log-timestamps'],
    ...extra,
  ];
}

export interface LoadRead {
  /** Tokens of the prompt, as the model's tokenizer cuts it. */
  promptTokens: number;
  /** Seconds from the start to where the prompt is begun: the model is there and was warmed up. */
  ready: number;
  /** Seconds from the start to the last token. */
  done: number;
}

/** Null without its times: it did not come to its end, or is too old to have them. */
export function readLoad(stderr: string): LoadRead | null {
  const ready = secondsAt(stderr, /generate: n_ctx = /);
  const done = secondsAt(stderr, /common_perf_print: +sampling time/);
  const prompt = /prompt eval time = .*? \/ +(\d+) tokens/.exec(withoutPrefix(stderr))?.[1];
  return ready === null || done === null || prompt === undefined ? null : { promptTokens: Number(prompt), ready, done };
}

/** From the log's time before a line: minutes, seconds, milliseconds, microseconds. */
function secondsAt(log: string, line: RegExp): number | null {
  const found = log.split('\n').find((one) => line.test(one));
  const parts = /^(\d+)\.(\d{2})\.(\d{3})\.(\d{3}) /
    .exec(found ?? '')
    ?.slice(1)
    .map(Number);
  if (!parts) return null;
  const [minutes = 0, seconds = 0, millis = 0, micros = 0] = parts;
  return minutes * 60 + seconds + millis / 1e3 + micros / 1e6;
}

/** The instruction sets that the build uses here, from its own words: `AVX2 = 1 | REPACK = 1`. */
export function systemFlags(log: string): Set<string> {
  const line = /system_info: (.*)/.exec(log)?.[1] ?? '';
  return new Set([...line.matchAll(/(\w+) = 1\b/g)].map((match) => match[1] ?? ''));
}
