import type { World, WorldKey } from './world.js';

/** The worlds in which one trial of the key, or of one that made it, is real. */
export function enforcedWorlds(world: World): { id: string; enforced: World }[] {
  const { key, makers } = world;
  if (key === undefined) return [];
  const ofKey = key.trial === undefined ? [] : [{ id: key.id, enforced: { ...world, key: withTrial(key) } }];
  const ofMakers = makers.flatMap((maker, index) =>
    maker.trial === undefined
      ? []
      : [{ id: maker.id, enforced: { ...world, makers: makers.with(index, withTrial(maker)) } }],
  );
  return [...ofKey, ...ofMakers];
}

/** As the documents say it of `--enforce`: what is tried takes the place of the key's own. */
function withTrial({ trial = {}, ...key }: WorldKey): WorldKey {
  const { permissions = key.permissions, allowIp, only } = trial;
  const changed: WorldKey = { ...key, permissions };
  if (allowIp !== undefined) delete changed.allowIp;
  if (only !== undefined) delete changed.only;
  return { ...changed, ...(allowIp && { allowIp }), ...(only && { only }) };
}
