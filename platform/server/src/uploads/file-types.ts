// The types of files that have a name of their own here: their extensions, and what their content is
// recognized as. Which of them an app takes: rules.ts.

interface FileTypeRow {
  extensions: readonly string[];
  /** The library's name for content of this type, where that is not the type itself. */
  recognizedAs?: readonly string[];
  /** Text: its content is recognized by being UTF-8 without control characters. */
  isText?: true;
  /** Text that spreadsheets and mail programs also write in the encoding of their country, or in UTF-16. */
  isOfAnyEncoding?: true;
  /** For a container that holds many types: one of these stands in the first part of the content. */
  marks?: readonly string[];
  /**
   * A browser may show or play it in place: it can hold no script, and nothing that looks like a page of
   * ours.
   */
  isInline?: true;
}

const zip = { recognizedAs: ['application/zip'] };
const compound = { recognizedAs: ['application/x-cfb'] };
const openXml = 'application/vnd.openxmlformats-officedocument';

export const fileTypes: ReadonlyMap<string, FileTypeRow> = tableOf({
  'image/png': { extensions: ['png'], recognizedAs: ['image/apng'], isInline: true },
  'image/jpeg': { extensions: ['jpg', 'jpeg', 'jfif'], isInline: true },
  'image/gif': { extensions: ['gif'], isInline: true },
  'image/webp': { extensions: ['webp'], isInline: true },
  'image/avif': { extensions: ['avif'], isInline: true },
  'image/heic': { extensions: ['heic', 'heif'], recognizedAs: ['image/heif'], isInline: true },
  'image/bmp': { extensions: ['bmp'], isInline: true },
  'image/tiff': { extensions: ['tif', 'tiff'] },
  'image/svg+xml': { extensions: ['svg'], isText: true },
  'audio/mpeg': { extensions: ['mp3'], isInline: true },
  'audio/mp4': { extensions: ['m4a', 'mp4'], recognizedAs: ['audio/x-m4a', 'video/mp4'], isInline: true },
  'audio/aac': { extensions: ['aac'], isInline: true },
  'audio/ogg': { extensions: ['ogg', 'oga', 'opus'], recognizedAs: ['audio/ogg; codecs=opus'], isInline: true },
  'audio/webm': { extensions: ['webm', 'weba'], recognizedAs: ['video/webm'], isInline: true },
  'audio/wav': { extensions: ['wav'], isInline: true },
  'audio/flac': { extensions: ['flac'], isInline: true },
  'audio/amr': { extensions: ['amr'], isInline: true },
  'audio/3gpp': { extensions: ['3gp'], recognizedAs: ['video/3gpp'], isInline: true },
  'video/mp4': { extensions: ['mp4', 'm4v'], recognizedAs: ['video/x-m4v'] },
  'video/quicktime': { extensions: ['mov'] },
  'video/webm': { extensions: ['webm'] },
  'video/3gpp': { extensions: ['3gp'] },
  'application/pdf': { extensions: ['pdf'] },
  'application/zip': { extensions: ['zip'] },
  'application/x-7z-compressed': { extensions: ['7z'] },
  'application/x-rar-compressed': { extensions: ['rar'] },
  'application/gzip': { extensions: ['gz', 'tgz'] },
  'application/rtf': { extensions: ['rtf'] },
  'application/msword': { extensions: ['doc'], ...compound },
  'application/vnd.ms-excel': { extensions: ['xls'], ...compound },
  'application/vnd.ms-powerpoint': { extensions: ['ppt'], ...compound },
  [`${openXml}.wordprocessingml.document`]: { extensions: ['docx'], ...zip, marks: ['word/'] },
  [`${openXml}.spreadsheetml.sheet`]: { extensions: ['xlsx'], ...zip, marks: ['xl/'] },
  [`${openXml}.presentationml.presentation`]: { extensions: ['pptx'], ...zip, marks: ['ppt/'] },
  'application/vnd.oasis.opendocument.text': { extensions: ['odt'] },
  'application/vnd.oasis.opendocument.spreadsheet': { extensions: ['ods'] },
  'application/vnd.oasis.opendocument.presentation': { extensions: ['odp'] },
  'text/plain': { extensions: ['txt', 'log'], isText: true, isOfAnyEncoding: true },
  'text/csv': { extensions: ['csv'], isText: true, isOfAnyEncoding: true },
  'text/markdown': { extensions: ['md'], isText: true, isOfAnyEncoding: true },
  'text/html': { extensions: ['html', 'htm', 'xhtml'], isText: true },
  'text/calendar': { extensions: ['ics'], isText: true, isOfAnyEncoding: true },
  'text/vcard': { extensions: ['vcf'], isText: true, isOfAnyEncoding: true },
  'text/javascript': { extensions: ['js', 'mjs'], isText: true },
  'application/json': { extensions: ['json'], isText: true },
  'application/xml': { extensions: ['xml'], isText: true },
});

/** Other names that browsers and systems give these types. */
export const otherNames: ReadonlyMap<string, string> = tableOf({
  'image/jpg': 'image/jpeg',
  'image/heif': 'image/heic',
  'image/apng': 'image/png',
  'image/x-ms-bmp': 'image/bmp',
  'audio/mp3': 'audio/mpeg',
  'audio/m4a': 'audio/mp4',
  'audio/x-m4a': 'audio/mp4',
  'audio/x-wav': 'audio/wav',
  'audio/wave': 'audio/wav',
  'audio/x-aac': 'audio/aac',
  'audio/opus': 'audio/ogg',
  'audio/x-flac': 'audio/flac',
  'application/x-zip-compressed': 'application/zip',
  'application/x-gzip': 'application/gzip',
  'application/vnd.rar': 'application/x-rar-compressed',
  'application/x-rar': 'application/x-rar-compressed',
  'application/csv': 'text/csv',
  'text/rtf': 'application/rtf',
  'text/x-markdown': 'text/markdown',
  'text/xml': 'application/xml',
  'application/javascript': 'text/javascript',
});

/**
 * The types that a name with this extension (without the dot) may have; empty for one that is not in the
 * table.
 */
export function typesOfExtension(extension: string): readonly string[] {
  const wanted = extension.toLowerCase();
  return [...fileTypes].flatMap(([type, { extensions }]) => (extensions.includes(wanted) ? [type] : []));
}

/** The type for the header of an answer: of text that may be in any encoding only its reader can say which. */
export function contentTypeOf(type: string): string {
  return type.startsWith('text/') && fileTypes.get(type)?.isOfAnyEncoding !== true ? `${type}; charset=utf-8` : type;
}

/** Whether a browser may show it in place. Everything else is a download, whatever it is called. */
export function isInlineType(type: string): boolean {
  return fileTypes.get(type)?.isInline === true;
}

function tableOf<T>(rows: Readonly<Record<string, T>>): ReadonlyMap<string, T> {
  return new Map(Object.entries(rows));
}
