import { UserError } from '../errors.ts';
import type { ModelShape } from '../memory/shape.ts';
import { type PublishedBand, publishedBands } from '../published/bands.ts';
import { median } from '../stats/moments.ts';
import type { Candidate, Choice, Divergence } from './candidate.ts';
import { bytesPerToken } from './generation-fit.ts';
import { memoryShape, typicalShapes } from './typical-shapes.ts';
import { typicalSizes } from './typical-sizes.ts';

/** Beyond this a shape says nothing of a model. */
const mostTimes = 2;

/** Below it models lose more than the published ones did. */
const smallModel = 3e9;

/**
 * What may be chosen for a model of which nothing but its size is known: the quants of a model of about that size, as others measured such quants.
 * Throws UserError for a size that no known model is near to.
 * @param parameters weights of the model
 */
export function typicalChoice(parameters: number): Choice {
  const shapes = Object.entries(typicalShapes).map(([name, known]) => ({ name, shape: memoryShape(known) }));
  const distance = (one: (typeof shapes)[number]) => Math.abs(Math.log(one.shape.parameters / parameters));
  const [nearest] = shapes.toSorted((a, b) => distance(a) - distance(b));
  if (!nearest || !(distance(nearest) <= Math.log(mostTimes))) throw new UserError(outOfReach(shapes.map(({ shape }) => shape.parameters)));
  const { name, shape } = nearest;
  const factor = parameters / shape.parameters;
  const bands = publishedBands().filter(({ kld, oldMix }) => kld !== null && !oldMix);
  const candidates = Object.entries(typicalSizes()[name] ?? {}).flatMap(([type, bytes]) => {
    const quality = qualityOf(type, bands);
    return quality ? [candidate(type, bytes * factor, quality, shape)] : [];
  });
  return {
    candidates,
    shape,
    machine: null,
    limitedBy: 'unclear',
    origin: {
      size: `computed from the shape of ${name} (${billions(shape.parameters)}) by dry runs of llama-quantize${Math.abs(factor - 1) < 0.01 ? '' : `, scaled to ${billions(parameters)}`}`,
      quality: `published, of other models (${modelsOf(bands)}); typical, and no verdict on this one${parameters < smallModel ? ': small models lose more' : ''}`,
    },
    unjudged: [],
  };
}

function candidate(type: string, bytes: number, quality: Divergence, shape: ModelShape): Candidate {
  return {
    name: type,
    type,
    fileBytes: bytes,
    tensorBytes: bytes,
    readBytes: bytesPerToken(bytes, shape),
    quality,
    speed: null,
    split: null,
    load: null,
  };
}

/** The middle of what was published; the poorest of it as its upper end. */
function qualityOf(type: string, bands: PublishedBand[]): Divergence | null {
  if (type === 'F16') return { kld: 0, high: 0, half: null, sameTopP: 100, measured: null };
  const known = bands.filter((band) => band.type === type);
  if (known.length === 0) return null;
  const klds = known.map(({ kld }) => kld ?? Number.NaN);
  const tops = known.flatMap(({ sameTopP }) => sameTopP ?? []);
  const sameTopP = tops.length > 0 ? median(tops) : null;
  return { kld: median(klds), high: Math.max(...klds), half: null, sameTopP, figures: klds.length, measured: null };
}

function modelsOf(bands: PublishedBand[]): string {
  return [...new Set(bands.map(({ model }) => model.replace(/ \(.*\)$/, '')))].join(', ');
}

function outOfReach(known: number[]): string {
  return `sizes are known for models of ${billions(Math.min(...known) / mostTimes)} to ${billions(Math.max(...known) * mostTimes)} parameters`;
}

function billions(parameters: number): string {
  return `${Number((parameters / 1e9).toPrecision(3))}B`;
}
