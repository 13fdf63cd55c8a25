import { useId } from 'react';
import { locales, t } from '../../i18n/t';
import { setPreference, type Theme, usePreference } from '../../store/preferences';
import { inputClass } from '../../ui/field';
import { Section } from './section';

const themes: readonly Theme[] = ['system', 'light', 'dark'];

function ThemeChoice() {
  const theme = usePreference((preferences) => preferences.theme);
  return (
    <fieldset>
      <legend className="mb-1.5 font-semibold text-sm">{t('profile.theme')}</legend>
      <div className="flex max-w-sm gap-1 rounded-2xl bg-raised p-1">
        {themes.map((one) => (
          <label
            key={one}
            className="flex min-h-9 min-w-0 flex-1 items-center justify-center rounded-xl px-2 text-center font-medium text-sm pointer-coarse:min-h-11 has-checked:bg-surface has-checked:text-accent has-checked:shadow-sm has-focus-visible:outline-2 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              name="theme"
              value={one}
              checked={theme === one}
              onChange={() => setPreference({ theme: one })}
              className="sr-only"
            />
            {t(`theme.${one}`)}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function LanguageChoice() {
  const id = useId();
  const locale = usePreference((preferences) => preferences.locale);
  const offered = locales.filter(({ tag }) => tag !== 'en-XA' || tag === locale || import.meta.env.DEV);
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block font-semibold text-sm">
        {t('profile.language')}
      </label>
      <select
        id={id}
        value={locale}
        onChange={(event) => setPreference({ locale: event.target.value })}
        className={inputClass}
      >
        <option value="">{t('language.auto')}</option>
        {offered.map(({ tag, name }) => (
          <option key={tag} value={tag}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}

interface SwitchProps {
  label: string;
  hint: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

function Switch({ label, hint, checked, onChange }: SwitchProps) {
  const id = useId();
  return (
    <label className="flex items-start gap-3 py-2">
      <span className="min-w-0 flex-1">
        <span className="block font-medium">{label}</span>
        <span id={id} className="block text-muted text-sm">
          {hint}
        </span>
      </span>
      <input
        type="checkbox"
        role="switch"
        aria-checked={checked}
        checked={checked}
        aria-describedby={id}
        onChange={(event) => onChange(event.target.checked)}
        className="relative mt-0.5 h-6.5 w-11 shrink-0 appearance-none rounded-full bg-control transition-colors before:absolute before:top-0.75 before:left-0.75 before:size-5 before:rounded-full before:bg-surface before:transition-transform checked:bg-accent checked:before:translate-x-4.5"
      />
    </label>
  );
}

export function Settings() {
  const { enterSends, singleKeys } = usePreference((preferences) => preferences);
  return (
    <>
      <Section title={t('profile.appearance')}>
        <div className="space-y-5">
          <ThemeChoice />
          <LanguageChoice />
        </div>
      </Section>
      <Section title={t('profile.writing')}>
        <Switch
          label={t('profile.enterSends')}
          hint={t('profile.enterSendsHint')}
          checked={enterSends}
          onChange={(checked) => setPreference({ enterSends: checked })}
        />
        <Switch
          label={t('profile.singleKeys')}
          hint={t('profile.singleKeysHint')}
          checked={singleKeys}
          onChange={(checked) => setPreference({ singleKeys: checked })}
        />
      </Section>
    </>
  );
}
