/** A text that people name instead of a file: somebody else's, with a free licence, known to the byte. */
export interface NamedText {
  name: string;
  use: 'evaluation' | 'calibration';
  /** SPDX's name of it. */
  licence: string;
  /** The file of the Hub that holds it, at a commit. */
  source: { repo: string; repoType: 'dataset' | 'model'; commit: string; file: string; member?: string; column?: string };
  /** Of that file, in bytes. */
  archive: { size: number; sha256: string };
  /** Of the text itself. */
  text: { size: number; sha256: string };
}

/** Where each number is published, docs/texts.md says. */
const wikitext: Pick<NamedText, 'licence' | 'source' | 'archive'> = {
  licence: 'CC-BY-SA-3.0',
  source: {
    repo: 'ggml-org/ci',
    repoType: 'dataset',
    commit: '927b3642933080f1b0e811e2f916e14c292992f9',
    file: 'wikitext-2-raw-v1.zip',
  },
  archive: { size: 4721645, sha256: 'ef7edb566e3e2b2d31b29c1fdb0c89a4cc683597484c3dc2517919c615435a11' },
};

const texts: NamedText[] = [
  {
    ...wikitext,
    name: 'wikitext-2',
    use: 'evaluation',
    source: { ...wikitext.source, member: 'wikitext-2-raw/wiki.test.raw' },
    text: { size: 1290590, sha256: '173c87a53759e0201f33e0ccf978e510c2042d7f2cb78229d9a50d79b9e7dd08' },
  },
  {
    ...wikitext,
    name: 'wikitext-2-valid',
    use: 'evaluation',
    source: { ...wikitext.source, member: 'wikitext-2-raw/wiki.valid.raw' },
    text: { size: 1146846, sha256: '4cd0f6876d07a413aa911261ff6d363c72d757d47f0fdd6015702014c89cb9c7' },
  },
  {
    ...wikitext,
    name: 'wikitext-2-train',
    use: 'calibration',
    source: { ...wikitext.source, member: 'wikitext-2-raw/wiki.train.raw' },
    text: { size: 10940747, sha256: '6707892fa3788b5ab9ed78ab5ff37d9fe825f6011a2ad4fcd6a6d467f0e7da57' },
  },
];

/** Null when there is no text by that name. */
export function namedText(name: string): NamedText | null {
  return texts.find((text) => text.name === name) ?? null;
}

export function namesOfTexts(): string[] {
  return texts.map(({ name }) => name);
}
