import { expect, it } from '@jest/globals';
import { readBearer } from './rest-credentials.js';

const none = { accessKeyId: '', secretAccessKey: '' };

it.each(['Bearer id:secret', 'bearer  id:secret', 'id:secret', ' Bearer\tid:secret '])(
  'the pair is read from "%s"',
  (header) => {
    expect(readBearer([header])).toEqual({ accessKeyId: 'id', secretAccessKey: 'secret' });
  },
);

it.each(['Bearer id: secret', 'Bearer id :secret', 'Bearer id : secret', 'id:\tsecret', 'Bearer id:se cret'])(
  'a blank in it is not passed over: "%s" is none',
  (header) => {
    expect(readBearer([header])).toEqual(none);
  },
);
