import { describe, expect, test } from 'vitest';
import { nearest } from '../../../src/pipeline/nearest.ts';
import { jsonSchema } from '../../../src/pipeline/schema.ts';

describe('jsonSchema', () => {
  const schema = jsonSchema() as { $schema: string; anyOf: object[]; additionalProperties: boolean; properties: Record<string, object> };

  test('is draft 2020-12, strict, and needs model and quants only, or a file to extend', () => {
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(schema.additionalProperties).toBe(false);
    expect(schema.anyOf).toEqual([{ required: ['model', 'quants'] }, { required: ['extends'] }]);
  });

  test('describes every key for whoever completes it', () => {
    const silent: string[] = [];
    const visit = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      const { properties = {} } = node as { properties?: Record<string, { description?: string }> };
      for (const [key, child] of Object.entries(properties)) if (!child.description) silent.push(`${path}/${key}`);
      for (const [key, child] of Object.entries(node)) visit(child, `${path}/${key}`);
    };
    visit(schema, '');
    expect(silent).toEqual([]);
  });
});

describe('nearest', () => {
  const keys = ['quants', 'imatrix', 'evaluate', 'keep'];

  test.each([
    ['quant', 'quants'],
    ['Imatirx', 'imatrix'],
    ['eval', 'evaluate'],
    ['keeps', 'keep'],
    ['colour', null],
    ['x', null],
  ])('%s', (word, meant) => {
    expect(nearest(word, keys)).toBe(meant);
  });
});
