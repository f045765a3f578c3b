import type { Gguf } from '../../gguf/header.ts';
import { cardFields } from './front-matter.ts';

/** What a model's own card, or its GGUF, says that its quants have to say as well. Undefined where nothing is said. */
export interface Inherited {
  license: unknown;
  license_name: unknown;
  license_link: unknown;
  language: unknown;
  pipeline_tag: unknown;
  /** What the base was made from, as its own card has it. */
  base_model: unknown;
  /** The base lets nobody have its files who has not accepted terms. */
  isGated: boolean;
}

/** From the model's card; what that leaves open, from the metadata that the converter took over. */
export function inherited(baseCard: string | null, { metadata }: Pick<Gguf, 'metadata'>): Inherited {
  const card = baseCard === null ? {} : cardFields(baseCard);
  const text = (key: string) => {
    const value = metadata.get(key);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  return {
    // A licence and its name go together: half from here and half from there would be a third one.
    ...(card['license'] === undefined
      ? { license: text('general.license'), license_name: text('general.license.name'), license_link: text('general.license.link') }
      : { license: card['license'], license_name: card['license_name'], license_link: card['license_link'] }),
    language: card['language'] ?? listOf(metadata.get('general.languages')),
    pipeline_tag: card['pipeline_tag'],
    base_model: card['base_model'],
    isGated: Object.keys(card).some((key) => key.startsWith('extra_gated')),
  };
}

function listOf(value: unknown): string[] | undefined {
  const values = (value as { values?: unknown } | undefined)?.values;
  return Array.isArray(values) && values.length > 0 ? values.map(String) : undefined;
}
