/** How another machine gets the qpipe that runs now. */
export interface Install {
  /** Lines for a shell, in the root of the repository's checkout. */
  commands: string[];
  /** What starts qpipe then, as words for a shell. */
  qpipe: string;
  /** What it stands on, in a sentence. */
  says: string;
}
