import type { Task } from '../plan/task.ts';

/** What one machine has to give: the threads over all running tasks never exceed it. */
export interface Capacity {
  threads: number;
  memoryBytes: number;
}

interface Share {
  threads: number;
  memoryBytes: number;
  task: Task;
}

/** Hands out threads, memory, the GPU and the whole machine to tasks. Knows nothing of processes. */
export class Resources {
  readonly #capacity: Capacity;
  readonly #shares = new Set<Share>();

  constructor(capacity: Capacity) {
    this.#capacity = capacity;
  }

  /** @param waiting How many tasks are ready, this one among them: they divide the free threads. Null when the task must wait. */
  take(task: Task, memoryBytes: number, waiting: number): Share | null {
    const shares = [...this.#shares];
    const freeThreads = this.#capacity.threads - sum(shares.map((share) => share.threads));
    const freeMemory = this.#capacity.memoryBytes - sum(shares.map((share) => share.memoryBytes));
    const idle = shares.length === 0;
    if (shares.some((share) => share.task.exclusive) || (task.exclusive && !idle)) return null;
    if (task.gpu && shares.some((share) => share.task.gpu)) return null;
    // A task larger than the machine's memory still runs, alone: the kernel can page what is mapped.
    if (isFetch(task)) return this.lend({ threads: 0, memoryBytes: 0, task });
    if (freeThreads < 1 || (!idle && memoryBytes > freeMemory)) return null;
    const threads = task.exclusive ? this.#capacity.threads : Math.ceil(freeThreads / Math.min(waiting, freeThreads));
    return this.lend({ threads, memoryBytes, task });
  }

  private lend(share: Share): Share {
    this.#shares.add(share);
    return share;
  }

  giveBack(share: Share): void {
    this.#shares.delete(share);
  }
}

/** It waits for the network, not for a core. */
function isFetch(task: Task): boolean {
  return task.op === 'fetch';
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
