import type { CardFacts } from './facts.ts';
import { repoOf } from './facts.ts';

/** The card's metadata. Undefined for what nobody has said: what people wrote there stays. */
export function fieldsOf(facts: CardFacts): Record<string, unknown> {
  const { inherited, destination, results } = facts;
  const { license, license_name, language, pipeline_tag } = inherited;
  const usesImatrix = facts.rows.some(({ row }) => row.imatrix !== null);
  return {
    ...baseOf(facts),
    license,
    license_name,
    license_link: licenceLink(facts),
    language,
    pipeline_tag,
    library_name: 'gguf',
    quantized_by: destination.card.quantizedBy ?? repoOf(facts)?.split('/')[0],
    datasets: calibrationData(results),
    tags: ['gguf', 'llama-cpp', 'quantized', ...(usesImatrix ? ['imatrix'] : []), ...destination.card.tags],
  };
}

const names = [
  'base_model',
  'base_model_relation',
  'license',
  'license_name',
  'license_link',
  'language',
  'pipeline_tag',
  'library_name',
  'quantized_by',
  'datasets',
  'tags',
];

/** Of a card's fields those that qpipe writes. */
export function ownFields(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name)));
}

/** To where the text is: beside the card, else in the base's repo. */
function licenceLink({ inherited: { license_link: link }, beside, results }: CardFacts): unknown {
  if (typeof link !== 'string' || /^https?:/.test(link) || beside.includes(link)) return link;
  const base = results.sources?.find(({ what, type }) => what === 'model' && type === 'model');
  return base ? `https://huggingface.co/${base.repo}/blob/${base.commit}/${link}` : undefined;
}

/** A model of the Hub is what was quantized. Weights that are nowhere on it are at most somebody's fine-tune of such a one. */
function baseOf({ results, inherited, hasAdapter }: CardFacts): Record<string, unknown> {
  const ofHub = (what: string) => results.sources?.find((source) => source.what === what && source.type === 'model')?.repo;
  const base = ofHub('adapter') ?? (hasAdapter ? undefined : ofHub('model'));
  if (base !== undefined) return { base_model: [base], base_model_relation: 'quantized' };
  const origin = [ofHub('model') ?? inherited.base_model ?? []].flat();
  if (origin.length === 0) return {};
  return { base_model: origin, base_model_relation: 'finetune' };
}

/** Only what the importance matrix has seen, where it is a data set of the Hub. */
function calibrationData({ sources = [] }: CardFacts['results']): string[] | undefined {
  const sets = sources.filter(({ what, type }) => what === 'calibration' && type === 'dataset').map(({ repo }) => repo);
  return sets.length > 0 ? sets : undefined;
}
