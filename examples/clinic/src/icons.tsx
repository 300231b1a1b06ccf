// The clinic's icons, drawn inline so that they take the colour of the text around them.
import type { ReactNode } from 'react';

const paths = {
  clinic: <path d="M12 5v14M5 12h14" />,
  send: <path d="M4 12 20 4l-5 16-3.5-6.5L4 12Zm7.5 1.500L20 4" />,
  attach: (
    <path d="m20 11-8.5 8.500a5 5 0 0 1-7-7L13 4a3.4 3.4 0 0 1 4.8 4.800l-8.4 8.400a1.7 1.7 0 0 1-2.4-2.400l7.7-7.7" />
  ),
  microphone: <path d="M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3ZM6 11a6 6 0 0 0 12 0M12 17v4M9 21h6" />,
  close: <path d="m6 6 12 12M18 6 6 18" />,
  back: <path d="m14 6-6 6 6 6" />,
  down: <path d="M12 5v14m-6-6 6 6 6-6" />,
  check: <path d="m5 13 4.5 4.500L19 7" />,
  checks: <path d="m2 13 4.5 4.500L15 8M11.5 16l1.5 1.500L22 8" />,
  clock: <path d="M12 7v5l3 2M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18Z" />,
  alert: <path d="M12 8v5m0 3.500v.1M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18Z" />,
  file: <path d="M14 3H7a1 1 0 0 0-1 1v16a1 1 0 0 0 1 1h10a1 1 0 0 0 1-1V7l-4-4Zm0 0v4h4" />,
  sun: (
    <path d="M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8ZM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.5 1.500M17.5 17.5 19 19M19 5l-1.5 1.500M6.5 17.5 5 19" />
  ),
  moon: <path d="M20 14.500A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.500Z" />,
  leave: <path d="M14 4h5v16h-5M4 12h11m-4-4 4 4-4 4" />,
  edit: <path d="m4 20 1-4L16 5l3 3L8 19l-4 1Z" />,
  remove: <path d="M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13" />,
  bell: <path d="M6 10a6 6 0 0 1 12 0c0 6 2 7 2 7H4s2-1 2-7ZM10 20.5a2 2 0 0 0 4 0" />,
  bellOff: <path d="M6 10a6 6 0 0 1 12 0c0 6 2 7 2 7H4s2-1 2-7ZM10 20.5a2 2 0 0 0 4 0M4 4l16 16" />,
  open: <path d="M14 4h6v6M20 4l-9 9M18 14v6H4V6h6" />,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof paths;

/** Decoration: whatever it stands in has a name of its own. */
export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg
      className="icon"
      viewBox="0 0 24 24"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {paths[name]}
    </svg>
  );
}
