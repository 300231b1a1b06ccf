// The modules of a QR code as one path of an SVG: runs of dark modules, row by row.

export function qrPath(rows: readonly (readonly boolean[])[]): { size: number; path: string } {
  const path = rows
    .flatMap((row, y) =>
      row.flatMap((isDark, x) => {
        if (!isDark || row[x - 1] === true) return [];
        const end = row.indexOf(false, x);
        const width = (end === -1 ? row.length : end) - x;
        return [`M${x} ${y}h${width}v1h-${width}z`];
      }),
    )
    .join('');
  return { size: rows.length, path };
}
