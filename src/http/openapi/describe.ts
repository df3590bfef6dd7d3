import type * as Swagger from '@nestjs/swagger';

/*
 * The decorators of @nestjs/swagger, put off: the package is loaded, and its decorators are applied, when somebody asks
 * for the document (build-document.ts). Loading it takes a third of what all the rest of the service takes to load, and
 * most nodes are never asked.
 */

type Decorators = Pick<
  typeof Swagger,
  | 'ApiAcceptedResponse'
  | 'ApiBearerAuth'
  | 'ApiBody'
  | 'ApiConsumes'
  | 'ApiCookieAuth'
  | 'ApiCreatedResponse'
  | 'ApiExtension'
  | 'ApiExtraModels'
  | 'ApiHeader'
  | 'ApiNoContentResponse'
  | 'ApiOkResponse'
  | 'ApiOperation'
  | 'ApiParam'
  | 'ApiProduces'
  | 'ApiProperty'
  | 'ApiPropertyOptional'
  | 'ApiQuery'
  | 'ApiResponse'
  | 'ApiSecurity'
  | 'ApiTags'
>;

type Applied = (...place: unknown[]) => unknown;

const putOff: ((swagger: typeof Swagger) => void)[] = [];
/** Whose properties are described, by the names under which the document has them. */
const described = new Map<string, unknown>();

function later<Name extends keyof Decorators>(name: Name): Decorators[Name] {
  const decorator =
    (...options: unknown[]): Applied =>
    (...place) => {
      if (place.length > 1 && typeof place[0] === 'object') requireOwnName(place[0]);
      putOff.push((swagger) => {
        const create = swagger[name] as (...options: unknown[]) => Applied;
        create(...options)(...place);
      });
    };
  return decorator as unknown as Decorators[Name];
}

/** @throws Error for a second class of one name: the document would have one of them for both */
function requireOwnName(prototype: object | null): void {
  const { name } = (prototype as { constructor: { name: string } }).constructor;
  if ((described.get(name) ?? prototype) !== prototype)
    throw new Error(`two classes of the OpenAPI document have the name ${name}`);
  described.set(name, prototype);
}

/** Loads the package and has its decorators describe everything that was decorated since the last time. */
export async function applyDescriptions(): Promise<typeof Swagger> {
  const swagger = await import('@nestjs/swagger');
  for (const apply of putOff.splice(0)) apply(swagger);
  return swagger;
}

/** Where the document has the schema of a class. */
export function getSchemaPath({ name }: { name: string }): string {
  return `#/components/schemas/${name}`;
}

export const ApiAcceptedResponse = later('ApiAcceptedResponse');
export const ApiBearerAuth = later('ApiBearerAuth');
export const ApiBody = later('ApiBody');
export const ApiConsumes = later('ApiConsumes');
export const ApiCookieAuth = later('ApiCookieAuth');
export const ApiCreatedResponse = later('ApiCreatedResponse');
export const ApiExtension = later('ApiExtension');
export const ApiExtraModels = later('ApiExtraModels');
export const ApiHeader = later('ApiHeader');
export const ApiNoContentResponse = later('ApiNoContentResponse');
export const ApiOkResponse = later('ApiOkResponse');
export const ApiOperation = later('ApiOperation');
export const ApiParam = later('ApiParam');
export const ApiProduces = later('ApiProduces');
export const ApiProperty = later('ApiProperty');
export const ApiPropertyOptional = later('ApiPropertyOptional');
export const ApiQuery = later('ApiQuery');
export const ApiResponse = later('ApiResponse');
export const ApiSecurity = later('ApiSecurity');
export const ApiTags = later('ApiTags');
