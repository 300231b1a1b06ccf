// The language: chosen here, else the browser's. The words: texts.ts.
import { createContext, useContext, useEffect, useMemo, type ReactNode } from 'react';
import { useStored } from './stored.ts';
import { languages, type Language, type Texts } from './texts.ts';

interface LanguageState {
  language: Language;
  setLanguage: (language: Language) => void;
  texts: Texts;
  /** For dates and times: the browser's own kind of the language that is shown. */
  locale: string;
}

const LanguageContext = createContext<LanguageState | undefined>(undefined);

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useStored<Language>('clinic.language', {
    allowed: ['en', 'zh'],
    otherwise: navigator.language.startsWith('zh') ? 'zh' : 'en',
  });
  const state = useMemo(
    () => ({
      language,
      setLanguage,
      texts: languages[language],
      locale: navigator.languages.find((one) => one.startsWith(language)) ?? language,
    }),
    [language, setLanguage],
  );
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    document.title = languages[language].clinic;
  }, [language]);
  return <LanguageContext value={state}>{children}</LanguageContext>;
}

export function useLanguage(): LanguageState {
  const state = useContext(LanguageContext);
  if (state === undefined) throw new Error('useLanguage outside of LanguageProvider');
  return state;
}

export function useTexts(): Texts {
  return useLanguage().texts;
}
