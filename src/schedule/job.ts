/** A pipeline that is to be looked at every day. */
export interface Job {
  /** The pipeline's name. */
  name: string;
  /** Absolute paths: a job starts somewhere else than a person does. */
  file: string;
  out: string;
  log: string;
  at: Time;
  /** The Node and the qpipe that run now, so that the job runs the same. */
  node: string;
  qpipe: string;
  version: string;
  /** Folders in which programs are found now: a job has fewer of them. */
  path: string;
  /** Environment variables that the pipeline takes values from. */
  variables: string[];
}

export interface Time {
  hour: number;
  minute: number;
}

/** A file, or a part of one, to be put in its place by a person. */
interface Unit {
  /** Where it goes. */
  place: string;
  text: string;
}

/** Units, and what to do with them, as lines of comments and commands. */
export interface Schedule {
  units: Unit[];
  steps: string[];
}

/** Where a job finds the values of the pipeline's variables, as `NAME=value` lines; `~` is the home folder. */
export function variablesFile({ name }: Job): string {
  return `~/.config/qpipe/${name}.env`;
}

/** What to do so that a job has those values; empty for a pipeline without variables. */
export function variableSteps(job: Job): string[] {
  if (job.variables.length === 0) return [];
  // In quotes: to a shell an & in an address is the end of it.
  const lines = job.variables.map((name) => `${name}='...'`).join(', ');
  return [
    `The pipeline takes values from the environment, which a job does not have. Write them into ${variablesFile(job)}, a line each: ${lines}`,
    `and let nobody else read it: chmod 600 ${variablesFile(job)}`,
  ];
}
