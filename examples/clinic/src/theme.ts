// Light or dark: chosen here, else as the system has it. The colours themselves are in styles/base.css.
import { useEffect, useSyncExternalStore } from 'react';
import { useStored } from './stored.ts';

export type Theme = 'light' | 'dark';

const system = matchMedia('(prefers-color-scheme: dark)');

export function useTheme(): [Theme, (theme: Theme) => void] {
  const [chosen, setChosen] = useStored<Theme | 'system'>('clinic.theme', {
    allowed: ['light', 'dark', 'system'],
    otherwise: 'system',
  });
  const isSystemDark = useSyncExternalStore(onSystemChange, () => system.matches);
  const theme = chosen === 'system' ? (isSystemDark ? 'dark' : 'light') : chosen;
  useEffect(() => {
    document.documentElement.style.colorScheme = theme;
  }, [theme]);
  return [theme, setChosen];
}

function onSystemChange(listen: () => void): () => void {
  system.addEventListener('change', listen);
  return () => system.removeEventListener('change', listen);
}
