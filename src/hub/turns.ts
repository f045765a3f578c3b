/** Does the work when it is its turn. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T>;

/** At most so many at once; the others wait in line. */
export function turns(atOnce: number): Turns {
  let free = atOnce;
  const line: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => line.push(resolve));
    try {
      return await work();
    } finally {
      const next = line.shift();
      if (next) next();
      else free++;
    }
  };
}
