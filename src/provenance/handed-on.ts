import { z } from 'zod';

/**
 * Arguments of the user's own that a manifest may hand on to a tool: those that name no file, no address and no other tool. The number is how many
 * values follow. llama-quantize takes the first word that is no flag for its input, so a list of what is forbidden would not do.
 */
const flags = {
  quantize: {
    0: ['--allow-requantize', '--leave-output-tensor', '--pure', '--keep-split'],
    1: [
      '--include-weights',
      '--exclude-weights',
      '--output-tensor-type',
      '--token-embedding-type',
      '--tensor-type',
      '--prune-layers',
      '--override-kv',
      '--max-buffer-size',
    ],
  },
  imatrix: {
    0: [
      ...['--repack', '-nr', '--no-repack', '-kvo', '--kv-offload', '-nkvo', '--no-kv-offload', '--no-host', '--op-offload'],
      ...['--no-op-offload', '-cmoe', '--cpu-moe', '--check-tensors', '--mmap', '--no-mmap', '--mlock', '--swa-full', '--offline'],
      ...['--process-output', '--ppl', '--no-ppl', '--parse-special', '--perf', '--no-perf'],
    ],
    1: [
      ...[
        '-t',
        '--threads',
        '-tb',
        '--threads-batch',
        '-c',
        '--ctx-size',
        '-b',
        '--batch-size',
        '-ub',
        '--ubatch-size',
        '-np',
        '--parallel',
      ],
      ...['-fa', '--flash-attn', '-ctk', '--cache-type-k', '-ctv', '--cache-type-v', '-ngl', '--gpu-layers', '--n-gpu-layers'],
      ...['-sm', '--split-mode', '-ts', '--tensor-split', '-mg', '--main-gpu', '-dev', '--device', '-ot', '--override-tensor'],
      ...['-ncmoe', '--n-cpu-moe', '-ncffn', '--n-cpu-ffn', '-fit', '--fit', '-fitt', '--fit-target', '-fitc', '--fit-ctx', '--numa'],
      ...['-lm', '--load-mode', '-lzm', '--lazy-mode', '--prio', '--poll', '--chunk', '--from-chunk', '--chunks', '--override-kv'],
      ...['--rope-scaling', '--rope-scale', '--rope-freq-base', '--rope-freq-scale', '--yarn-orig-ctx', '--yarn-ext-factor'],
      ...['--yarn-attn-factor', '--yarn-beta-slow', '--yarn-beta-fast', '-lv', '--verbosity'],
    ],
  },
  convert: {
    0: [
      ...['--bigendian', '--use-temp-file', '--no-lazy', '--verbose', '--mistral-format', '--disable-mistral-community-chat-template'],
      ...['--sentence-transformers-dense-modules', '--fuse-gate-up-exps', '--fp8-as-q8', '--fuse-qkv', '--no-mtp', '--no-nextn'],
    ],
    1: ['--outtype'],
  },
} satisfies Record<string, Record<0 | 1, string[]>>;

/** Values hold no slash: whatever they name lies in the folder that goes with the step. */
const value = /^[^/\\\p{Cc}\p{Cs}]*$/u;

export function handedOn(tool: keyof typeof flags) {
  return z.array(z.string()).superRefine((args, context) => {
    const stray = strayIn(args, flags[tool]);
    if (stray !== null)
      context.addIssue({ code: 'custom', message: `the argument ${JSON.stringify(stray)} is not handed on to ${tool} by a manifest` });
  });
}

function strayIn(args: string[], known: Record<0 | 1, string[]>): string | null {
  for (let i = 0; i < args.length; i++) {
    const flag = args[i] ?? '';
    if (known[0].includes(flag)) continue;
    const next = args[i + 1];
    if (!known[1].includes(flag) || next === undefined) return flag;
    if (!value.test(next)) return next;
    i++;
  }
  return null;
}
