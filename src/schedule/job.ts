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
  /** Folders in which programs are found now: a job has fewer of them. */
  path: string;
  /** Environment variables that the pipeline takes values from. */
  variables: string[];
  /** Those of them without which it is no pipeline; the others have defaults. */
  needed: string[];
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
  const { variables, needed } = job;
  if (variables.length === 0) return [];
  // In quotes: to a shell an & in an address is the end of it.
  const lines = (needed.length > 0 ? needed : variables).map((name) => `${name}='...'`).join(', ');
  const others = variables.filter((name) => !needed.includes(name));
  const file = variablesFile(job);
  if (needed.length === 0)
    return [`What the pipeline takes from the environment has defaults. For other values write them into ${file}, a line each: ${lines}`];
  return [
    `The pipeline takes values from the environment, which a job does not have. Write them into ${file}, a line each: ${lines}`,
    ...(others.length > 0 ? [`(these have defaults: ${others.join(', ')})`] : []),
    `and let nobody else read it: chmod 600 ${file}`,
  ];
}
