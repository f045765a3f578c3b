import type { Pattern } from './explain.ts';

/** The program does not even start. */
export const notStarted: Pattern[] = [
  [
    /error while loading shared libraries: ([^:\s]+): cannot open shared object file/,
    (library = '') => `its library ${library} is not on this machine: install it, or build llama.cpp here`,
  ],
  [/Library not loaded: (\S+)/, (library = '') => `its library ${library} is not on this machine: install it, or build llama.cpp here`],
  [
    /version [`']([A-Z]+_[\d.]+)' not found/,
    (version = '') => `it was built on a newer system, which has ${version}: build llama.cpp on this machine`,
  ],
  [
    /symbol lookup error: .*undefined symbol: (\S+)/,
    (symbol = '') => `its libraries are of another build, which has no ${symbol}: build llama.cpp anew`,
  ],
  // A program that the kernel does not know is taken for a shell script.
  [
    /Exec format error|cannot execute binary file|Bad CPU type in executable|^\S+: \d+: Syntax error/m,
    'this machine cannot run it: it was built for another processor or system, or it is damaged',
  ],
  [/failed to execute (\S+): Permission denied/, (file = '') => `it may not be executed: chmod +x ${file}`],
  [/failed to execute (\S+): No such file or directory/, (file = '') => `${file} is gone, or the interpreter that its first line names`],
];

/** `cudaMalloc failed` is printed by builds for other makers' GPUs too. */
const gpuMemory =
  /(?:CUDA|ROCm|MUSA) error: out of memory|cudaMalloc failed: out of memory|able to allocate (?:CUDA|ROCm|MUSA|Vulkan|SYCL|CANN|MTL|Metal|OpenCL)\d* buffer|failed to allocate (?:CUDA|ROCm|MUSA|Vulkan|SYCL|CANN|MTL|Metal|OpenCL)\d* buffer|ErrorOutOfDeviceMemory|Insufficient Memory/;

export const gpuFailures: Pattern[] = [
  [gpuMemory, 'the memory of the GPU ran out: say a smaller `gpuLayers` under tools, or end what else uses it'],
  [
    /(?:CUDA|ROCm|MUSA) error: no kernel image is available/,
    'this build has no code for this GPU: build it with -DCMAKE_CUDA_ARCHITECTURES=native',
  ],
  [
    /(?:CUDA|ROCm|MUSA) error: (?:CUDA driver version is insufficient|the provided PTX was compiled with an unsupported toolchain)/,
    'the driver of the GPU is older than the CUDA of this build: update the driver',
  ],
  [/(CUDA|ROCm|MUSA) error: ([^\n]+)/, (maker = '', what = '') => `the GPU failed (${maker}: ${what})`],
  [/device lost on|ErrorDeviceLost/, 'the GPU was lost in the middle of the work: its driver may have reset it; try again'],
  [/vk::(\S+): Error(\w+)/, (call = '', what = '') => `the GPU failed (Vulkan: ${what} in ${call})`],
  [/command buffer \d+ failed with status \d+\nerror: ([^\n]+)/, (what = '') => `the GPU failed (Metal: ${what})`],
  [/Vulkan 1\.2 required/, 'the driver of the GPU is too old: Vulkan 1.2 is needed'],
  [
    /invalid device: (\S+)/,
    (device = '') => `there is no device ${device}: no such GPU, or a build without its backend; llama-bench --list-devices names them`,
  ],
];

/** Said on the way, and only a reason when nothing else is one: without its GPU a tool goes on with the processor. */
export const gpuNotFound: Pattern[] = [
  [
    /failed to initialize (CUDA|ROCm|MUSA): ([^\n]+)/,
    (maker = '', what = '') => `it found no GPU (${maker}: ${what}): look at the driver, or use a build without one`,
  ],
];

export const memoryFailures: Pattern[] = [
  [
    /failed to allocate \S+ buffer of size|able to allocate \S+ buffer|alloc: failed to allocate|failed to allocate (?:compute|memory|output buffer|graph)|insufficient memory \(attempted|[Cc]annot allocate memory|bad_alloc|mem_buffer != NULL|posix_memalign failed/,
    'memory ran out: free some, or take a smaller model',
  ],
  [
    /Thread creation failed: Resource temporarily unavailable|what\(\):\s+Resource temporarily unavailable/,
    'it could not start its threads: a limit of processes or of memory is reached (ulimit -u, ulimit -v)',
  ],
];

export const diskFailures: Pattern[] = [
  [/No space left on device|Disk quota exceeded/, 'the disk is full: make room, or name another folder with --out'],
  [/Read-only file system/, 'the file system may only be read: name another folder with --out'],
  [/Input\/output error|Bus error/, 'the disk could not be read or written: it may be failing'],
  [/Too many open files/, 'it may not open so many files: raise the limit (ulimit -n 4096)'],
];
