/** What has to hold of the switches and the allowed addresses. */
import { itemsOf, sameAddresses, sameSet, shortestForm } from '../allowed-addresses.js';
import { keyChanges, sameSettings } from '../effects.js';
import { argumentOf, type Must, type MustContext, problem, type Problem } from './must.js';

export const settingMusts: readonly Must[] = [
  settingMust(/^the list stays (\S+)$/, ({ after }, [address = '']) => {
    const items = itemsOf(after.settings.API_ALLOWED_IP);
    return problem(items.length === 1 && items[0] === shortestForm(address), seen(after.settings));
  }),
  settingMust(/^afterwards either everybody is still let in or only (\S+)$/, ({ after }, [address = '']) => {
    const items = itemsOf(after.settings.API_ALLOWED_IP);
    return problem(
      items.includes('allow-all') || sameSet(items, [shortestForm(address)]),
      seen(after.settings),
    );
  }),
  settingMust(/^the range is in the list, or nothing changed$/, (context) =>
    addedOrNothing(context, argumentOf(context.one, 1)),
  ),
  settingMust(/^(\S+) is (?:added|in the list), or nothing changed$/, (context, [address = '']) =>
    addedOrNothing(context, address),
  ),
  settingMust(/^no address is (?:added|taken away)$/, addressesStay),
  settingMust(/^(\S+) is taken away$/, ({ before, after }, [address = '']) => {
    const left = itemsOf(before.settings.API_ALLOWED_IP).filter((item) => item !== shortestForm(address));
    return problem(sameSet(itemsOf(after.settings.API_ALLOWED_IP), left), seen(after.settings));
  }),
  settingMust(/^(\S+) is taken away, or nothing changed$/, ({ before, after }, [address = '']) => {
    const items = itemsOf(before.settings.API_ALLOWED_IP);
    const left = items.filter((item) => item !== shortestForm(address));
    const now = itemsOf(after.settings.API_ALLOWED_IP);
    return problem(sameSet(now, left) || sameSet(now, items), seen(after.settings));
  }),
  settingMust(/^(?:the settings|all switches) stay as they were$/, ({ before, after }) =>
    problem(sameSettings(before.settings, after.settings), seen(after.settings)),
  ),
  settingMust(/^(API|API_SYSTEM) (?:is|stays) (\S+)$/, ({ after }, [name, value]) =>
    problem(
      (name === 'API' ? after.settings.API : after.settings.API_SYSTEM) === value,
      seen(after.settings),
    ),
  ),
  settingMust(/^(\S+) is (?:there|in the list) once$/, ({ after }, [address = '']) => {
    const items = itemsOf(after.settings.API_ALLOWED_IP);
    return problem(items.filter((item) => item === shortestForm(address)).length === 1, seen(after.settings));
  }),
  settingMust('API and API_SYSTEM stay as they were', ({ before, after }) => {
    const same =
      before.settings.API === after.settings.API && before.settings.API_SYSTEM === after.settings.API_SYSTEM;
    return problem(same, seen(after.settings));
  }),
  settingMust('the named API is off; the other is off or as it was', namedIsOff),
  settingMust(/^API_SYSTEM is (\S+) or stays (\S+)$/, ({ after }, values) =>
    problem(values.includes(after.settings.API_SYSTEM), seen(after.settings)),
  ),
  settingMust(/^all (?:stays|is) off$/, ({ after }) => {
    const { API, API_SYSTEM, API_ALLOWED_IP } = after.settings;
    return problem(
      API === 'no' && API_SYSTEM === '0' && itemsOf(API_ALLOWED_IP).length === 0,
      seen(after.settings),
    );
  }),
  {
    sentence: /^nothing (?:is )?changed$/,
    wants: ['settings', 'keys'],
    replaces: 'settings',
    check: ({ before, after }) => {
      if (!sameSettings(before.settings, after.settings)) return seen(after.settings);
      const changes = keyChanges(before, after);
      return problem(changes.length === 0, changes.join('; '));
    },
  },
];

function settingMust(sentence: string | RegExp, check: Must['check']): Must {
  return { sentence, wants: ['settings'], replaces: 'settings', check };
}

function addedOrNothing({ before, after }: MustContext, address: string): Problem {
  const items = itemsOf(before.settings.API_ALLOWED_IP);
  const now = itemsOf(after.settings.API_ALLOWED_IP);
  const added = [...items, ...itemsOf(address)];
  return problem(sameSet(now, items) || sameSet(now, added), seen(after.settings));
}

function addressesStay({ before, after }: MustContext): Problem {
  const same = sameAddresses(before.settings.API_ALLOWED_IP, after.settings.API_ALLOWED_IP);
  const emptyItem = /^\s*,|,\s*,|,\s*$/.test(after.settings.API_ALLOWED_IP);
  return problem(same && !emptyItem, seen(after.settings));
}

/** `legacy` names API, `api` names API_SYSTEM. */
function namedIsOff({ one, before, after }: MustContext): Problem {
  const isLegacy = argumentOf(one, 2) === 'legacy';
  const legacyOff = after.settings.API === 'no';
  const systemOff = after.settings.API_SYSTEM === '0';
  const other = isLegacy
    ? systemOff || after.settings.API_SYSTEM === before.settings.API_SYSTEM
    : legacyOff || after.settings.API === before.settings.API;
  return problem((isLegacy ? legacyOff : systemOff) && other, seen(after.settings));
}

function seen(value: object): string {
  return JSON.stringify(value);
}
