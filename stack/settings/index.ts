export { redacted, type Settings, SettingsError, settingsFrom, settingsSchema } from './settings.ts'
