/** The library: the same steps as the commands, as values and functions that neither print nor exit. */
export { Failure, InternalError, Stopped, UserError } from './errors.ts';
export { gatherFacts } from './facts/gather.ts';
export { builtinTexts, version } from './package-root.ts';
export { type Diagnostic, formatDiagnostics } from './pipeline/diagnostic.ts';
export { loadPipeline, loadPipelineText } from './pipeline/load.ts';
export type { Pipeline } from './pipeline/pipeline.ts';
export { type Planned, plan } from './plan/plan.ts';
export type { Facts, Plan, Row, Task } from './plan/task.ts';
export { type Format, report } from './report/index.ts';
export { assemble } from './results/assemble.ts';
export { type Results, resultsSchema } from './results/schema.ts';
export type { RunEvent } from './run/events.ts';
export type { FailureMode, Outcome } from './run/outcome.ts';
export { type RunOptions, type RunResult, run } from './run/run.ts';
export { findTools } from './setup/find-tools.ts';
export { rememberedDigests } from './store/digest.ts';
export { Store } from './store/store.ts';
export type { LlamaCpp, QuantType } from './tools/llama-cpp.ts';
