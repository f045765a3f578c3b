import { Failure, UserError } from '../errors.ts';

/** What people can mend: what they named, their rights, their token, their settings. */
type MistakeReason =
  | 'bad-setting'
  | 'bad-card'
  | 'bad-token'
  | 'disabled'
  | 'entry-not-found'
  | 'gated'
  | 'not-private'
  | 'not-writable'
  | 'repo-not-found'
  | 'revision-not-found';

/** What failed outside. */
type FailureReason =
  | 'bad-name'
  | 'changed-upstream'
  | 'content-mismatch'
  | 'disk'
  | 'disk-full'
  | 'moved-meanwhile'
  | 'network'
  | 'not-a-hub'
  | 'offline'
  | 'range-refused'
  | 'refused'
  | 'remote-mismatch'
  | 'server';

export class HubMistake extends UserError {
  readonly reason: MistakeReason;
  constructor(reason: MistakeReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

export class HubFailure extends Failure {
  readonly reason: FailureReason;
  constructor(reason: FailureReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** Everything that can be wrong about the Hub, told for people; `reason` is for programs. */
export type HubProblem = HubMistake | HubFailure;
