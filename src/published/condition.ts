/** A condition of a published figure beside that of a run. */
export interface Condition {
  what: 'model' | 'build' | 'backend' | 'hardware' | 'text' | 'context' | 'chunks' | 'batch' | 'imatrix';
  published: string | null;
  ours: string | null;
  verdict: 'same' | 'different' | 'not stated';
}
