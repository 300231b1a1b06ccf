// Whether something is typed on the page that is not saved: then nothing may load it anew.

const forms = new Set<symbol>();

/** Until the returned function is called. */
export function markUnsaved(): () => void {
  const form = Symbol('form');
  forms.add(form);
  return () => void forms.delete(form);
}

export function isUnsaved(): boolean {
  return forms.size > 0;
}
