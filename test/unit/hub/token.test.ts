import { describe, expect, test } from 'vitest';
import { findToken, tokenInWords, tokenPlaces } from '../../../src/hub/token.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

/** Every place has a token of its own; a test takes away the first ones. */
function everywhere(space: Workspace) {
  const tokenFile = space.write('flag', 'hf_flag');
  const environment = { HF_TOKEN: 'hf_variable', HUGGING_FACE_HUB_TOKEN: 'hf_old', HF_TOKEN_PATH: space.write('path', 'hf_path') };
  space.write('home/token', 'hf_login');
  return { tokenFile, environment };
}

describe('a token', () => {
  const order: [taken: string[], value: string][] = [
    [[], 'hf_flag'],
    [['--token-file'], 'hf_variable'],
    [['--token-file', 'HF_TOKEN'], 'hf_old'],
    [['--token-file', 'HF_TOKEN', 'HUGGING_FACE_HUB_TOKEN'], 'hf_path'],
    [['--token-file', 'HF_TOKEN', 'HUGGING_FACE_HUB_TOKEN', 'HF_TOKEN_PATH'], 'hf_login'],
  ];
  test.each(order)('without %j is %s', (taken, value) => {
    using space = workspace();
    const { tokenFile, environment } = everywhere(space);
    const left = Object.fromEntries(Object.entries(environment).map(([name, is]) => [name, taken.includes(name) ? '' : is]));
    const places = tokenPlaces(taken.includes('--token-file') ? undefined : tokenFile, left, space.path('home'));
    expect(findToken(places)?.value).toBe(value);
  });

  test('is read without the blanks and line ends around it', () => {
    using space = workspace();
    expect(findToken(tokenPlaces(space.write('t', ' hf_x\r\n\n'), {}, space.path('home')))).toEqual({
      value: 'hf_x',
      from: `--token-file ${space.path('t')}`,
    });
  });

  test('may be missing', () => {
    using space = workspace();
    expect(findToken(tokenPlaces(undefined, { HF_TOKEN: '  ', HF_TOKEN_PATH: space.path('none') }, space.path('home')))).toBeNull();
  });

  test.each(['secret', 'api_org_x', 'hf_with blank', 'hf_line\nline', 'Bearer hf_x'])('like %j is refused, and not repeated', (value) => {
    const find = () => findToken(tokenPlaces(undefined, { HF_TOKEN: value }, '/nowhere'));
    expect(find).toThrow(/^what HF_TOKEN holds is no token of the Hub: those begin with `hf_`/);
    expect(find).not.toThrow(value);
    expect(find).toThrow(expect.objectContaining({ reason: 'bad-token', name: 'UserError' }));
  });

  test('file that was named has to be there', () => {
    expect(() => findToken(tokenPlaces('/nowhere/t', {}, '/nowhere'))).toThrow(
      '--token-file /nowhere/t: the file with the token cannot be read (ENOENT)',
    );
  });

  test('that is missing says where it could be', () => {
    expect(tokenInWords(null, tokenPlaces('/a', { HF_TOKEN_PATH: '/b' }, '/home'))).toBe(
      'No token was sent: there is none in --token-file /a, HF_TOKEN, HUGGING_FACE_HUB_TOKEN, HF_TOKEN_PATH, /home/token.',
    );
  });
});
