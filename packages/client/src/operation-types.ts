/** What an operation takes and answers, read from the types of the OpenAPI document. */
import type { components, paths } from './schema.js';

export type Schemas = components['schemas'];

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

export type PathOf<M extends Method> = {
  [P in keyof paths]: paths[P][M] extends object ? P : never;
}[keyof paths];

type PathParameters<O> = O extends { parameters: { path: infer T extends object } }
  ? { parameters: T }
  : { parameters?: undefined };

type Query<O> = O extends { parameters: { query: infer T extends object } }
  ? { query: T }
  : O extends { parameters: { query?: infer T extends object } }
    ? { query?: T | undefined }
    : { query?: undefined };

type Body<O> = O extends { requestBody: { content: infer T } }
  ? { body: T[keyof T] }
  : O extends { requestBody?: { content: infer T } }
    ? { body?: T[keyof T] | undefined }
    : { body?: undefined };

/** Of an operation without headers the type is never, which is part of every other. */
type HasHeader<O, Name> = O extends { parameters: { header?: infer H } }
  ? [NonNullable<H>] extends [never]
    ? false
    : Name extends keyof NonNullable<H>
      ? true
      : false
  : false;

type IfMatch<O> =
  HasHeader<O, 'If-Match'> extends true ? { ifMatch?: string | undefined } : { ifMatch?: undefined };

type IdempotencyKey<O> =
  HasHeader<O, 'Idempotency-Key'> extends true ? { idempotencyKey: string } : { idempotencyKey?: undefined };

type InputOf<O> = PathParameters<O> & Query<O> & Body<O> & IfMatch<O> & IdempotencyKey<O>;

export type Input<P extends keyof paths, M extends Method> = InputOf<paths[P][M]>;

/** With the `ETag` of the answer, for `ifMatch`. */
export type Tagged<T> = T & { etag: string };

type Success<O> = O extends { responses: { 200: infer T } }
  ? T
  : O extends { responses: { 201: infer T } }
    ? T
    : never;

type Json<R> = R extends { content: { 'application/json': infer T } } ? T : undefined;

type AnswerOf<O> =
  Success<O> extends { headers: { ETag: string } } ? Tagged<Json<Success<O>>> : Json<Success<O>>;

export type Answer<P extends keyof paths, M extends Method> = AnswerOf<paths[P][M]>;

export type QueryOf<P extends PathOf<'get'>> = NonNullable<
  paths[P]['get'] extends { parameters: { query?: infer T } } ? T : never
>;
