import { createContext, Script } from 'node:vm';

const context: { work?: () => unknown } = createContext({});
const script = new Script('work()');

/**
 * What a computation gives; null when it takes longer than a time and was ended in its middle. For pure work alone: it is ended also within a
 * regular expression, where signals would have to wait for its end.
 */
export function withinTime<T>(milliseconds: number, work: () => T): { value: T } | null {
  context.work = work;
  try {
    return { value: script.runInContext(context, { timeout: milliseconds }) as T };
  } catch (thrown) {
    // Of another context: no `instanceof Error`.
    if ((thrown as Partial<NodeJS.ErrnoException> | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return null;
    throw thrown;
  } finally {
    delete context.work;
  }
}
