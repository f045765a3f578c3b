/** What a run needs of llama.cpp. */
export interface Wanted {
  /** An existing build or checkout that the pipeline or `--llama-cpp` names. */
  path: string | null;
  /** Extra CMake flags for our own build. */
  cmake: string[];
  /** The interpreter for the converter's environment; null looks on PATH. */
  python: string | null;
  needConverter: boolean;
  /** Nothing is downloaded: what is missing and cannot be made from what is here is refused. */
  offline: boolean;
}

export type Place = { origin: 'named' | 'environment'; path: string } | { origin: 'cache' } | { origin: 'path'; path: string };

/** Where the tools are looked for, in order. A named place is the only one: falling back from it silently would measure with something else. */
export function placesToLook(wanted: Wanted, environment: NodeJS.ProcessEnv, onPath: string | null): Place[] {
  if (wanted.path !== null) return [{ origin: 'named', path: wanted.path }];
  const named = environment['QPIPE_LLAMA_CPP'];
  if (named) return [{ origin: 'environment', path: named }];
  if (onPath === null || wanted.cmake.length > 0) return [{ origin: 'cache' }];
  return [{ origin: 'cache' }, { origin: 'path', path: onPath }];
}

export function namedPython(wanted: Wanted, environment: NodeJS.ProcessEnv): string | null {
  return wanted.python ?? (environment['QPIPE_PYTHON'] || null);
}
