import { isDeepStrictEqual } from 'node:util';
import type { Preimage } from '../plan/key.ts';
import type { Task } from '../plan/task.ts';
import type { Change } from './reason.ts';

/** What of a key may be known before everything that a task reads is made: the digests of some roles only. */
export type Sketch = Omit<Preimage, 'inputs'> & { inputs: Record<string, { name: string; sha256: string | null }[]> };

/** Where two keys differ. Inputs that are not known yet are passed over. */
export function changesBetween(old: Preimage, now: Sketch, task: Task): Change[] {
  return [
    ...inputChanges(old, now, task),
    ...paramChanges(old.params, now.params),
    ...identityChanges(old.identity, now.identity),
    ...(old.opVersion === now.opVersion ? [] : [{ kind: 'operation', old: old.opVersion, new: now.opVersion } as const]),
  ];
}

function inputChanges(old: Preimage, now: Sketch, task: Task): Change[] {
  const roles = [...new Set([...Object.keys(old.inputs), ...Object.keys(now.inputs)])];
  return roles.flatMap((role) => {
    const before = new Map((old.inputs[role] ?? []).map(({ name, sha256 }) => [name, sha256]));
    const after = new Map((now.inputs[role] ?? []).map(({ name, sha256 }) => [name, sha256]));
    const names = [...new Set([...before.keys(), ...after.keys()])];
    return names.flatMap((name): Change[] => {
      const [was, is] = [before.get(name) ?? null, after.get(name)];
      // Null: it is not made yet.
      if (is === null || was === (is ?? null)) return [];
      return [{ kind: 'input', role, name, old: was, new: is ?? null, from: producerOf(task, role, name) }];
    });
  });
}

function producerOf(task: Task, role: string, name: string): string | null {
  const source = task.inputs[role]?.find((input) => input.name === name)?.source;
  return source && 'task' in source ? source.task : null;
}

/** Leaf by leaf: `chunks`, `tensors.output`, `args`. */
function paramChanges(old: unknown, now: unknown, path = ''): Change[] {
  if (isDeepStrictEqual(old ?? null, now ?? null)) return [];
  if (!isTree(old) || !isTree(now)) return [{ kind: 'params', path, old: old ?? null, new: now ?? null }];
  const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  return keys.flatMap((key) => paramChanges(old[key], now[key], path === '' ? key : `${path}.${key}`));
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function identityChanges(old: Record<string, string>, now: Record<string, string>): Change[] {
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  return names.flatMap((name): Change[] =>
    old[name] === now[name] ? [] : [{ kind: 'identity', name, old: old[name] ?? null, new: now[name] ?? null }],
  );
}
