import type { HubSource, Pipeline } from '../pipeline/pipeline.ts';

/** Every model and text that a pipeline names: repos and files of the Hub, and paths here. */
export function namedIn({ model, imatrix, evaluate, choices, compare, samples }: Pipeline): { hub: HubSource[]; paths: string[] } {
  const found = { hub: [] as HubSource[], paths: [] as string[] };
  collect([model, imatrix, evaluate, choices, compare, samples?.prompts], found);
  return { hub: found.hub, paths: [...new Set(found.paths)] };
}

/** Whatever word it stands under: sources have one form in the whole pipeline. */
function collect(value: unknown, found: { hub: HubSource[]; paths: string[] }): void {
  if (Array.isArray(value)) for (const member of value) collect(member, found);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  for (const [key, member] of Object.entries(value)) {
    if (key === 'hub') found.hub.push(member as HubSource);
    else if (key === 'path' && typeof member === 'string') found.paths.push(member);
    else collect(member, found);
  }
}
