import { UserError } from '../errors.ts';

/** One way to get torch: what it is called in messages and pip's arguments for it. */
export interface TorchSource {
  name: string;
  args: string[];
}

const cpuIndex = 'https://download.pytorch.org/whl/cpu';

/**
 * PyTorch's index of CPU builds (or the one QPIPE_TORCH_INDEX names) first, briefly: where it cannot be reached that should not cost minutes.
 * Then the user's default index with the exact pin; on x86-64 Linux that may be the GPU build with its libraries, so its size is said first.
 */
export function torchSources(version: string, environment: NodeJS.ProcessEnv): TorchSource[] {
  const index = environment['QPIPE_TORCH_INDEX'] || cpuIndex;
  const byDefault = { name: 'the default index', args: [`torch==${version}`] };
  if (index === 'none') return [byDefault];
  if (!/^(https?|file):\/\//.test(index)) throw new UserError(`QPIPE_TORCH_INDEX is "${index}"; it must be an index URL, or none`);
  return [{ name: index, args: ['--index-url', index, '--no-deps', '--timeout', '8', '--retries', '0', `torch==${version}`] }, byDefault];
}
