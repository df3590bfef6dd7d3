/** The environment of each test file: that of Jest, in a worker that ends at once when it has nothing left to do. */
import { TestEnvironment } from 'jest-environment-node';

/**
 * A file that begins with `@jest-environment-options {"zone": "Europe/Berlin"}` runs in that zone. A test can't set it:
 * what it has as `process.env` is a copy.
 */
export default class ZonedEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    this.zone = config.projectConfig.testEnvironmentOptions.zone;
    this.zoneBefore = process.env.TZ;
    if (this.zone !== undefined) process.env.TZ = this.zone;
  }

  async teardown() {
    if (this.zone !== undefined) {
      if (this.zoneBefore === undefined) delete process.env.TZ;
      else process.env.TZ = this.zoneBefore;
    }
    await super.teardown();
  }
}

// Without this a worker gives back what a hundred test files have used, piece by piece. That takes longer than the half
// second after which Jest kills it and says that tests leak. A handle that is left open still keeps it from ending.
if (process.send !== undefined) process.once('beforeExit', () => process.exit());
