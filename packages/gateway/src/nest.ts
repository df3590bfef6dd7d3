import {
  Inject,
  Module,
  type DynamicModule,
  type OnApplicationShutdown,
  type Provider,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { createGate, type Gate } from './gate.js';
import { GATE, GATEWAY_OPTIONS, HearthkeyGuard, type HearthkeyGatewayOptions } from './nest-guard.js';

export { accessOf } from './http-guard.js';
export type { ArgsOf, GuardOptions } from './http-guard.js';
export type { Credentials } from './bearer.js';
export { GATE, HearthkeyGuard, PublicRoute, RequireCommand } from './nest-guard.js';
export type { HearthkeyGatewayOptions, NestRequest } from './nest-guard.js';

/** Whether the guard stands before every route of the application. Default true. */
export interface GuardPlacement {
  /** `false`: only where `@UseGuards(HearthkeyGuard)` puts it. */
  guardEveryRoute?: boolean;
}

export interface HearthkeyGatewayAsyncOptions extends GuardPlacement {
  imports?: NonNullable<DynamicModule['imports']>;
  inject?: Extract<Provider, { inject?: unknown }>['inject'];
  useFactory: (...parts: never[]) => HearthkeyGatewayOptions | Promise<HearthkeyGatewayOptions>;
}

/**
 * One gate for the application, and a guard before every route: a route without `@RequireCommand` or `@PublicRoute` is
 * answered with 403.
 */
@Module({})
export class HearthkeyGatewayModule implements OnApplicationShutdown {
  constructor(@Inject(GATE) private readonly gate: Gate) {}

  static forRoot({ guardEveryRoute, ...options }: HearthkeyGatewayOptions & GuardPlacement): DynamicModule {
    return moduleWith({ provide: GATEWAY_OPTIONS, useValue: options }, guardEveryRoute);
  }

  static forRootAsync({ imports, guardEveryRoute, ...factory }: HearthkeyGatewayAsyncOptions): DynamicModule {
    return moduleWith({ provide: GATEWAY_OPTIONS, ...factory } as Provider, guardEveryRoute, imports);
  }

  /** After the last request: until then each still needs its decision. */
  onApplicationShutdown(): Promise<void> {
    return this.gate.close();
  }
}

function moduleWith(
  options: Provider,
  guardEveryRoute = true,
  imports: DynamicModule['imports'] = [],
): DynamicModule {
  const gate: Provider = { provide: GATE, inject: [GATEWAY_OPTIONS], useFactory: createGate };
  const everywhere: Provider[] = guardEveryRoute ? [{ provide: APP_GUARD, useExisting: HearthkeyGuard }] : [];
  return {
    module: HearthkeyGatewayModule,
    global: true,
    imports,
    providers: [options, gate, HearthkeyGuard, ...everywhere],
    // The guard's parts as well: Nest makes one of its own for each module that uses it.
    exports: [GATEWAY_OPTIONS, GATE, HearthkeyGuard],
  };
}
