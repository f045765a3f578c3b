import type { Pin } from './pin.ts';

/** All CMake flags of a build; the user's come last, so they win. The pinned release is told its commit; other sources find theirs. */
export function cmakeFlags(pin: Pin, { extra, portable, pinned }: { extra: string[]; portable: boolean; pinned: boolean }): string[] {
  return [
    ...pin.cmake.flags,
    ...(pinned ? [`-DLLAMA_BUILD_NUMBER=${pin.buildNumber}`, `-DLLAMA_BUILD_COMMIT=${pin.commit}`] : []),
    `-DGGML_NATIVE=${portable ? 'OFF' : 'ON'}`,
    ...extra,
  ];
}

/** The value CMake will see: of two `-DNAME=` the last one. */
export function flagValue(flags: string[], name: string): string | null {
  const found = flags.findLast((flag) => flag.startsWith(`-D${name}=`) || flag.startsWith(`-D${name}:`));
  return found === undefined ? null : found.slice(found.indexOf('=') + 1);
}

export function isOn(value: string | null): boolean {
  return value !== null && /^(on|yes|true|y|1)$/i.test(value);
}

const backends: [flag: string, name: string][] = [
  ['GGML_CUDA', 'CUDA'],
  ['GGML_HIP', 'ROCm'],
  ['GGML_VULKAN', 'Vulkan'],
  ['GGML_METAL', 'Metal'],
  ['GGML_SYCL', 'SYCL'],
  ['GGML_OPENCL', 'OpenCL'],
];

/** What a build with these flags computes on. On Apple computers llama.cpp builds Metal unless told otherwise. */
export function backendOf(flags: string[], platform: NodeJS.Platform): string {
  const chosen = backends.filter(([flag]) =>
    isOn(flagValue(flags, flag) ?? (flag === 'GGML_METAL' && platform === 'darwin' ? 'ON' : null)),
  );
  return chosen.map(([, name]) => name).join(', ') || 'CPU';
}

/** What a foreign build computes on, from `--list-devices`: lines such as `  CUDA0: NVIDIA H200 (...)`. */
export function backendOfDevices(listing: string): string {
  const names = [...listing.matchAll(/^\s+([A-Za-z]+?)\d*: /gm)].map((match) => match[1]);
  return [...new Set(names)].filter((name) => name !== 'BLAS').join(', ') || 'CPU';
}
