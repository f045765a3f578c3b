import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HubMistake } from './problems.ts';

export interface Token {
  value: string;
  /** Where it was found: `HF_TOKEN`. */
  from: string;
}

/** Where a token may be: in a variable, or in a file. */
export type TokenPlace = { name: string; value: string } | { name: string; file: string; mustExist: boolean };

/** In the order in which they are asked; a variable that is not set is no place, but is named among those looked at. */
export function tokenPlaces(tokenFile: string | undefined, environment: NodeJS.ProcessEnv, home: string): TokenPlace[] {
  return [
    ...(tokenFile ? [{ name: `--token-file ${tokenFile}`, file: tokenFile, mustExist: true }] : []),
    { name: 'HF_TOKEN', value: environment['HF_TOKEN'] ?? '' },
    { name: 'HUGGING_FACE_HUB_TOKEN', value: environment['HUGGING_FACE_HUB_TOKEN'] ?? '' },
    ...(environment['HF_TOKEN_PATH'] ? [{ name: 'HF_TOKEN_PATH', file: environment['HF_TOKEN_PATH'], mustExist: false }] : []),
    { name: join(home, 'token'), file: join(home, 'token'), mustExist: false },
  ];
}

/** The first token there is; null when there is none. Throws bad-token for one that cannot be right, never with the token itself. */
export function findToken(places: TokenPlace[]): Token | null {
  for (const place of places) {
    const value = ('value' in place ? place.value : readToken(place)).trim();
    if (value === '') continue;
    if (!/^hf_[\x21-\x7e]+$/.test(value)) throw notAToken(place);
    return { value, from: place.name };
  }
  return null;
}

/** For the end of a message: whether there was a token, and where to put one. */
export function tokenInWords(token: Token | null, places: TokenPlace[]): string {
  if (token) return `The token from ${token.from} was sent.`;
  return `No token was sent: there is none in ${places.map(({ name }) => name).join(', ')}.`;
}

function readToken({ name, file, mustExist }: Extract<TokenPlace, { file: string }>): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!mustExist && (code === 'ENOENT' || code === 'ENOTDIR')) return '';
    throw new HubMistake('bad-token', `${name}: the file with the token cannot be read (${code})`);
  }
}

function notAToken({ name }: TokenPlace): HubMistake {
  return new HubMistake(
    'bad-token',
    `what ${name} holds is no token of the Hub: those begin with \`hf_\` and have no blanks. Make one at https://huggingface.co/settings/tokens, ` +
      'or let `hf auth login` store it',
  );
}
