/** The switches. `API_ALLOWED_IP` and `ROOT_USER` are shown beside them but live elsewhere. */
export interface Settings {
  /** `API`: the legacy API (API keys, passwords). */
  isLegacyApiOn: boolean;
  /** `API_SYSTEM`: the access-key API is off, on for the root user, or on for everybody. */
  apiSystem: 'off' | 'root_user' | 'all_users';
  /** `DEMO_MODE`: every change is refused, decisions go on. */
  isReadOnly: boolean;
}

/** The settings by the names that Hestia gives them, with the values of a new installation. */
export const settingDefaults = { API: 'no', API_SYSTEM: '1', DEMO_MODE: 'no' } as const;

export type SettingName = keyof typeof settingDefaults;

const allowedValues: Record<SettingName, readonly string[]> = {
  API: ['yes', 'no'],
  API_SYSTEM: ['0', '1', '2'],
  DEMO_MODE: ['yes', 'no'],
};

export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(settingDefaults, name);
}

export function allowedSettingValues(name: SettingName): readonly string[] {
  return allowedValues[name];
}

/** What the stored texts mean; a value that isn't known switches off. */
export function interpretSettings(values: Readonly<Record<SettingName, string>>): Settings {
  return {
    isLegacyApiOn: values.API === 'yes',
    apiSystem: values.API_SYSTEM === '1' ? 'root_user' : values.API_SYSTEM === '2' ? 'all_users' : 'off',
    isReadOnly: values.DEMO_MODE === 'yes',
  };
}
